// What is handed to Slurm. A cluster that takes it: slurm_cluster_test.sh.

#include "sim/sweep/slurm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/sim/sweep/toy_sweep.h"

namespace biotope {
namespace {

using testing::HasSubstr;

TEST(SlurmScriptTest, RunsItsShardWhateverThePathsContain) {
  const std::string script = SlurmScript({"/opt/bio tope", "/users/o'neil/s.textproto", "/d", 8});
  EXPECT_THAT(script, testing::StartsWith("#!/bin/bash\n"));
  EXPECT_THAT(script, HasSubstr("exec '/opt/bio tope' -q sweep '/users/o'\\''neil/s.textproto'"));
  EXPECT_THAT(script, HasSubstr("--resume --shard \"$SLURM_ARRAY_TASK_ID/8\""));
  EXPECT_THAT(script, HasSubstr("-o '/d'/shards/\"$SLURM_ARRAY_TASK_ID\""));
}

TEST(ShardsForTest, StayWhatTheyWere) {
  TemporaryDirectory temporary;
  const std::string path = temporary / "sweep";
  EXPECT_EQ(ShardsFor(path, 3, 8), 3u);
  EXPECT_EQ(ShardsFor(path, 100, 8), 8u);
  SweepRun run = ToyRun();
  run.plan.set_shard("2/5");
  SweepDirectory(path + "/shards/2", run, false);
  EXPECT_EQ(ShardsFor(path, 100, 8), 5u);
}

TEST(PointsOfShardsTest, CountsWhatIsThere) {
  TemporaryDirectory temporary;
  for (const char* name :
       {"0/points/000000", "0/points/000004.tmp-7", "1/points/000001", "1/failed/000003"}) {
    std::filesystem::create_directories(temporary / ("sweep/shards/" + std::string(name)));
  }
  EXPECT_EQ(PointsOfShards(temporary / "sweep"), 3u);
  RemoveShards(temporary / "sweep");
  EXPECT_EQ(PointsOfShards(temporary / "sweep"), 0u);
}

}  // namespace
}  // namespace biotope
