// The tables of a sweep, and the joining of shards.

#include "sim/sweep/write_results.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <string>
#include <vector>

#include "sim/sweep/csv.h"
#include "sim/sweep/merge.h"
#include "sim/sweep/summary_text.h"
#include "tests/sim/sweep/toy_sweep.h"

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr uint32_t kPoints = 24;

// Runs the points of a shard, here and now; point 5 fails.
void RunShard(const SweepDirectory& directory, const Shard& shard) {
  for (const uint32_t point : directory.Missing(kPoints, shard)) {
    RunPoint(directory, point, [](uint32_t number) -> PointProduct {
      if (number == 5) throw SimulationError("no");
      return ToyProduct(number);
    });
  }
}

std::vector<std::string> Lines(const std::string& text) {
  std::vector<std::string> lines;
  std::stringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The rows of a query, cells joined by '|'.
std::vector<std::string> Query(const std::string& path, const std::string& query) {
  sqlite3* database = nullptr;
  EXPECT_EQ(sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr), SQLITE_OK);
  std::vector<std::string> rows;
  const auto add = [](void* to, int count, char** cells, char**) {
    std::string row;
    for (int i = 0; i < count; ++i) {
      row += (i > 0 ? "|" : "") + std::string(cells[i] == nullptr ? "NULL" : cells[i]);
    }
    static_cast<std::vector<std::string>*>(to)->push_back(row);
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(database, query.c_str(), add, &rows, nullptr), SQLITE_OK) << query;
  sqlite3_close(database);
  return rows;
}

class WriteResultsTest : public testing::Test {
 protected:
  WriteResultsTest() : directory_(path_, run_, false) {
    RunShard(directory_, Shard());
    summary_ = WriteResults(directory_, run_);
  }

  TemporaryDirectory temporary_;
  const std::string path_ = temporary_ / "sweep";
  const SweepRun run_ = ToyRun();
  SweepDirectory directory_;
  SweepSummary summary_;
};

TEST_F(WriteResultsTest, OneRowPerPointProcessAndDirection) {
  const std::vector<std::string> lines = Lines(Contents(path_ + "/sweep.csv"));
  ASSERT_EQ(lines.size(), kPoints);  // the heading, and all but the failed one
  EXPECT_THAT(lines[0], testing::StartsWith("point,bs,iodepth,seed,process,direction,ios,bytes,"
                                            "runtime_s,iops,bw_bytes_per_s,lat_mean_ns"));
  EXPECT_THAT(lines[1], testing::StartsWith("0,4096,1,7,reader,read,100,409600,2,50,204800,50,"));
  EXPECT_THAT(lines[2], testing::StartsWith("1,4096,1,8,reader,read,101,413696,2,50.5,206848,"
                                            "50.3333333,"));
  EXPECT_THAT(lines[0], HasSubstr("device_util"));
  EXPECT_THAT(lines[0], testing::EndsWith("share_disk"));
  EXPECT_THAT(lines[1], testing::EndsWith(",0.75"));
}

TEST_F(WriteResultsTest, IntervalsOverSeeds) {
  // Points 0 and 1: 50 and 50.5 IOPS; t(1) = 12.706.
  EXPECT_THAT(Contents(path_ + "/sweep_intervals.csv"),
              HasSubstr("4096,1,reader,read,iops,2,50.25,0.353553391,47.0734488,53.4265512\n"));
  // Of the setting of points 4 and 5, the first alone is there.
  EXPECT_THAT(Contents(path_ + "/sweep_intervals.csv"),
              HasSubstr("4096,3,reader,read,iops,1,52,,,\n"));
  ASSERT_EQ(summary_.settings.size(), 12u);
  EXPECT_DOUBLE_EQ(summary_.settings[0].iops.mean, 50.25);
}

TEST_F(WriteResultsTest, TheDatabaseHasTheSameAndTheHistograms) {
  const std::string path = path_ + "/sweep.sqlite";
  EXPECT_THAT(Query(path, "SELECT bs, iodepth, seed, iops FROM result WHERE point = 3"),
              ElementsAre("4096|2|8|51.5"));
  EXPECT_THAT(Query(path, "SELECT typeof(bs), typeof(iops), typeof(process) FROM result LIMIT 1"),
              ElementsAre("integer|integer|text"));
  EXPECT_THAT(Query(path, "SELECT latency_ns, count FROM histogram WHERE point = 3"),
              ElementsAre("50|102", "90|1"));
  EXPECT_THAT(Query(path, "SELECT status, count(*) FROM point GROUP BY status"),
              ElementsAre("failed|1", "finished|23"));
  EXPECT_THAT(Query(path, "SELECT point, log FROM failure"), ElementsAre("5|no\n"));
  EXPECT_THAT(Query(path, "SELECT n, mean FROM interval WHERE metric = 'iops' LIMIT 1"),
              ElementsAre("2|50.25"));
  EXPECT_THAT(Query(path, "PRAGMA integrity_check"), ElementsAre("ok"));
}

TEST_F(WriteResultsTest, TheSummaryNamesWhatFailed) {
  const std::string text = SweepSummaryText(run_, summary_);
  EXPECT_THAT(text, HasSubstr("50.25 ±3.2"));
  EXPECT_THAT(text, HasSubstr("23 of 24 points are finished"));
  EXPECT_THAT(text, HasSubstr("FAILED: 1 points (failed/*/log.txt): 5"));
}

TEST_F(WriteResultsTest, ShardsJoinToTheSameBytes) {
  for (const uint32_t count : {2u, 3u, 8u}) {
    std::vector<std::string> shards;
    for (uint32_t i = 0; i < count; ++i) {
      const Shard shard{i, count};
      SweepRun run = ToyRun();
      run.plan.set_shard(shard.Text());
      shards.push_back(temporary_ / (std::to_string(count) + "-" + std::to_string(i)));
      RunShard(SweepDirectory(shards.back(), run, false), shard);
    }
    const std::string merged = temporary_ / ("merged" + std::to_string(count));
    const SweepRun common = CommonRun(shards);
    const SweepDirectory directory(merged, common, true);
    MergePoints(shards, common, directory);
    WriteResults(directory, common);
    EXPECT_EQ(Tree(path_), Tree(merged)) << count;
  }
}

TEST_F(WriteResultsTest, AMissingShardIsCounted) {
  SweepRun run = ToyRun();
  run.plan.set_shard("0/4");
  const std::string shard = temporary_ / "shard";
  RunShard(SweepDirectory(shard, run, false), Shard{0, 4});
  const SweepRun common = CommonRun({shard});
  const SweepDirectory directory(temporary_ / "merged", common, true);
  MergePoints({shard}, common, directory);
  const SweepSummary summary = WriteResults(directory, common);
  EXPECT_EQ(summary.finished, 6u);
  EXPECT_EQ(summary.missing.size(), 18u);
  EXPECT_THAT(SweepSummaryText(common, summary), HasSubstr("MISSING: 18 points: 1, 2, 3, 5"));
}

TEST_F(WriteResultsTest, ShardsOfOtherSweepsAreRefused) {
  SweepRun run = ToyRun();
  run.plan.mutable_input(0)->set_sha256("other");
  const std::string other = temporary_ / "other";
  SweepDirectory(other, run, false);
  EXPECT_THROW(CommonRun({path_, other}), ScenarioError);
}

TEST(CsvCellTest, IsQuotedIfItHasToBe) {
  EXPECT_EQ(CsvCell("4k"), "4k");
  EXPECT_EQ(CsvCell("{ deadline {} }, \"x\""), "\"{ deadline {} }, \"\"x\"\"\"");
}

}  // namespace
}  // namespace biotope
