// Whole runs with asynchronous I/O: what its calls return, in which order the disk gets the I/Os,
// and that each one's latency is shared out without a rest.

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/results/collector.h"
#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/trace/stream.h"
#include "sim/world/plan.h"
#include "sim/world/world.h"
#include "tests/testing/scripted.h"

namespace biotope {
namespace {

using testing::RecordKeeper;

std::string Scenario(const std::string& work, int queue_depth) {
  return R"(schema_version: 1
kernel { profile: "linux-2.6.11" }
machine { cpu { profile: "pentium4-2.8" } }
block_device {
  queue { scheduler { deadline {} } }
  scsi { queue_depth: )" +
         std::to_string(queue_depth) + R"( }
  device { fixed_latency { service_ns: 1000000 capacity_sectors: 1000000 } }
}
filesystem {
  synthesize {
    size: "64m"
    file { path: "a" size: "1049576" }
    file { path: "b" size: "16m" }
  }
  mount_point: "/mnt"
}
process { name: "p" )" +
         work + " }";
}

Plan PlanOf(const std::string& work, int queue_depth = 1) {
  return MakePlan(
      ScenarioFile::FromText("t.textproto", Scenario(work, queue_depth), {}, ShippedProfiles()));
}

std::vector<std::string> Failures(const std::string& work) {
  EventStream stream;
  return RunWorld(PlanOf(work), stream).failures;
}

void ExpectAllMet(const std::string& calls) {
  for (const std::string& failure : Failures("script { " + calls + " }")) {
    ADD_FAILURE() << failure;
  }
}

struct Measured {
  Result result;
  std::vector<Record> records;
  std::vector<Record> Of(Kind kind) const {
    std::vector<Record> found;
    std::copy_if(records.begin(), records.end(), std::back_inserter(found),
                 [kind](const Record& record) { return record.kind == kind; });
    return found;
  }
};

Measured Measure(const std::string& work, int queue_depth = 1) {
  EventStream stream;
  RecordKeeper keeper;
  Collector collector({{.name = "p", .heading = "", .numjobs = 1, .ramp_time = Tick(0)}});
  stream.AddSink(&keeper);
  stream.AddSink(&collector);
  const RunOutcome outcome = RunWorld(PlanOf(work, queue_depth), stream);
  for (const std::string& failure : outcome.failures) ADD_FAILURE() << failure;
  return {collector.ToProto(), keeper.all};
}

TEST(AioTest, DirectReadsGoOnWhenIoSubmitHasReturned) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/b" flags: "O_RDONLY|O_DIRECT" } expect: "3" }
    call { io_setup { nr_events: 8 } expect: "0" }
    call { io_submit { iocb { count: "4k" repeat: 8 } } expect: "8" }
    call { io_getevents { min_nr: 0 nr: 8 timeout: "0" } expect: "0" }
    call { io_getevents { min_nr: 3 nr: 3 expect_res: "4k" expect_res: "4k" expect_res: "4k" }
           expect: "3" }
    call { io_destroy {} expect: "0" }
    call { io_destroy {} expect: "-EINVAL" }
  )");
}

TEST(AioTest, ReadsThroughThePageCacheAreDoneInsideIoSubmit) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/b" } expect: "3" }
    call { io_setup { nr_events: 8 } expect: "0" }
    call { io_submit { iocb { count: "4k" repeat: 8 } } expect: "8" }
    call { io_getevents { min_nr: 0 nr: 8 timeout: "0" } expect: "8" }
  )");
}

// What is recorded of 2.6.11 (groundtruth/linux-2.6.11/11_aio_errors), through the whole stack.
TEST(AioTest, ResultsAtTheEndOfTheFileAndOfMisalignedReads) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/a" flags: "O_RDONLY|O_DIRECT" fd: "d" } expect: "3" }
    call { open { path: "/mnt/a" fd: "b" } expect: "4" }
    call { io_setup { nr_events: 8 } expect: "0" }
    call { io_submit { iocb { fd: "d" count: "4k" offset: "1m" } } expect: "1" }
    call { io_getevents { expect_res: "4096" } expect: "1" }
    call { pread { fd: "d" count: "4k" offset: "1m" } expect: "1000" }
    call { io_submit { iocb { fd: "b" count: "4k" offset: "1m" } } expect: "1" }
    call { io_getevents { expect_res: "1000" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "4k" offset: "2m" } } expect: "1" }
    call { io_getevents { expect_res: "0" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "4k" offset: "1" } } expect: "1" }
    call { io_getevents { expect_res: "-EINVAL" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "100" } } expect: "1" }
    call { io_getevents { expect_res: "-EINVAL" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "4k" buffer_misalignment: 256 } } expect: "1" }
    call { io_getevents { expect_res: "-EINVAL" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "4k" buffer_misalignment: 512 } } expect: "1" }
    call { io_getevents { expect_res: "4096" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "512" offset: "512" } } expect: "1" }
    call { io_getevents { expect_res: "512" } expect: "1" }
    call { io_submit { iocb { fd: "d" count: "4k" buffer: UNMAPPED } } expect: "1" }
    call { io_getevents { expect_res: "-EFAULT" } expect: "1" }
    call { io_submit { iocb { fd: "b" count: "4k" buffer: NULL_POINTER } } expect: "1" }
    call { io_getevents { expect_res: "-EFAULT" } expect: "1" }
    call { io_submit { iocb { fd: "b" count: "8k" buffer_bytes: "4k" } } expect: "1" }
    call { io_getevents { expect_res: "-EFAULT" } expect: "1" }
    call { io_submit { iocb { fd: "b" count: "4k" buffer: KERNEL_SPACE } } expect: "-EFAULT" }
    call { io_submit { iocb { fd: "b" count: "9223372036854775807" } } expect: "1" }
    call { io_getevents { expect_res: "-EFAULT" } expect: "1" }
    call { io_submit { iocb { fd: "b" count: "512" offset: "-1" } } expect: "1" }
    call { io_getevents { expect_res: "0" } expect: "1" }
    call { io_submit { iocb { fd: "b" opcode: 1 count: "512" } } expect: "-EBADF" }
    call { io_submit { iocb { fd: "9999" count: "512" } } expect: "-EBADF" }
    call { io_submit { iocb { fd: "b" opcode: 2 } } expect: "-EINVAL" }
    call { io_submit { iocb { fd: "b" count: "512" } iocb { fd: "99" count: "512" } } expect: "1" }
    call { io_cancel {} expect: "-EAGAIN" }
  )");
}

TEST(AioTest, AContextTakesWhatItsRingHolds) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/b" } expect: "3" }
    call { io_setup { nr_events: 8 } expect: "0" }
    call { io_submit { iocb { count: "512" repeat: 300 } } expect: "126" }
    call { io_submit { iocb { count: "512" } } expect: "-EAGAIN" }
    call { io_getevents {} expect: "1" }
    call { io_submit { iocb { count: "512" repeat: 2 } } expect: "1" }
    call { io_getevents { min_nr: 0 nr: 300 } expect: "126" }
    call { io_setup { ctx: "big" nr_events: 65529 } expect: "-EAGAIN" }
    call { io_setup { ctx: "big" nr_events: 65528 } expect: "0" }
  )");
}

TEST(AioTest, ATimeoutEndsTheWait) {
  const Measured run = Measure(R"(script {
    call { open { path: "/mnt/b" flags: "O_RDONLY|O_DIRECT" } expect: "3" }
    call { io_setup { nr_events: 8 } expect: "0" }
    call { io_getevents { timeout: "50ms" } expect: "0" }
    call { io_submit { iocb { count: "4k" } } expect: "1" }
    call { io_getevents { min_nr: 2 nr: 2 timeout: "20ms" } expect: "1" }
    call { io_submit { iocb { count: "4k" } } expect: "1" }
    call { io_getevents { timeout: "20ms" } expect: "1" }
  })");
  std::vector<Tick> spans;
  const std::vector<Record> enters = run.Of(Kind::kSyscallEnter);
  const std::vector<Record> exits = run.Of(Kind::kSyscallExit);
  ASSERT_EQ(enters.size(), exits.size());
  for (size_t i = 0; i < enters.size(); ++i) spans.push_back(exits[i].tick - enters[i].tick);
  EXPECT_GE(spans[2], kMillisecond * 50);
  EXPECT_LT(spans[2], kMillisecond * 52);
  EXPECT_GE(spans[4], kMillisecond * 20);
  EXPECT_LT(spans[6], kMillisecond * 2);  // the event comes first
}

TEST(AioTest, IoDestroyWaitsForWhatIsOutstanding) {
  const Measured run = Measure(R"(script {
    call { open { path: "/mnt/b" flags: "O_RDONLY|O_DIRECT" } }
    call { io_setup { nr_events: 8 } }
    call { io_submit { iocb { count: "4k" repeat: 5 } } expect: "5" }
    call { io_destroy {} expect: "0" }
  })");
  const std::vector<Record> ends = run.Of(Kind::kAioComplete);
  ASSERT_EQ(ends.size(), 5u);
  EXPECT_LE(ends.back().tick, run.Of(Kind::kSyscallExit).back().tick);
}

// groundtruth/linux-2.6.11 section 08: io_submit does not batch; each iocb unplugs the queue, so
// that an idle device gets it at once, and neighbours are not merged.
TEST(AioTest, EachIocbUnplugsTheQueue) {
  const Measured run = Measure(R"(script {
    call { open { path: "/mnt/b" flags: "O_RDONLY|O_DIRECT" } }
    call { io_setup { nr_events: 8 } }
    call { io_submit { iocb { count: "4k" repeat: 6 } } expect: "6" }
    call { io_destroy {} }
  })",
                               16);
  std::vector<Kind> kinds;
  bool begun = false;
  for (const Record& record : run.records) {
    begun = begun || record.kind == Kind::kAioSubmit;
    if (!begun || record.task != 1) continue;
    for (const Kind kind :
         {Kind::kQueue, Kind::kPlug, Kind::kInsert, Kind::kUnplug, Kind::kIssue}) {
      if (record.kind == kind) kinds.push_back(kind);
    }
  }
  std::vector<Kind> expected;
  for (int i = 0; i < 6; ++i) {
    expected.insert(expected.end(),
                    {Kind::kQueue, Kind::kPlug, Kind::kInsert, Kind::kUnplug, Kind::kIssue});
  }
  EXPECT_EQ(kinds, expected);
}

TEST(AioTest, PwriteWritesInPlace) {
  ExpectAllMet(R"(
    call { open { path: "/mnt/a" flags: "O_RDWR|O_DIRECT" } expect: "3" }
    call { pwrite { count: "8k" offset: "4k" } expect: "8192" }
    call { pwrite { count: "100" offset: "0" } expect: "-EINVAL" }
    call { pwrite { count: "4k" offset: "2m" } expect: "-ENOSPC" }
    call { pwrite { count: "4k" offset: "1m" } expect: "-ENOSPC" }
    call { open { path: "/mnt/a" flags: "O_WRONLY|O_DIRECT" fd: "w" } expect: "4" }
    call { pwrite { fd: "w" count: "4k" offset: "0" } expect: "4096" }
    call { pread { fd: "w" count: "4k" offset: "0" } expect: "-EBADF" }
    call { readahead { fd: "w" count: "4k" offset: "0" } expect: "-EBADF" }
    call { io_setup { nr_events: 8 } }
    call { io_submit { iocb { opcode: 1 count: "4k" offset: "4k" repeat: 4 } } expect: "4" }
    call { io_getevents { min_nr: 4 nr: 4 expect_res: "4k" } expect: "4" }
    call { open { path: "/mnt/a" flags: "O_RDWR" } expect: "-EROFS" }
    call { open { path: "/mnt/a" flags: "O_RDONLY|O_DIRECT" fd: "r" } }
    call { pwrite { fd: "r" count: "4k" offset: "0" } expect: "-EBADF" }
  )");
}

TEST(AioTest, LibaioKeepsIodepthInFlight) {
  const Measured run = Measure(R"(fio {
    filename: "/mnt/b" rw: RANDREAD direct: 1 ioengine: LIBAIO iodepth: 32 number_ios: 500
    norandommap: 1
  })");
  uint32_t in_flight = 0;
  uint32_t most = 0;
  for (const Record& record : run.records) {
    if (record.kind == Kind::kAioSubmit) most = std::max(most, ++in_flight);
    if (record.kind == Kind::kAioComplete) --in_flight;
  }
  EXPECT_EQ(most, 32u);
  EXPECT_EQ(in_flight, 0u);
  const JobResult& job = run.result.job(0);
  EXPECT_EQ(job.ios(), 500u);
  EXPECT_EQ(job.bytes(), 500u * 4096);
  // One command of 1 ms after the other: by Little's law an I/O takes about 32 ms.
  EXPECT_NEAR(job.latency().mean_ns(), 32e6, 2e6);
  EXPECT_EQ(run.result.breakdown().ios(), 500u);
  uint64_t sum = 0;
  uint64_t iosched = 0;
  for (const LayerShare& share : run.result.breakdown().layer()) {
    sum += share.total_ps();
    if (share.layer() == "iosched") iosched = share.total_ps();
  }
  EXPECT_EQ(sum, run.result.breakdown().total_ps());
  EXPECT_GT(iosched, sum * 9 / 10);
}

TEST(AioTest, LibaioWritesToo) {
  const Measured run = Measure(R"(fio {
    filename: "/mnt/b" rw: RANDWRITE direct: 1 ioengine: LIBAIO iodepth: 4 number_ios: 100
  })");
  EXPECT_EQ(run.result.job(0).ios(), 100u);
  // Somebody waits for them, so they count as synchronous.
  size_t writes = 0;
  for (const Record& record : run.Of(Kind::kInsert)) {
    if ((record.flags & kFlagWrite) == 0) continue;
    ++writes;
    EXPECT_NE(record.flags & kFlagSync, 0);
  }
  EXPECT_EQ(writes, 100u);
}

TEST(AioTest, PsyncWritesToo) {
  const Measured run = Measure(R"(fio {
    filename: "/mnt/b" rw: WRITE bs: "64k" direct: 1 number_ios: 20
  })");
  EXPECT_EQ(run.result.job(0).ios(), 20u);
  EXPECT_EQ(run.result.job(0).bytes(), 20u * 65536);
  EXPECT_TRUE(run.result.job(0).writes());
}

// The process ends, the disk does not care.
TEST(AioTest, WhatIsInFlightAtTheEndOfTheProcessEndsToo) {
  const Measured run = Measure(R"(script {
    call { open { path: "/mnt/b" flags: "O_RDONLY|O_DIRECT" } }
    call { io_setup { nr_events: 8 } }
    call { io_submit { iocb { count: "4k" repeat: 5 } } expect: "5" }
    call { close {} expect: "0" }
  })");
  EXPECT_EQ(run.Of(Kind::kAioComplete).size(), 5u);
}

// Without O_DIRECT an I/O is over when io_submit returns, so no two overlap.
TEST(AioTest, LibaioThroughThePageCacheIsSynchronous) {
  const Measured run = Measure(R"(fio {
    filename: "/mnt/b" rw: RANDREAD ioengine: LIBAIO iodepth: 32 number_ios: 100
  })");
  uint32_t in_flight = 0;
  for (const Record& record : run.records) {
    if (record.kind == Kind::kAioSubmit) {
      EXPECT_EQ(++in_flight, 1u);
    }
    if (record.kind == Kind::kAioComplete) --in_flight;
  }
  EXPECT_EQ(run.result.job(0).ios(), 100u);
}

TEST(AioTest, MistakesAreScenarioErrors) {
  EXPECT_THROW(PlanOf(R"(fio { filename: "/mnt/b" iodepth: 2 })"), ScenarioError);
  EXPECT_THROW(PlanOf(R"(fio { filename: "/mnt/b" rw: WRITE })"), ScenarioError);
  EXPECT_THROW(PlanOf(R"(fio { filename: "/mnt/b" rw: WRITE direct: 1 ioengine: SYNC })"),
               ScenarioError);
  EXPECT_THROW(PlanOf(R"(script { call { io_destroy { ctx: "none" } } })"), ScenarioError);
  EXPECT_THROW(PlanOf(R"(script {
    call { io_setup { nr_events: 1 } }
    call { io_submit { iocb { fd: "none" } } }
  })"),
               ScenarioError);
}

TEST(AioTest, AnUnmetEventFailsTheRun) {
  EXPECT_EQ(Failures(R"(script {
    call { open { path: "/mnt/b" } }
    call { io_setup { nr_events: 1 } }
    call { io_submit { iocb { count: "4k" } } }
    call { io_getevents { expect_res: "8k" } }
  })")
                .size(),
            1u);
}

}  // namespace
}  // namespace biotope
