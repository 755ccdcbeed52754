// Whole runs of small scenarios: what system calls return, how runs end.

#include "sim/world/world.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/core/error.h"
#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/trace/stream.h"
#include "sim/world/plan.h"

namespace biotope {
namespace {

std::string ScenarioWith(const std::string& script, const std::string& device = "") {
  return R"(schema_version: 1
kernel { profile: "linux-2.6.11" }
machine { cpu { profile: "pentium4-2.8" } }
block_device {
  scsi {}
  device { fixed_latency { service_ns: 1000000 capacity_sectors: 1000000 )" +
         device + R"( } }
}
filesystem {
  synthesize {
    size: "64m"
    file { path: "a" size: "10000" }
    file { path: "dir/empty" size: "0" }
  }
  mount_point: "/mnt"
}
process { name: "script" script { )" +
         script + " } }";
}

RunOutcome RunText(const std::string& text) {
  EventStream stream;
  return RunWorld(MakePlan(ScenarioFile::FromText("t.textproto", text, {}, ShippedProfiles())),
                  stream);
}

// Runs a script whose calls say what they expect.
void ExpectAllMet(const std::string& script) {
  const RunOutcome outcome = RunText(ScenarioWith(script));
  for (const std::string& failure : outcome.failures) ADD_FAILURE() << failure;
}

TEST(WorldTest, OpenHasTheErrnosOfLinux2611) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/none" } expect: "-ENOENT" }
    call { open { path: "/mnt/a/b" } expect: "-ENOTDIR" }
    call { open { path: "/mnt/a/" } expect: "-ENOTDIR" }
    call { open { path: "/mnt/dir" flags: "O_RDWR" } expect: "-EISDIR" }
    call { open { path: "/mnt/a" flags: "O_RDONLY|O_DIRECTORY" } expect: "-ENOTDIR" }
    call { open { path: "/mnt/a" flags: "O_WRONLY" } expect: "-EROFS" }
    call { open { path: "/mnt/dir/../a" } expect: "3" }
    call { open { path: "/mnt/dir" } expect: "4" }
  )");
}

TEST(WorldTest, ReadStopsAtTheEndOfTheFile) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/a" } expect: "3" }
    call { read { count: "4k" } expect: "4096" }
    call { read { count: "0" } expect: "0" }
    call { read { count: "8k" } expect: "5904" }
    call { read { count: "8k" } expect: "0" }
    call { lseek { offset: "-10" whence: END } expect: "9990" }
    call { read { count: "100" } expect: "10" }
    call { pread { count: "100" offset: "9990" } expect: "10" }
    call { pread { count: "100" offset: "10000" } expect: "0" }
    call { close {} expect: "0" }
    call { close {} expect: "-EBADF" }
    call { read { count: "1" } expect: "-EBADF" }
    call { read { fd: "99" count: "1" } expect: "-EBADF" }
    call { open { path: "/mnt/dir/empty" } expect: "3" }
    call { read { count: "4k" } expect: "0" }
  )");
}

TEST(WorldTest, BadArgumentsHaveTheErrnosOfLinux2611) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/a" } expect: "3" }
    call { lseek { offset: "-1" } expect: "-EINVAL" }
    call { read { count: "4g" } expect: "-EINVAL" }
    call { fadvise { advice: SEQUENTIAL } expect: "0" }
    call { fadvise { fd: "77" advice: SEQUENTIAL } expect: "-EBADF" }
    call { readahead { fd: "77" offset: "0" count: "4k" } expect: "-EBADF" }
    call { readahead { offset: "0" count: "4k" } expect: "0" }
    call { open { path: "/mnt/dir" fd: "d" } expect: "4" }
    call { read { fd: "d" count: "4k" } expect: "-EISDIR" }
    call { readahead { fd: "d" offset: "0" count: "4k" } expect: "0" }
  )");
}

TEST(WorldTest, DirectReadsMustBeAligned) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/a" flags: "O_RDONLY|O_DIRECT" } expect: "3" }
    call { pread { count: "4096" offset: "0" } expect: "4096" }
    call { pread { count: "512" offset: "512" } expect: "512" }
    call { pread { count: "100" offset: "0" } expect: "-EINVAL" }
    call { pread { count: "4096" offset: "1" } expect: "-EINVAL" }
    call { pread { count: "4096" offset: "0" buffer_misalignment: 4 } expect: "-EINVAL" }
    call { pread { count: "4096" offset: "0" buffer_misalignment: 512 } expect: "4096" }
    call { pread { count: "8192" offset: "4096" } expect: "5904" }
  )");
}

TEST(WorldTest, AnUnmetExpectationFailsTheRun) {
  const RunOutcome outcome =
      RunText(ScenarioWith(R"(call { open { path: "/mnt/none" } expect: "3" })"));
  ASSERT_EQ(outcome.failures.size(), 1u);
  EXPECT_EQ(outcome.failures[0], "script: script.call[0] returned -ENOENT, expected 3");
}

// A command that the device never answers: nothing can happen any more, and the message says who
// waits for whom.
TEST(WorldTest, ARunThatIsStuckSaysWhoWaitsForWhom) {
  const std::string script = R"(
    call { open { path: "/mnt/a" } }
    call { read { count: "4k" } })";
  RunText(ScenarioWith(script));  // without the fault it ends
  uint64_t stuck = 0;
  for (int command = 1; command <= 8; ++command) {
    try {
      RunText(ScenarioWith(script, "loses_command: " + std::to_string(command)));
    } catch (const SimulationError& error) {
      const std::string message = error.what();
      EXPECT_NE(message.find("nothing can happen any more"), std::string::npos) << message;
      EXPECT_NE(message.find("waiting for"), std::string::npos) << message;
      EXPECT_NE(message.find("held by disk"), std::string::npos) << message;
      ++stuck;
    }
  }
  // Mount reads, two look-ups, the inode, the page.
  EXPECT_GE(stuck, 5u);
}

TEST(WorldTest, TwoRunsInOneProcessAreTheSame) {
  const std::string text =
      ScenarioWith(R"(call { open { path: "/mnt/a" } } call { read { count: "4k" } })");
  const RunOutcome first = RunText(text);
  const RunOutcome second = RunText(text);
  EXPECT_EQ(first.end, second.end);
  EXPECT_EQ(first.event_count, second.event_count);
}

}  // namespace
}  // namespace biotope
