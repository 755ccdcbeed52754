// What is wrong with axes once they meet the scenario.

#include "sim/sweep/check_points.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/sweep/toy_sweep.h"

namespace biotope {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::string ProblemsOf(const std::string& axes) {
  Scenario scenario;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"(block_device { queue { scheduler { deadline {} } } scsi {} }
         process { name: "reader" fio { filename: "/a" } })",
      &scenario));
  const SweepFile file = SweepFile::FromText("toy.textproto", SweepText(axes));
  const Expansion expansion = ExpandSweep(file, ReservedColumns());
  const auto problems = CheckPoints(file.sweep(), expansion, scenario);
  return problems.empty() ? "" : file.Format(problems);
}

TEST(CheckPointsTest, AGoodSweepHasNoProblems) {
  EXPECT_THAT(ProblemsOf(R"(set: "process[name=reader].fio.direct=1"
    axis { choice { field: "block_device.queue.scheduler" option { value: "noop" }
      option { value: "deadline" axis { list {
        field: "block_device.queue.scheduler.deadline.fifo_batch" value: ["1", "2"] } } } } }
    axis { list { field: "process[name=reader].fio.bs" value: ["4k", "8k"] } }
    axis { list { field: "block_device.queue.nr_requests" value: ["4", "8"] } })"),
              IsEmpty());
}

TEST(CheckPointsTest, AWrongValueIsShownAtItsPlaceOnce) {
  const std::string problems = ProblemsOf(R"(axis { list {
  field: "block_device.queue.scheduler"
  value: ["noop",
          "deadlin"]
} }
seeds { count: 3 })");
  EXPECT_THAT(problems, HasSubstr("did you mean \"deadline\"?"));
  EXPECT_THAT(problems, HasSubstr("toy.textproto:"));
  EXPECT_EQ(problems.find("error:"), problems.rfind("error:"));
}

TEST(CheckPointsTest, AWrongPathIsShownAtTheField) {
  EXPECT_THAT(ProblemsOf(R"(axis { list { field: "process[name=writer].fio.bs" value: "4k" } })"),
              HasSubstr("toy.textproto:3:15: error: process has no entry with name \"writer\""));
}

TEST(CheckPointsTest, AnAxisMustNotUndoAnother) {
  EXPECT_THAT(ProblemsOf(R"(
    axis { list { field: "block_device.queue.scheduler" value: ["noop", "deadline"] } }
    axis { list { field: "block_device.queue.scheduler.deadline.fifo_batch" value: "1" } })"),
              HasSubstr("would undo block_device.queue.scheduler=noop"));
  EXPECT_THAT(ProblemsOf(R"(
    axis { list { field: "process[0].fio.bs" value: "4k" } }
    axis { list { field: "process[name=reader].fio.bs" name: "b" value: "4k" } })"),
              HasSubstr("would undo process[0].fio.bs=4k"));
  EXPECT_THAT(ProblemsOf(R"(
    axis { list { field: "seed" name: "s" value: "4" } } seeds { count: 2 })"),
              HasSubstr("the sweep has `seeds`"));
}

TEST(CheckPointsTest, CommonSettingsAreCheckedFirst) {
  EXPECT_THAT(ProblemsOf(R"(set: "process[0].fio.direct"
    axis { list { field: "process[0].fio.bs" value: "4k" } })"),
              HasSubstr("expected \"PATH=VALUE\""));
  EXPECT_THAT(ProblemsOf(R"(set: "process[0].fio.direkt=1"
    axis { list { field: "process[0].fio.bs" value: "4k" } })"),
              HasSubstr("did you mean \"direct\"?"));
}

TEST(CoveringPointsTest, HaveEveryValue) {
  const Expansion expansion = Expanded(std::string(kToyAxes));
  // Points 0, 2 and 4 have the three depths; each further size needs one point.
  EXPECT_THAT(CoveringPoints(expansion, 100), testing::ElementsAre(0, 2, 4, 6, 12, 18));
  EXPECT_THAT(CoveringPoints(expansion, 2), testing::ElementsAre(0, 6));
}

}  // namespace
}  // namespace biotope
