#include "layers/page_cache/folio_mpage.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace biotope {
namespace {

using Driver = FolioMpage::Driver;
using Kind = FolioMpage::Step::Kind;

// Runs of a file: blocks in a row on the disk; physical block 0 is a hole.
struct Extent {
  uint64_t physical;
  uint64_t count;
  bool boundary = false;
};
using Folios = std::vector<std::pair<uint64_t, uint8_t>>;  // index, order

FolioMpage::Mapping Map(const std::vector<Extent>& runs, uint64_t block, uint64_t count) {
  for (const Extent& run : runs) {
    if (block >= run.count) {
      block -= run.count;
      continue;
    }
    if (run.physical == 0) return {};
    const uint64_t left = run.count - block;
    return {.count = std::min(left, count),
            .physical = BlockNr(run.physical + block),
            .boundary = run.boundary && left <= count};
  }
  return {.failed = true};
}

// What is done, in words: "m0,4": maps 4 blocks from block 0 on; "+100,4": adds 4 blocks to the
// bio; "s": submits it; "z": zeros; "b": reads by buffers; "f": fails.
std::string Steps(Driver driver, uint32_t blocks_per_page, const std::vector<Extent>& runs,
                  const Folios& folios, uint64_t end_block) {
  FolioMpage mpage(driver, blocks_per_page);
  std::string steps;
  for (const auto& [index, order] : folios) {
    auto step = mpage.BeginFolio(PageIndex(index), order, BlockNr(end_block));
    while (step.kind != Kind::kNextFolio) {
      if (!steps.empty()) steps += ' ';
      if (step.kind == Kind::kMap) {
        steps += fmt::format("m{},{}", step.block.value(), step.count);
        step = mpage.Mapped(Map(runs, step.block.value(), step.count));
        continue;
      }
      if (step.kind == Kind::kAddToBio) {
        steps += fmt::format("+{},{}", step.block.value(), step.count);
      } else {
        steps += step.kind == Kind::kSubmitBio     ? "s"
                 : step.kind == Kind::kZero        ? "z"
                 : step.kind == Kind::kReadBuffers ? "b"
                                                   : "f";
      }
      step = mpage.Next();
    }
  }
  return steps + (mpage.has_bio() ? " open" : "");
}

TEST(FolioMpage, OneMappingServesManyFolios) {
  EXPECT_EQ(Steps(Driver::kExt4, 1, {{100, 12}}, {{0, 0}, {1, 0}, {2, 1}}, 4),
            "m0,4 +100,1 +101,1 +102,2 open");
}

TEST(FolioMpage, ABioIsSentWhenTheNextFolioLiesElsewhere) {
  EXPECT_EQ(Steps(Driver::kExt4, 1, {{100, 2}, {200, 2}}, {{0, 0}, {1, 0}, {2, 0}, {3, 0}}, 4),
            "m0,4 +100,1 +101,1 m2,2 s +200,1 +201,1 open");
}

TEST(FolioMpage, RunsThatContinueOnTheDiskAreOneBio) {
  EXPECT_EQ(Steps(Driver::kExt4, 1, {{100, 1}, {101, 1}}, {{0, 0}, {1, 0}}, 2),
            "m0,2 +100,1 m1,1 +101,1 open");
}

TEST(FolioMpage, AtABoundaryOnlyMpageSendsTheBioFirst) {
  const std::vector<Extent> runs = {{100, 2, true}, {103, 2}};
  const Folios folios = {{0, 0}, {1, 0}, {2, 0}, {3, 0}};
  EXPECT_EQ(Steps(Driver::kMpage, 1, runs, folios, 4),
            "m0,4 +100,1 +101,1 s m2,2 +103,1 +104,1 open");
  EXPECT_EQ(Steps(Driver::kExt4, 1, runs, folios, 4),
            "m0,4 +100,1 +101,1 m2,2 s +103,1 +104,1 open");
}

TEST(FolioMpage, Ext4SendsItIfTheFolioHasMappedTheBoundaryItself) {
  const std::vector<Extent> runs = {{100, 4, true}, {105, 4}};
  EXPECT_EQ(Steps(Driver::kExt4, 4, runs, {{0, 0}, {1, 0}}, 8), "m0,8 +100,4 s m4,4 +105,4 open");
  EXPECT_EQ(Steps(Driver::kExt4, 1, runs, {{0, 1}, {2, 1}}, 4), "m0,4 +100,2 +102,2 open");
}

TEST(FolioMpage, AFolioInPiecesIsReadByBuffers) {
  EXPECT_EQ(Steps(Driver::kExt4, 4, {{100, 6}, {200, 6}}, {{0, 0}, {1, 0}, {2, 0}}, 12),
            "m0,12 +100,4 m6,6 s b +202,4 open");
  EXPECT_EQ(Steps(Driver::kExt4, 4, {{0, 2}, {200, 2}}, {{0, 0}}, 4), "m0,4 m1,3 m2,2 b");
  // Blocks behind a hole, wherever they lie.
  EXPECT_EQ(Steps(Driver::kExt4, 4, {{100, 4}, {0, 2}, {102, 2}}, {{0, 0}, {1, 0}}, 8),
            "m0,8 +100,4 m4,4 m5,3 m6,2 s b");
}

TEST(FolioMpage, HolesAndTheEndOfTheFile) {
  EXPECT_EQ(Steps(Driver::kExt4, 1, {{0, 2}}, {{0, 1}}, 2), "m0,2 m1,1 z");
  // A folio that ends with a hole ends the bio.
  EXPECT_EQ(Steps(Driver::kExt4, 4, {{100, 2}, {0, 2}}, {{0, 0}}, 4), "m0,4 m2,2 m3,1 +100,2 s");
  EXPECT_EQ(Steps(Driver::kExt4, 4, {{100, 5}}, {{0, 0}, {1, 0}}, 5), "m0,5 +100,4 +104,1 s");
  // A hole between two folios that are neighbours on the disk does not.
  EXPECT_EQ(Steps(Driver::kExt4, 1, {{100, 1}, {0, 1}, {101, 1}}, {{0, 0}, {1, 0}, {2, 0}}, 3),
            "m0,3 +100,1 m1,2 z m2,1 +101,1 open");
}

TEST(FolioMpage, WhenMetadataCannotBeRead) {
  EXPECT_EQ(Steps(Driver::kExt4, 1, {{100, 1}}, {{0, 0}, {1, 0}}, 2), "m0,2 +100,1 m1,1 f open");
  EXPECT_EQ(Steps(Driver::kMpage, 1, {{100, 1}}, {{0, 0}, {1, 0}}, 2), "m0,2 +100,1 m1,1 s b");
}

}  // namespace
}  // namespace biotope
