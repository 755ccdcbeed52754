#include "sim/world/make_device.h"

#include <google/protobuf/text_format.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <vector>

#include "layers/disk/fixed_latency.h"
#include "layers/disk/hdd/hdd_model.h"
#include "layers/disk/hdd/hdd_parameters.h"
#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/scenario/suggest.h"
#include "sim/world/drive_directory.h"

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

HddOverhead OverheadOf(const Hdd::Overhead& overhead) {
  return {.read_after_read = kNanosecond * overhead.read_after_read_ns(),
          .read_after_write = kNanosecond * overhead.read_after_write_ns(),
          .write_after_read = kNanosecond * overhead.write_after_read_ns(),
          .write_after_write = kNanosecond * overhead.write_after_write_ns()};
}

HddReadAhead ReadAheadOf(Hdd::ReadAhead read_ahead) {
  switch (read_ahead) {
    case Hdd::TRACK_END:
      return HddReadAhead::kTrackEnd;
    case Hdd::CYLINDER_END:
      return HddReadAhead::kCylinderEnd;
    case Hdd::SEGMENT:
      return HddReadAhead::kSegment;
    case Hdd::STREAM:
      return HddReadAhead::kStream;
    default:
      return HddReadAhead::kNone;
  }
}

HddQueuePolicy PolicyOf(Hdd::QueuePolicy policy) {
  if (policy == Hdd::LOOK) return HddQueuePolicy::kLook;
  return policy == Hdd::SPTF ? HddQueuePolicy::kSptf : HddQueuePolicy::kFcfs;
}

HddCache CacheOf(const Hdd::Cache& from) {
  HddCache cache;
  cache.enabled = from.enabled();
  cache.segments = std::max(1u, from.segments());
  cache.segment_sectors = from.segment_sectors();
  cache.write_segments = std::max(1u, from.write_segments());
  cache.separate_write_segment = from.separate_write_segment() && cache.segments > 1;
  cache.read_hits_on_writes = !from.has_read_hits_on_writes() || from.read_hits_on_writes();
  cache.read_hits_while_writing = from.read_hits_while_writing();
  cache.write_while_writing = from.write_while_writing();
  cache.combine_writes = !from.has_combine_writes() || from.combine_writes();
  cache.read_ahead = ReadAheadOf(from.read_ahead());
  cache.max_read_ahead = from.max_read_ahead_sectors();
  cache.read_ahead_on_hit = from.read_ahead_on_hit();
  cache.read_free_sectors = from.read_free_sectors();
  cache.stop_in_sector = from.stop_in_sector();
  cache.fast_write = from.write_back();
  return cache;
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
  parameters.write_settle_ps = static_cast<int64_t>((kNanosecond * hdd.write_settle_ns()).value());
  parameters.zero_latency_read = hdd.zero_latency_read();
  parameters.zero_latency_write = hdd.zero_latency_write();
  parameters.overhead = OverheadOf(hdd.overhead());
  parameters.hit_overhead = OverheadOf(hdd.hit_overhead());
  parameters.bus.arbitration = kNanosecond * hdd.arbitration_ns();
  parameters.bus.read_sector = kNanosecond * hdd.bus_sector_ns();
  parameters.bus.write_sector =
      kNanosecond *
      (hdd.has_bus_write_sector_ns() ? hdd.bus_write_sector_ns() : hdd.bus_sector_ns());
  parameters.cache = CacheOf(hdd.cache());
  parameters.queue = {.depth = std::max(1u, hdd.queue_depth()),
                      .policy = PolicyOf(hdd.queue_policy())};
  return parameters;
}

// Whether a shipped profile of the same drive has its cache on.
std::optional<bool> CachesOfProfile(const HddParameters& drive) {
  const ShippedProfiles shipped;
  for (const ProfileFile& profile : ListProfiles(shipped)) {
    Device device;
    if (profile.folder != "devices" ||
        !google::protobuf::TextFormat::ParseFromString(profile.file.contents, &device) ||
        !device.has_hdd()) {
      continue;
    }
    const Hdd& hdd = device.hdd();
    if (Sector(hdd.capacity_sectors()) == drive.capacity && hdd.surfaces() == drive.surfaces &&
        RevolutionOf(hdd.millirpm()) == drive.revolution) {
      return hdd.cache().enabled() || hdd.cache().write_back();
    }
  }
  return std::nullopt;
}

}  // namespace

std::unique_ptr<DeviceModel> MakeDriveFromDirectory(const std::string& path,
                                                    std::optional<bool> caches) {
  HddParameters drive = ReadDriveDirectory(path);
  if (!caches) caches = CachesOfProfile(drive);
  if (!caches.value_or(true)) {
    drive.cache.enabled = false;
    drive.cache.fast_write = false;
    drive.cache.read_ahead = HddReadAhead::kNone;
  }
  return std::make_unique<HddModel>(drive);
}

std::unique_ptr<DeviceModel> MakeDeviceByName(const std::string& name) {
  if (IsDriveDirectory(name)) return MakeDriveFromDirectory(name, std::nullopt);
  const ShippedProfiles shipped;
  std::vector<std::string> known;
  for (const ProfileFile& profile : ListProfiles(shipped)) {
    if (profile.folder != "devices") continue;
    known.push_back(profile.name);
    if (profile.name != name) continue;
    Device device;
    if (!google::protobuf::TextFormat::ParseFromString(profile.file.contents, &device)) {
      throw ScenarioError("the profile " + name + " is damaged");
    }
    return MakeDevice(device, ".");
  }
  throw ScenarioError("there is no device \"" + name + "\"" + DidYouMean(name, known) +
                      ": name a profile (`biotope list devices`) or a directory with a "
                      "parameters.csv");
}

// No default: a model that is forgotten here does not compile.
std::unique_ptr<DeviceModel> MakeDevice(const Device& device, const std::string& directory) {
  switch (device.model_case()) {
    case Device::kHdd:
      return std::make_unique<HddModel>(ParametersOf(device.hdd()));
    case Device::kFixedLatency:
      return std::make_unique<FixedLatencyModel>(kNanosecond * device.fixed_latency().service_ns(),
                                                 Sector(device.fixed_latency().capacity_sectors()),
                                                 device.fixed_latency().loses_command());
    case Device::kDriveDirectory: {
      const DriveDirectory& drive = device.drive_directory();
      const std::string path = std::filesystem::path(directory) / drive.path();
      return MakeDriveFromDirectory(
          path, drive.has_caches() ? std::optional<bool>(drive.caches()) : std::nullopt);
    }
    case Device::kSsd:
      throw ScenarioError("an SSD has a model of its own kind (MakeSsd)");
    case Device::MODEL_NOT_SET:
      break;
  }
  throw ScenarioError("block_device.device has no model: choose one, such as `hdd {...}`");
}

}  // namespace biotope
