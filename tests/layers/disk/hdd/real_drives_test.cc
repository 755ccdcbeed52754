// Response times of real drives, each from its directory and its recording: the demerit figure must
// not be above that of DiskSim 4.0 with the same tables.

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "sim/results/response_distribution.h"
#include "sim/trace/trace_reader.h"
#include "sim/world/make_device.h"
#include "sim/world/replay.h"
#include "tests/layers/disk/hdd/shared_drives.h"

namespace biotope {
namespace {

struct Drive {
  const char* directory;
  double disksim_rms_ms;  // of its rerun
  uint64_t requests;
};

class RealDriveTest : public testing::TestWithParam<Drive> {};

TEST_P(RealDriveTest, NoFurtherFromTheRecordingThanDiskSim) {
  const Drive& drive = GetParam();
  const std::string directory = SharedDisk(drive.directory);
  if (!HaveShared(drive.directory)) GTEST_SKIP() << directory << " is missing";
  if (!HaveShared(std::string(drive.directory) + "/measured.trace")) {
    GTEST_SKIP() << directory << " has no recording";
  }
  const auto device = MakeDeviceByName(directory);
  const auto trace = OpenTrace(directory + "/measured.trace", std::nullopt);
  ResponseDistribution simulated;
  ResponseDistribution measured;
  ReplayClosed(*trace, *device, [&](const Replayed& replayed) {
    simulated.Add(replayed.response);
    measured.Add(*replayed.request.response);
  });
  EXPECT_EQ(measured.count(), drive.requests);
  const double rms = RmsDistanceMs(simulated, measured);
  RecordProperty("rms_ms", fmt::format("{:.6f}", rms));
  EXPECT_LE(rms, drive.disksim_rms_ms);
}

INSTANTIATE_TEST_SUITE_P(
    Drives, RealDriveTest,
    testing::Values(Drive{"cheetah_15k5", 0.297164, 10'000}, Drive{"atlas_10k", 0.267721, 10'000},
                    Drive{"atlas_iii", 0.377952, 10'000},
                    Drive{"barracuda_st32171w", 0.347570, 10'000},
                    Drive{"cheetah_4lp", 0.317972, 10'000}, Drive{"cheetah_9lp", 0.106906, 10'000},
                    Drive{"ibm_18es", 0.135884, 10'000}, Drive{"hp_c2247a", 0.089931, 9'999},
                    Drive{"hp_c2490a", 0.253762, 9'984}, Drive{"hp_c3323a", 0.305653, 9'074},
                    Drive{"dec_rz26", 0.340367, 7'980}),
    [](const auto& drive) { return std::string(drive.param.directory); });

// The tables of all drives are accepted, whatever happens to their recordings.
TEST_P(RealDriveTest, TablesAreAccepted) {
  if (!HaveShared(GetParam().directory)) GTEST_SKIP() << SharedDisk("") << " is missing";
  const auto device = MakeDeviceByName(SharedDisk(GetParam().directory));
  const Sector last = device->capacity() - Sector(1);
  EXPECT_GT(device->Serve(Tick(0), last, 1, /*write=*/false).total(), Tick(0));
  EXPECT_GT(device->Serve(kSecond, Sector(0), 64, /*write=*/true).total(), Tick(0));
}

}  // namespace
}  // namespace biotope
