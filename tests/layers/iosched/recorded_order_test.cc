#include "tests/layers/iosched/recorded_order.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "layers/iosched/anticipatory.h"
#include "layers/iosched/cfq_quantum.h"
#include "layers/iosched/deadline.h"
#include "layers/iosched/noop.h"

namespace biotope {
namespace {

constexpr uint32_t kHz = 1000;

uint32_t Tunable(const Recording& recording, const std::string& name, uint32_t otherwise) {
  const auto found = recording.tunables.find(name);
  return found == recording.tunables.end() ? otherwise : found->second;
}

std::unique_ptr<IoScheduler> MakeNoop(const Recording&) {
  return std::make_unique<NoopScheduler>();
}

std::unique_ptr<IoScheduler> MakeDeadline(const Recording& recording) {
  DeadlineTunables tunables;
  tunables.read_expire_ms = Tunable(recording, "read_expire", tunables.read_expire_ms);
  tunables.write_expire_ms = Tunable(recording, "write_expire", tunables.write_expire_ms);
  tunables.writes_starved = Tunable(recording, "writes_starved", tunables.writes_starved);
  tunables.fifo_batch = Tunable(recording, "fifo_batch", tunables.fifo_batch);
  tunables.front_merges = Tunable(recording, "front_merges", 1) != 0;
  return std::make_unique<DeadlineScheduler>(tunables, kHz);
}

std::unique_ptr<IoScheduler> MakeAnticipatory(const Recording& recording) {
  AnticipatoryTunables tunables;
  tunables.antic_expire_ms = Tunable(recording, "antic_expire", tunables.antic_expire_ms);
  return std::make_unique<AnticipatoryScheduler>(tunables, kHz);
}

std::unique_ptr<IoScheduler> MakeCfq(const Recording& recording) {
  CfqQuantumTunables tunables;
  tunables.quantum = Tunable(recording, "quantum", tunables.quantum);
  return std::make_unique<CfqQuantumScheduler>(tunables, kHz, recording.nr_requests);
}

struct Recorded {
  const char* scheduler;
  std::unique_ptr<IoScheduler> (*make)(const Recording& recording);
  int exact;  // how many are reproduced with the dates as they stand
  // Those for which no dates nearby were found. Processes that read one block after the other: the
  // dates of their reads were not recorded. Two processes: who is next hangs on a jiffy of service.
  std::set<std::string> not_reproduced;
};

const Recorded kRecorded[] = {
    {"noop", MakeNoop, 17, {}},
    {"deadline",
     MakeDeadline,
     49,
     {"asyncw_vs_aior_t1 run 1", "nr16_aio40_t16 run 1", "reader_vs_writes_t1 run 1",
      "reader_vs_writes_t1 run 3"}},
    {"anticipatory",
     MakeAnticipatory,
     21,
     {"aio_rw32_t1 run 1", "asyncw_vs_aior_t1 run 3", "procs16_bufrand_t1 run 1",
      "procs16_bufrand_t1 run 2", "procs4_think5_t1 run 1", "procs4_think5_t1 run 3",
      "procs8_dep_t1 run 3", "twoproc_aio_t1 run 2"}},
    {"cfq",
     MakeCfq,
     34,
     {"nr16_aio40_t1 run 1", "procs8_dep_t1 run 1", "procs8_dep_t1 run 2", "procs8_dep_t1 run 3",
      "quantum1_twoproc_t1 run 1", "reader_vs_writes_t1 run 2", "twoproc_aio_t1 run 1"}},
};

class RecordedOrderTest : public testing::TestWithParam<Recorded> {};

TEST_P(RecordedOrderTest, IsThatOfTheKernel) {
  const Recorded& recorded = GetParam();
  const auto recordings =
      LoadRecordings(std::string("tests/layers/iosched/data/") + recorded.scheduler + ".csv");
  int exact = 0;
  for (const Recording& recording : recordings) {
    RecordedOrder order(recording, [&] { return recorded.make(recording); });
    if (order.IsReproduced()) {
      ++exact;
    } else if (!recorded.not_reproduced.contains(recording.name())) {
      const std::string difference = order.difference();
      EXPECT_TRUE(order.IsReproducedNearby()) << recording.name() << ": " << difference;
    }
  }
  EXPECT_EQ(exact, recorded.exact);
}

INSTANTIATE_TEST_SUITE_P(Linux2611, RecordedOrderTest, testing::ValuesIn(kRecorded),
                         [](const auto& parameter) { return parameter.param.scheduler; });

}  // namespace
}  // namespace biotope
