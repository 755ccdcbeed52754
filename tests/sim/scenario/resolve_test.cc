#include "sim/scenario/resolve.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

Scenario Resolved(const std::string& text, const std::vector<std::string>& sets = {}) {
  return LoadText(text, sets).resolved();
}

TEST(ResolveTest, FillsTheDefaultsOfTheSchema) {
  const Scenario scenario = Resolved(std::string(kGoodScenario));
  EXPECT_EQ(scenario.seed(), 1u);
  EXPECT_EQ(scenario.machine().cores(), 1u);
  EXPECT_EQ(scenario.machine().memory(), "256m");
  EXPECT_EQ(scenario.block_device().queue().nr_requests(), 128u);
  EXPECT_EQ(scenario.block_device().scsi().queue_depth(), 16u);
  EXPECT_EQ(scenario.filesystem().mount_point(), "/");
  EXPECT_EQ(scenario.filesystem().synthesize().block_size(), 4096u);
  const FioJob& fio = scenario.process(0).fio();
  EXPECT_EQ(fio.bs(), "4k");
  EXPECT_EQ(fio.ioengine(), FioJob::PSYNC);
  EXPECT_EQ(fio.iodepth(), 1u);
  EXPECT_TRUE(fio.has_direct());
  // These have no value that stands for "not given".
  EXPECT_FALSE(fio.has_runtime());
  EXPECT_FALSE(fio.has_size());
  const Script& script = scenario.process(1).script();
  EXPECT_EQ(script.call(1).read().fd(), "fd");
  EXPECT_EQ(script.call(1).read().repeat(), 1u);
  EXPECT_EQ(script.repeat(), 1u);
}

TEST(ResolveTest, FillsWhatFollowsFromOtherFields) {
  const Scenario scenario = Resolved(Edited("  name: \"calls\"\n", ""));
  EXPECT_EQ(scenario.title(), "s");
  EXPECT_EQ(scenario.process(0).name(), "reader");
  EXPECT_EQ(scenario.process(1).name(), "process1");
  EXPECT_EQ(scenario.block_device().name(), "sda");
  EXPECT_TRUE(scenario.block_device().queue().scheduler().has_deadline());
  EXPECT_EQ(scenario.block_device().queue().scheduler().deadline().fifo_batch(), 16u);
  EXPECT_EQ(scenario.block_device().queue().max_sectors_kb(), 512u);
}

TEST(ResolveTest, TheDriverDecidesNameAndLargestRequest) {
  const Scenario ide = Resolved(Edited("scsi {}", "ide {}"));
  EXPECT_EQ(ide.block_device().name(), "hda");
  EXPECT_TRUE(ide.block_device().ide().lba48());
  EXPECT_EQ(ide.block_device().queue().max_sectors_kb(), 1024u);
  const Scenario lba28 = Resolved(Edited("scsi {}", "ide { lba48: false }"));
  EXPECT_EQ(lba28.block_device().queue().max_sectors_kb(), 128u);
  const Scenario scsi = Resolved(Edited("scsi {}", "scsi { max_sectors: 256 } name: \"sdb\""));
  EXPECT_EQ(scsi.block_device().name(), "sdb");
  EXPECT_EQ(scsi.block_device().queue().max_sectors_kb(), 128u);
}

TEST(ResolveTest, TheSchedulerIsTheKernelsUnlessItIsGiven) {
  const std::string text =
      Edited(R"(profile: "test-1.0")", R"(profile: "test-1.0" default_scheduler: "noop")");
  EXPECT_TRUE(Resolved(text).block_device().queue().scheduler().has_noop());
  const Scenario set = Resolved(text, {"block_device.queue.scheduler=deadline"});
  EXPECT_EQ(set.block_device().queue().scheduler().deadline().read_expire(), 500u);
}

TEST(ResolveTest, BareTimesGetTheirUnit) {
  const Scenario scenario =
      Resolved(Edited("rw: RANDREAD", R"(runtime: "10" thinktime: "50" ramp_time: "0")"));
  EXPECT_EQ(scenario.process(0).fio().runtime(), "10s");
  EXPECT_EQ(scenario.process(0).fio().thinktime(), "50us");
  EXPECT_EQ(scenario.process(0).fio().ramp_time(), "0");
}

// Printing and loading a resolved scenario gives the same scenario, and the same text.
TEST(ResolveTest, IsIdempotent) {
  const std::string texts[] = {
      std::string(kGoodScenario),
      Edited("scsi {}", "ide {}"),
      Edited("schema_version: 1", "schema_version: 1 title: \"\\\"quoted\\\" 日本語 \\t\""),
      Edited("  name: \"calls\"\n", ""),
      Edited(R"(profile: "test-1.0")",
             R"(profile: "test-1.0" schedulers: "noop" default_scheduler: "noop"
                cost { function: "vfs_read" cycles: 9 })"),
      Edited("rw: RANDREAD", R"(rw: READ runtime: "10" thinktime: "7" size: "64k" number_ios: 3)"),
      Edited(R"(profile: "flat")", R"(fixed_latency { service_ns: 7 capacity_sectors: 900000 })"),
  };
  for (const std::string& text : texts) {
    const ScenarioFile once = LoadText(text);
    const std::string printed = once.ResolvedText(".");
    const ScenarioFile twice =
        ScenarioFile::FromText("elsewhere.textproto", printed, {}, TestProfiles());
    EXPECT_EQ(once.resolved().SerializeAsString(), twice.resolved().SerializeAsString()) << printed;
    EXPECT_EQ(twice.ResolvedText("."), printed);
  }
}

TEST(ResolveTest, AScenarioWithoutAnythingIsLeftToValidate) {
  Scenario scenario;
  FillDefaults("t", &scenario);
  EXPECT_EQ(scenario.title(), "t");
  EXPECT_EQ(scenario.seed(), 1u);
  EXPECT_FALSE(scenario.has_schema_version());
  EXPECT_FALSE(scenario.has_kernel());
  EXPECT_FALSE(scenario.has_block_device());
  EXPECT_EQ(LargestRequest(scenario.block_device()), Sector(0));
}

}  // namespace
}  // namespace biotope
