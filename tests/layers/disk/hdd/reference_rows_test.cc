// Schedulers and queueing on the Cheetah 15k.5 against 50,000 random reads of 4 KiB in DiskSim 4.0:
// throughput with a constant number of requests, and Poisson arrivals against the formula of
// Pollaczek and Khinchine.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "layers/disk/hdd/command_queue.h"
#include "layers/disk/hdd/hdd_model.h"
#include "sim/core/random.h"
#include "sim/trace/line_reader.h"
#include "sim/world/drive_directory.h"
#include "tests/layers/disk/hdd/shared_drives.h"

namespace biotope {
namespace {

constexpr uint32_t kSectors = 8;

double Milliseconds(Tick span) { return static_cast<double>(span.value()) / 1e9; }

// Mechanics alone, as in the reference: no cache, no bus.
HddParameters BareCheetah(HddQueue queue) {
  HddParameters hdd = ReadDriveDirectory(SharedDisk("cheetah_15k5"));
  hdd.cache.enabled = false;
  hdd.cache.fast_write = false;
  hdd.cache.read_ahead = HddReadAhead::kNone;
  hdd.bus = {};
  hdd.overhead = {};
  hdd.queue = queue;
  return hdd;
}

using Picker = std::function<size_t(HddModel&, Tick, std::span<const WaitingCommand>)>;

uint32_t CylinderOf(const HddModel& hdd, const WaitingCommand& command) {
  return hdd.layout().Locate(command.first).cylinder;
}

size_t ByTheDrive(HddModel& hdd, Tick now, std::span<const WaitingCommand> waiting) {
  return hdd.PickNext(now, waiting);
}

size_t Sstf(HddModel& hdd, Tick, std::span<const WaitingCommand> waiting) {
  const auto distance = [&](const WaitingCommand& command) {
    return std::abs(int64_t{CylinderOf(hdd, command)} - int64_t{hdd.cylinder()});
  };
  const auto nearest =
      std::min_element(waiting.begin(), waiting.end(),
                       [&](const auto& a, const auto& b) { return distance(a) < distance(b); });
  return static_cast<size_t>(nearest - waiting.begin());
}

// The next one inwards; from the innermost one back to the outermost.
size_t Clook(HddModel& hdd, Tick, std::span<const WaitingCommand> waiting) {
  const auto order = [&](const WaitingCommand& command) {
    const uint32_t cylinder = CylinderOf(hdd, command);
    return std::pair(cylinder < hdd.cylinder(), cylinder);
  };
  const auto next =
      std::min_element(waiting.begin(), waiting.end(),
                       [&](const auto& a, const auto& b) { return order(a) < order(b); });
  return static_cast<size_t>(next - waiting.begin());
}

struct Policy {
  const char* name;
  HddQueuePolicy queue_policy;
  Picker picker;
  double tolerance;
};

std::vector<Policy> Policies() {
  return {{"FCFS", HddQueuePolicy::kFcfs, ByTheDrive, 0.02},
          {"LOOK", HddQueuePolicy::kLook, ByTheDrive, 0.02},
          {"C-LOOK", HddQueuePolicy::kFcfs, Clook, 0.02},
          {"SSTF", HddQueuePolicy::kFcfs, Sstf, 0.02},
          {"SPTF", HddQueuePolicy::kSptf, ByTheDrive, 0.05}};
}

struct Result {
  double iops;
  double mean_ms;
};

// `outstanding` requests at any time: the one that is served, and the others, among which the next
// one is chosen before the one that replaces the finished one has come.
Result Closed(const Policy& policy, uint32_t outstanding) {
  constexpr uint32_t kRequests = 50'000;
  HddModel hdd(BareCheetah({.depth = 256, .policy = policy.queue_policy}));
  Random random(1, policy.name);
  std::vector<WaitingCommand> waiting;
  std::vector<Tick> arrived;
  const auto arrive = [&](Tick now) {
    const Sector first(random.Below(hdd.capacity().value() / kSectors) * kSectors);
    waiting.push_back({.first = first, .nr_sectors = kSectors, .write = false});
    arrived.push_back(now);
  };
  for (uint32_t i = 0; i < outstanding; ++i) arrive(Tick(0));
  Tick now;
  double sum = 0;
  for (uint32_t i = 0; i < kRequests; ++i) {
    const bool alone = waiting.empty();
    if (alone) arrive(now);
    const size_t next = policy.picker(hdd, now, waiting);
    const WaitingCommand command = waiting[next];
    const Tick since = arrived[next];
    waiting.erase(waiting.begin() + static_cast<ptrdiff_t>(next));
    arrived.erase(arrived.begin() + static_cast<ptrdiff_t>(next));
    if (i > 0 && !alone) arrive(now);  // in place of the one that was done
    now += hdd.Serve(now, command.first, command.nr_sectors, command.write).total();
    sum += Milliseconds(now - since);
  }
  return {.iops = kRequests / (Milliseconds(now) / 1000), .mean_ms = sum / kRequests};
}

// iops and mean_ms by policy and queue depth.
std::map<std::pair<std::string, uint64_t>, Result> ReferenceRows() {
  std::map<std::pair<std::string, uint64_t>, Result> rows;
  LineReader file(SharedDisk("disksim_closed_open_reference.csv"));
  file.Next();
  while (file.Next()) {
    file.SplitAt(',');
    if (file.Text(1) != "closed_randread_hostsched") continue;
    rows[{std::string(file.Text(2)), file.Unsigned(3)}] = {.iops = file.Number(6),
                                                           .mean_ms = file.Number(7)};
  }
  return rows;
}

TEST(ReferenceRowsTest, ClosedLoop) {
  if (!HaveShared("cheetah_15k5")) GTEST_SKIP() << SharedDisk("cheetah_15k5") << " is missing";
  const auto rows = ReferenceRows();
  for (const Policy& policy : Policies()) {
    for (const uint32_t outstanding : {1u, 4u, 16u, 64u, 128u}) {
      const Result& expected = rows.at({policy.name, outstanding});
      const Result result = Closed(policy, outstanding);
      const std::string row = fmt::format("{} {}", policy.name, outstanding);
      RecordProperty(fmt::format("{}_{}", policy.name, outstanding),
                     fmt::format("{:.2f} IOPS of {:.2f}, {:.3f} ms of {:.3f}", result.iops,
                                 expected.iops, result.mean_ms, expected.mean_ms));
      EXPECT_NEAR(result.iops, expected.iops, policy.tolerance * expected.iops) << row;
      EXPECT_NEAR(result.mean_ms, expected.mean_ms, policy.tolerance * expected.mean_ms) << row;
    }
  }
}

// FCFS with Poisson arrivals: the mean response is E[S] + rate E[S^2] / (2 (1 - rate E[S])).
TEST(ReferenceRowsTest, PoissonArrivalsFollowPollaczekAndKhinchine) {
  if (!HaveShared("cheetah_15k5")) GTEST_SKIP() << SharedDisk("cheetah_15k5") << " is missing";
  for (const double rate : {25.0, 50.0, 100.0, 140.0}) {
    HddModel hdd(BareCheetah({}));
    Random random(1, "poisson");
    constexpr uint32_t kRequests = 400'000;
    Tick arrival;
    Tick free;
    double service = 0;
    double squares = 0;
    double response = 0;
    for (uint32_t i = 0; i < kRequests; ++i) {
      const double gap_s = -std::log(1 - random.Unit()) / rate;
      arrival += Tick(static_cast<uint64_t>(gap_s * 1e12));
      const Tick start = std::max(arrival, free);
      const Sector first(random.Below(hdd.capacity().value() / kSectors) * kSectors);
      const Tick time = hdd.Serve(start, first, kSectors, /*write=*/false).total();
      free = start + time;
      service += Milliseconds(time);
      squares += Milliseconds(time) * Milliseconds(time);
      response += Milliseconds(free - arrival);
    }
    const double mean = service / kRequests;
    const double per_ms = rate / 1000;
    const double expected = mean + per_ms * squares / kRequests / (2 * (1 - per_ms * mean));
    RecordProperty(fmt::format("mean_ms_at_{:.0f}", rate),
                   fmt::format("{:.3f} of {:.3f}", response / kRequests, expected));
    EXPECT_NEAR(response / kRequests, expected, 0.02 * expected) << rate;
  }
}

}  // namespace
}  // namespace biotope
