#include "tests/layers/iosched/recorded_mq_order.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "layers/iosched/bfq.h"
#include "layers/iosched/kyber.h"
#include "layers/iosched/mq_deadline.h"

namespace biotope {
namespace {

// The recorded kernel.
constexpr uint32_t kHz = 250;

uint32_t Tunable(const MqRecording& recording, const std::string& name) {
  return static_cast<uint32_t>(recording.tunables.at(name));
}

std::unique_ptr<IoScheduler> MakeMqDeadline(const MqRecording& recording) {
  return std::make_unique<MqDeadlineScheduler>(
      MqDeadlineTunables{
          .read_expire_ms = Tunable(recording, "read_expire"),
          .write_expire_ms = Tunable(recording, "write_expire"),
          .prio_aging_expire_ms = Tunable(recording, "prio_aging_expire"),
          .writes_starved = Tunable(recording, "writes_starved"),
          .fifo_batch = Tunable(recording, "fifo_batch"),
          .front_merges = Tunable(recording, "front_merges") != 0,
          .async_depth = Tunable(recording, "async_depth"),
      },
      kHz);
}

std::unique_ptr<IoScheduler> MakeKyber(const MqRecording& recording) {
  return std::make_unique<KyberScheduler>(
      KyberTunables{.read_lat_nsec = recording.tunables.at("read_lat_nsec"),
                    .write_lat_nsec = recording.tunables.at("write_lat_nsec")},
      kHz);
}

std::unique_ptr<IoScheduler> MakeBfq(const MqRecording& recording) {
  return std::make_unique<BfqScheduler>(
      BfqTunables{
          .fifo_expire_sync_ms = Tunable(recording, "fifo_expire_sync"),
          .fifo_expire_async_ms = Tunable(recording, "fifo_expire_async"),
          .back_seek_max_kb = Tunable(recording, "back_seek_max"),
          .back_seek_penalty = Tunable(recording, "back_seek_penalty"),
          .slice_idle_ms = Tunable(recording, "slice_idle"),
          .max_budget = Tunable(recording, "max_budget"),
          .timeout_sync_ms = Tunable(recording, "timeout_sync"),
          .strict_guarantees = Tunable(recording, "strict_guarantees") != 0,
          .low_latency = Tunable(recording, "low_latency") != 0,
      },
      BfqScheduler::Surroundings{.hz = kHz, .one_group = Tunable(recording, "cgroup") != 0});
}

// For each position of the timer ticks, to the millisecond, what is different.
std::vector<std::string> Differences(const MqRecording& recording,
                                     std::unique_ptr<IoScheduler> (*make)(const MqRecording&)) {
  std::vector<std::string> differences;
  for (uint64_t ms = 0; ms < 1000 / kHz; ++ms) {
    const auto factory = [&recording, make] { return make(recording); };
    differences.push_back(CompareWithRecording(recording, factory, kMillisecond * ms));
  }
  return differences;
}

struct Judge {
  const char* file;
  std::unique_ptr<IoScheduler> (*make)(const MqRecording&);
  size_t cases;
};

class RecordedMqOrderTest : public testing::TestWithParam<Judge> {};

TEST_P(RecordedMqOrderTest, IsReproduced) {
  const auto recordings = LoadMqRecordings(GetParam().file);
  EXPECT_EQ(recordings.size(), GetParam().cases);
  for (const MqRecording& recording : recordings) {
    const std::vector<std::string> differences = Differences(recording, GetParam().make);
    EXPECT_NE(std::ranges::count(differences, ""), 0)
        << recording.case_name << ": " << differences.front();
  }
}

INSTANTIATE_TEST_SUITE_P(
    All, RecordedMqOrderTest,
    testing::Values(Judge{"tests/layers/iosched/data/mq_mq_deadline.csv", &MakeMqDeadline, 18},
                    Judge{"tests/layers/iosched/data/mq_kyber.csv", &MakeKyber, 8},
                    Judge{"tests/layers/iosched/data/mq_bfq.csv", &MakeBfq, 10}));

}  // namespace
}  // namespace biotope
