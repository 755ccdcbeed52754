#include "sim/world/make_device.h"

#include <cstdint>
#include <vector>

#include "layers/disk/fixed_latency.h"
#include "layers/disk/hdd/hdd_model.h"
#include "layers/disk/hdd/hdd_parameters.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

Angle AngleOf(uint32_t ppb) { return static_cast<Angle>((uint64_t{ppb} << 32) / 1'000'000'000); }

// To the nearest picosecond. Zero revolutions per minute stay for HddParameters::Validate.
Tick RevolutionOf(uint32_t millirpm) {
  if (millirpm == 0) return Tick(0);
  constexpr uint64_t kPicosecondsTimesMillirpm = 60 * kSecond.value() * 1000;
  return Tick((kPicosecondsTimesMillirpm + millirpm / 2) / millirpm);
}

std::vector<HddSweep> SweepsOf(const Hdd::Zone& zone, uint32_t surfaces) {
  if (zone.sweep().empty()) {
    const uint32_t cylinder = zone.cylinder_skew_ppb();
    const uint32_t band = zone.has_band_skew_ppb() ? zone.band_skew_ppb() : cylinder;
    return EqualSweeps(surfaces, AngleOf(zone.head_skew_ppb()), AngleOf(cylinder), AngleOf(band));
  }
  std::vector<HddSweep> sweeps;
  for (const Hdd::Sweep& sweep : zone.sweep()) {
    sweeps.push_back({.cylinder_skew = AngleOf(sweep.cylinder_skew_ppb()),
                      .next_skew = AngleOf(sweep.next_skew_ppb())});
  }
  return sweeps;
}

HddZone ZoneOf(const Hdd::Zone& zone, uint32_t surfaces) {
  HddZone result;
  result.first_cylinder = zone.first_cylinder();
  result.last_cylinder = zone.last_cylinder();
  result.sectors_per_track = zone.sectors_per_track();
  if (zone.has_first_angle_ppb()) result.first_angle = AngleOf(zone.first_angle_ppb());
  result.spare_sectors = zone.spare_sectors();
  result.sweeps = SweepsOf(zone, surfaces);
  return result;
}

HddParameters ParametersOf(const Hdd& hdd) {
  HddParameters parameters;
  parameters.revolution = RevolutionOf(hdd.millirpm());
  parameters.surfaces = hdd.surfaces();
  parameters.capacity = Sector(hdd.capacity_sectors());
  if (hdd.has_band_cylinders()) parameters.layout.band_cylinders = hdd.band_cylinders();
  parameters.layout.alternate_heads = hdd.alternate_heads();
  for (const Hdd::Zone& zone : hdd.zone()) {
    parameters.zones.push_back(ZoneOf(zone, hdd.surfaces()));
  }
  for (const Hdd::Seek& point : hdd.seek()) {
    parameters.seek_curve.push_back(
        {.distance = point.distance_cylinders(), .nanoseconds = point.time_ns()});
  }
  parameters.head_switch = kNanosecond * hdd.head_switch_ns();
  parameters.write_settle = kNanosecond * hdd.write_settle_ns();
  parameters.overhead = {
      .read_after_read = kNanosecond * hdd.overhead().read_after_read_ns(),
      .read_after_write = kNanosecond * hdd.overhead().read_after_write_ns(),
      .write_after_read = kNanosecond * hdd.overhead().write_after_read_ns(),
      .write_after_write = kNanosecond * hdd.overhead().write_after_write_ns(),
  };
  parameters.bus_sector = kNanosecond * hdd.bus_sector_ns();
  return parameters;
}

}  // namespace

// No default: a model that is forgotten here does not compile.
std::unique_ptr<DeviceModel> MakeDevice(const Device& device) {
  switch (device.model_case()) {
    case Device::kHdd:
      return std::make_unique<HddModel>(ParametersOf(device.hdd()));
    case Device::kFixedLatency:
      return std::make_unique<FixedLatencyModel>(kNanosecond * device.fixed_latency().service_ns(),
                                            Sector(device.fixed_latency().capacity_sectors()));
    case Device::MODEL_NOT_SET:
      break;
  }
  throw ScenarioError("block_device.device has no model: choose one, such as `hdd {...}`");
}

}  // namespace biotope
