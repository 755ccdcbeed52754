// Whose directory it is, and what may be done with it.

#include "sim/sweep/sweep_directory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/sweep/toy_sweep.h"

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Why `run` cannot continue what is at `path`; "" if it can.
std::string Refusal(const std::string& path, const SweepRun& run, bool resume = true) {
  try {
    SweepDirectory directory(path, run, resume);
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

class SweepDirectoryTest : public testing::Test {
 protected:
  SweepDirectoryTest() { SweepDirectory made(path_, ToyRun(), false); }

  TemporaryDirectory temporary_;
  const std::string path_ = temporary_ / "sweep";
};

TEST_F(SweepDirectoryTest, IsContinuedOnlyWhenAsked) {
  EXPECT_THAT(Refusal(path_, ToyRun(), false), HasSubstr("holds a sweep already; --resume"));
  EXPECT_EQ(Refusal(path_, ToyRun()), "");
  EXPECT_EQ(Refusal(temporary_ / "new", ToyRun()), "");
}

TEST_F(SweepDirectoryTest, CommentsMakeNoOtherSweep) {
  EXPECT_EQ(Refusal(path_, ToyRun(std::string(kToyAxes) + "# the same\n")), "");
}

TEST_F(SweepDirectoryTest, SaysWhatIsDifferent) {
  const std::string bs = R"(axis { list { field: "process[name=reader].fio.bs" value: ["4k", "8k",
    "16k", "64k"] } })";
  const std::string depth = R"(axis { range { field: "process[name=reader].fio.iodepth" from: "1"
    to: "3" count: 3 } })";
  EXPECT_THAT(Refusal(path_, ToyRun(bs + " seeds { count: 2 first: 7 }")),
              HasSubstr("it has an axis iodepth"));
  EXPECT_THAT(Refusal(path_, ToyRun(bs + depth + " seeds { count: 3 first: 7 }")),
              HasSubstr("it has 24 points, this sweep 36"));
  EXPECT_THAT(Refusal(path_, ToyRun(bs + depth + " seeds { count: 2 first: 8 }")),
              HasSubstr("point 0 has seed=7 there and seed=8 here"));
  SweepRun run = ToyRun();
  run.plan.mutable_input(0)->set_sha256("1");
  EXPECT_THAT(Refusal(path_, run), HasSubstr("s.textproto has changed since"));
  run = ToyRun();
  run.plan.set_version("2");
  EXPECT_THAT(Refusal(path_, run), HasSubstr("it was made by biotope 1"));
  run = ToyRun();
  run.plan.set_shard("1/4");
  EXPECT_THAT(Refusal(path_, run), HasSubstr("it is for all points, this is for shard 1/4"));
}

TEST_F(SweepDirectoryTest, HasOneOwnerAtATime) {
  const SweepDirectory owner(path_, ToyRun(), true);
  EXPECT_THAT(Refusal(path_, ToyRun()), HasSubstr("another sweep is at work in it"));
}

TEST_F(SweepDirectoryTest, LeavesOtherDirectoriesAlone) {
  std::filesystem::create_directory(temporary_ / "other");
  std::ofstream(temporary_ / "other/thesis.tex") << "x";
  EXPECT_THAT(Refusal(temporary_ / "other", ToyRun()), HasSubstr("not empty and holds no sweep"));
  EXPECT_EQ(Tree(temporary_ / "other").size(), 1u);
}

TEST_F(SweepDirectoryTest, ACreationThatWasKilledBeginsAgain) {
  std::filesystem::create_directories(temporary_ / "half/points");
  std::ofstream(temporary_ / "half/sweep.textproto") << "sch";
  EXPECT_EQ(Refusal(temporary_ / "half", ToyRun()), "");
  EXPECT_EQ(Tree(temporary_ / "half"), Tree(path_));
}

TEST_F(SweepDirectoryTest, RemovesWhatAKilledProcessHasLeft) {
  std::filesystem::create_directories(path_ + "/points/000003.tmp-99");
  std::ofstream(path_ + "/sweep.csv.tmp-99") << "x";
  const SweepDirectory directory(path_, ToyRun(), true);
  EXPECT_EQ(Tree(path_).size(), 3u);  // points, plan, sweep
}

TEST_F(SweepDirectoryTest, KnowsWhatIsMissing) {
  std::filesystem::create_directories(path_ + "/points/000001");
  std::filesystem::create_directories(path_ + "/failed/000004");
  const SweepDirectory directory(path_, ToyRun(), true);
  EXPECT_THAT(directory.Missing(6, Shard()), ElementsAre(0, 2, 3, 5));
  EXPECT_THAT(directory.Missing(6, Shard::Parse("1/3")), ElementsAre());
  EXPECT_THAT(directory.Missing(6, Shard::Parse("2/3")), ElementsAre(2, 5));
}

TEST(ShardTest, IsIOfN) {
  EXPECT_EQ(Shard::Parse("3/4").Text(), "3/4");
  for (const char* text : {"", "1", "1/", "/2", "4/4", "-1/2", "1/0", "1/2x", "a/b"}) {
    EXPECT_THROW(Shard::Parse(text), Error) << text;
  }
}

TEST(SweepDirectoryPathTest, AnUnwritableParentIsToldAsSuch) {
  EXPECT_THAT(Refusal("/proc/sweep", ToyRun()), HasSubstr("/proc/sweep: "));
}

}  // namespace
}  // namespace biotope
