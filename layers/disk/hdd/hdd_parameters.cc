#include "layers/disk/hdd/hdd_parameters.h"

#include <fmt/format.h>

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"

namespace biotope {
namespace {

// So that track numbers fit into 32 bits and what a sector number makes of a revolution into 64.
constexpr Tick kSlowestRevolution = 60 * kSecond;
constexpr uint32_t kMaxSurfaces = 128;
constexpr uint32_t kMaxCylinders = 1u << 24;
constexpr uint32_t kMaxSectorsPerTrack = 1u << 16;
constexpr Tick kLongestDelay = 60 * kSecond;
constexpr uint32_t kMaxSegments = 1024;
constexpr uint32_t kMaxQueueDepth = 256;

[[noreturn]] void Reject(std::string_view field, const std::string& what) {
  throw ScenarioError(fmt::format("hdd.{}: {}", field, what));
}

void RequireRange(std::string_view field, uint64_t value, uint64_t min, uint64_t max) {
  if (value < min || value > max) {
    Reject(field, fmt::format("{} is not between {} and {}", value, min, max));
  }
}

void RequireDelay(std::string_view field, Tick delay) {
  if (delay > kLongestDelay) {
    Reject(field, fmt::format("{} ns is more than a minute", delay / kNanosecond));
  }
}

void CheckOverhead(std::string_view field, const HddOverhead& overhead) {
  const auto name = [field](std::string_view which) { return fmt::format("{}.{}", field, which); };
  RequireDelay(name("read_after_read_ns"), overhead.read_after_read);
  RequireDelay(name("read_after_write_ns"), overhead.read_after_write);
  RequireDelay(name("write_after_read_ns"), overhead.write_after_read);
  RequireDelay(name("write_after_write_ns"), overhead.write_after_write);
}

void CheckZones(const HddParameters& hdd) {
  if (hdd.zones.empty()) Reject("zone", "there must be at least one");
  uint64_t expected = 0;
  for (size_t i = 0; i < hdd.zones.size(); ++i) {
    const HddZone& zone = hdd.zones[i];
    const auto name = [i](std::string_view field) { return fmt::format("zone[{}].{}", i, field); };
    if (zone.first_cylinder != expected) {
      Reject(name("first_cylinder"),
             fmt::format("{}, but the zone must begin at cylinder {}, where the one before ends",
                         zone.first_cylinder, expected));
    }
    RequireRange(name("last_cylinder"), zone.last_cylinder, zone.first_cylinder, kMaxCylinders - 1);
    RequireRange(name("sectors_per_track"), zone.sectors_per_track, 1, kMaxSectorsPerTrack);
    const uint64_t all = zone.NrSectors(hdd.surfaces) + zone.spare_sectors;
    RequireRange(name("spare_sectors"), zone.spare_sectors, 0, all - 1);
    if (zone.sweeps.size() != hdd.surfaces && zone.sweeps.size() != 2 * hdd.surfaces) {
      Reject(name("sweep"),
             fmt::format("{} entries, but {} surfaces make {} or {} sweeps", zone.sweeps.size(),
                         hdd.surfaces, hdd.surfaces, 2 * hdd.surfaces));
    }
    expected = uint64_t{zone.last_cylinder} + 1;
  }
}

void CheckCapacity(const HddParameters& hdd) {
  uint64_t sectors = 0;
  for (const HddZone& zone : hdd.zones) sectors += zone.NrSectors(hdd.surfaces);
  if (hdd.capacity.value() > sectors) {
    Reject("capacity_sectors",
           fmt::format("{} sectors, but the zones hold only {}", hdd.capacity.value(), sectors));
  }
}

void CheckTrackRuns(const HddParameters& hdd) {
  uint64_t expected = 0;
  for (size_t i = 0; i < hdd.track_runs.size(); ++i) {
    const HddTrackRun& run = hdd.track_runs[i];
    const auto name = [i](std::string_view field) {
      return fmt::format("track_run[{}].{}", i, field);
    };
    RequireRange(name("first_sector"), run.first_sector, expected, expected);
    RequireRange(name("tracks"), run.tracks, 1, kMaxCylinders);
    RequireRange(name("sectors_per_track"), run.sectors_per_track, 1, kMaxSectorsPerTrack);
    RequireRange(name("addressable"), run.addressable, 1, run.sectors_per_track);
    RequireRange(name("first_on_track"), run.first_on_track, 0,
                 run.sectors_per_track - run.addressable);
    const int64_t steps = int64_t{run.tracks} - 1;
    const int64_t last_cylinder = run.cylinder + steps * run.cylinder_step;
    const int64_t last_head = run.head + steps * run.head_step;
    RequireRange(name("cylinder"), run.cylinder, 0, kMaxCylinders - 1);
    RequireRange(name("cylinder_step"), static_cast<uint64_t>(last_cylinder), 0, kMaxCylinders - 1);
    RequireRange(name("head"), run.head, 0, hdd.surfaces - 1);
    RequireRange(name("head_step"), static_cast<uint64_t>(last_head), 0, hdd.surfaces - 1);
    expected = run.end();
  }
  if (hdd.capacity.value() > expected) {
    Reject("capacity_sectors",
           fmt::format("{} sectors, but the tracks hold only {}", hdd.capacity.value(), expected));
  }
}

void CheckSeekCurve(const std::vector<HddSeekPoint>& curve) {
  if (curve.empty() || curve.front().distance != 1) {
    Reject("seek[0].distance", "the first point of the curve must be the seek over 1 cylinder");
  }
  for (size_t i = 1; i < curve.size(); ++i) {
    if (curve[i].distance <= curve[i - 1].distance) {
      Reject(fmt::format("seek[{}].distance", i),
             fmt::format("{} does not come after {}: list the points with growing distance",
                         curve[i].distance, curve[i - 1].distance));
    }
  }
}

}  // namespace

std::vector<HddSweep> EqualSweeps(uint32_t surfaces, Angle head_skew, Angle cylinder_skew,
                                  Angle band_skew) {
  std::vector<HddSweep> sweeps(surfaces, {.cylinder_skew = cylinder_skew, .next_skew = head_skew});
  if (!sweeps.empty()) sweeps.back().next_skew = band_skew;
  return sweeps;
}

void HddParameters::Validate() const {
  if (revolution == Tick(0) || revolution > kSlowestRevolution) {
    Reject("millirpm", "a revolution takes between 1 ps and 60 s");
  }
  RequireRange("surfaces", surfaces, 1, kMaxSurfaces);
  RequireRange("band_cylinders", layout.band_cylinders, 1, kMaxCylinders);
  if (track_runs.empty()) {
    CheckZones(*this);
    CheckCapacity(*this);
  } else {
    CheckTrackRuns(*this);
  }
  CheckSeekCurve(seek_curve);
  RequireDelay("head_switch_ns", head_switch);
  const auto longest = static_cast<int64_t>(kLongestDelay.value());
  if (write_settle_ps > longest || write_settle_ps < -longest) {
    Reject("write_settle_ns", "more than a minute");
  }
  RequireDelay("minimum_write_seek_ns", minimum_write_seek);
  CheckOverhead("overhead", overhead);
  CheckOverhead("hit_overhead", hit_overhead);
  RequireDelay("bus_sector_ns", bus.read_sector);
  RequireDelay("bus_write_sector_ns", bus.write_sector);
  RequireDelay("arbitration_ns", bus.arbitration);
  RequireRange("cache.segments", cache.segments, 1, kMaxSegments);
  RequireRange("cache.write_segments", cache.write_segments, 1, cache.segments);
  RequireRange("queue_depth", queue.depth, 1, kMaxQueueDepth);
}

}  // namespace biotope
