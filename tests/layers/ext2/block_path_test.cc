#include "layers/ext2/block_path.h"

#include <gtest/gtest.h>

#include <array>

namespace biotope {
namespace {

TEST(BlockPathTest, EveryLevelBeginsAndEndsWhereExt2HasIt) {
  // With blocks of 1 KiB an indirect block has 256 pointers.
  constexpr uint32_t kP = 256;
  constexpr uint64_t kDouble = 12 + 256, kTriple = kDouble + 256 * 256;
  const struct {
    uint64_t logical;
    uint32_t depth;
    std::array<uint32_t, 4> offsets;
    bool boundary;
  } cases[] = {
      {0, 1, {0}, false},
      {10, 1, {10}, false},
      {11, 1, {11}, true},
      {12, 2, {12, 0}, false},
      {12 + 254, 2, {12, 254}, false},
      {12 + 255, 2, {12, 255}, true},
      {kDouble, 3, {13, 0, 0}, false},
      {kDouble + 255, 3, {13, 0, 255}, true},
      {kDouble + 256, 3, {13, 1, 0}, false},
      {kTriple - 1, 3, {13, 255, 255}, true},
      {kTriple, 4, {14, 0, 0, 0}, false},
      {kTriple + 256 * 256 + 511, 4, {14, 1, 1, 255}, true},
      {kTriple + 256ull * 256 * 256 - 1, 4, {14, 255, 255, 255}, true},
      {kTriple + 256ull * 256 * 256, 0, {}, false},
  };
  for (const auto& expected : cases) {
    SCOPED_TRACE(expected.logical);
    const BlockPath path = BlockToPath(BlockNr(expected.logical), kP);
    EXPECT_EQ(path.depth, expected.depth);
    if (expected.depth == 0) continue;
    for (uint32_t i = 0; i < path.depth; ++i) EXPECT_EQ(path.offsets[i], expected.offsets[i]);
    EXPECT_EQ(path.boundary, expected.boundary);
  }
}

TEST(BlockPathTest, TheLargestFile) {
  EXPECT_EQ(MaxMappableBlocks(256), 12 + 256 + 256 * 256 + 256ull * 256 * 256);
  EXPECT_EQ(BlockToPath(BlockNr(MaxMappableBlocks(1024)), 1024).depth, 0u);
  EXPECT_EQ(BlockToPath(BlockNr(MaxMappableBlocks(1024) - 1), 1024).depth, 4u);
}

}  // namespace
}  // namespace biotope
