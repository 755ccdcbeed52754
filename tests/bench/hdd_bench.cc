// How many commands the disk model serves in a second of processor time: random reads of 4 KiB on
// the Cheetah 15k.5, one at a time, and with 32 waiting among which the drive chooses.

#include <benchmark/benchmark.h>
#include <google/protobuf/text_format.h>

#include <memory>
#include <string>
#include <vector>

#include "configs/profiles.h"
#include "layers/disk/device_model.h"
#include "sim/core/random.h"
#include "sim/world/make_device.h"

namespace biotope {
namespace {

constexpr uint32_t kSectors = 8;

Sector RandomSector(Random& random, const DeviceModel& device) {
  return Sector(random.Below(device.capacity().value() / kSectors) * kSectors);
}

// The shipped profile with a queue of 32.
std::unique_ptr<DeviceModel> QueueingCheetah(const std::string& policy) {
  Device device;
  for (const EmbeddedFile& file : EmbeddedProfiles()) {
    if (file.path != "configs/devices/cheetah-15k5.textproto") continue;
    google::protobuf::TextFormat::ParseFromString(std::string(file.contents), &device);
  }
  const std::string queue = "hdd { queue_depth: 32 queue_policy: " + policy + " }";
  google::protobuf::TextFormat::MergeFromString(queue, &device);
  return MakeDevice(device);
}

void BM_RandomReads(benchmark::State& state) {
  const auto device = MakeDeviceByName("cheetah-15k5");
  Random random(1, "reads");
  Tick now;
  for (auto _ : state) {
    now += device->Serve(now, RandomSector(random, *device), kSectors, /*write=*/false).total();
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_RandomReads);

void BM_MixOnAnAtlasWithItsCache(benchmark::State& state) {
  const auto device = MakeDeviceByName("atlas-10k");
  Random random(1, "mix");
  Tick now;
  for (auto _ : state) {
    const bool write = random.Below(3) == 0;
    now += device->Serve(now, RandomSector(random, *device), kSectors, write).total();
    now += kMillisecond * random.Below(20);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_MixOnAnAtlasWithItsCache);

void BM_Queue(benchmark::State& state, const char* policy) {
  const auto device = QueueingCheetah(policy);
  Random random(1, "queue");
  std::vector<WaitingCommand> waiting;
  for (int i = 0; i < 32; ++i) {
    waiting.push_back(
        {.first = RandomSector(random, *device), .nr_sectors = kSectors, .write = false});
  }
  Tick now;
  for (auto _ : state) {
    const size_t next = device->PickNext(now, waiting);
    now += device->Serve(now, waiting[next].first, kSectors, /*write=*/false).total();
    waiting[next].first = RandomSector(random, *device);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK_CAPTURE(BM_Queue, look, "LOOK");
BENCHMARK_CAPTURE(BM_Queue, sptf, "SPTF");

}  // namespace
}  // namespace biotope
