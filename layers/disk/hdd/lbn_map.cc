#include "layers/disk/hdd/lbn_map.h"

#include <algorithm>
#include <utility>

#include "sim/core/check.h"

namespace biotope {
namespace {

// Beginning of track `track` of a run, and where it lies.
uint64_t FirstSector(const HddTrackRun& run, uint64_t track) {
  return run.first_sector + track * run.addressable;
}
uint32_t CylinderOf(const HddTrackRun& run, uint64_t track) {
  return static_cast<uint32_t>(run.cylinder + static_cast<int64_t>(track) * run.cylinder_step);
}
uint32_t HeadOf(const HddTrackRun& run, uint64_t track) {
  return static_cast<uint32_t>(run.head + static_cast<int64_t>(track) * run.head_step);
}

}  // namespace

LbnMap::LbnMap(std::vector<HddTrackRun> runs, Sector capacity)
    : runs_(std::move(runs)), capacity_(capacity) {
  for (const HddTrackRun& run : runs_) {
    cylinders_ =
        std::max({cylinders_, CylinderOf(run, 0) + 1, CylinderOf(run, run.tracks - 1) + 1});
  }
  // About one bucket per run: a look-up walks a few runs.
  while ((capacity_.value() >> bucket_bits_) > runs_.size()) ++bucket_bits_;
  const uint64_t nr_buckets = (capacity_.value() >> bucket_bits_) + 1;
  buckets_.reserve(nr_buckets);
  uint32_t run = 0;
  for (uint64_t bucket = 0; bucket < nr_buckets; ++bucket) {
    while (runs_[run].end() <= bucket << bucket_bits_ && run + 1 < runs_.size()) ++run;
    buckets_.push_back(run);
  }
}

size_t LbnMap::RunOf(uint64_t sector) const {
  BIOTOPE_CHECK(Sector(sector) < capacity_, "sector {} of {}", sector, capacity_.value());
  const uint64_t bucket = sector >> bucket_bits_;
  const size_t first = buckets_[bucket];
  const size_t last = bucket + 1 < buckets_.size() ? buckets_[bucket + 1] : runs_.size() - 1;
  const auto begin = runs_.begin() + static_cast<ptrdiff_t>(first);
  const auto after =
      std::partition_point(begin, runs_.begin() + static_cast<ptrdiff_t>(last),
                           [sector](const HddTrackRun& run) { return run.end() <= sector; });
  return static_cast<size_t>(after - runs_.begin());
}

SectorPlace LbnMap::Locate(Sector sector) const {
  const HddTrackRun& run = runs_[RunOf(sector.value())];
  const uint64_t in_run = sector.value() - run.first_sector;
  const uint64_t track = in_run / run.addressable;
  const auto index = static_cast<uint32_t>(in_run - track * run.addressable);
  const auto width = static_cast<Angle>((uint64_t{1} << 32) / run.sectors_per_track);
  return {.cylinder = CylinderOf(run, track),
          .head = HeadOf(run, track),
          .sector = run.first_on_track + index,
          .sectors_per_track = run.sectors_per_track,
          .track_angle =
              run.angle + static_cast<Angle>(track) * run.angle_step - run.first_on_track * width,
          .run_length = run.addressable - index};
}

TrackExtent LbnMap::TrackOf(Sector sector) const {
  const size_t found = RunOf(sector.value());
  const HddTrackRun& run = runs_[found];
  const uint64_t track = (sector.value() - run.first_sector) / run.addressable;
  const uint32_t cylinder = CylinderOf(run, track);
  const uint32_t head = HeadOf(run, track);
  TrackExtent extent = {Sector(FirstSector(run, track)), Sector(FirstSector(run, track + 1))};
  // A slipped sector divides a track into two runs.
  for (size_t i = found; track == 0 && i > 0; --i) {
    const HddTrackRun& before = runs_[i - 1];
    const uint64_t last = before.tracks - 1;
    if (CylinderOf(before, last) != cylinder || HeadOf(before, last) != head) break;
    extent.first = Sector(FirstSector(before, last));
    if (last > 0) break;
  }
  for (size_t i = found + 1; track + 1 == run.tracks && i < runs_.size(); ++i) {
    const HddTrackRun& next = runs_[i];
    if (CylinderOf(next, 0) != cylinder || HeadOf(next, 0) != head) break;
    extent.end = Sector(FirstSector(next, 1));
    if (next.tracks > 1) break;
  }
  extent.end = std::min(extent.end, capacity_);
  return extent;
}

}  // namespace biotope
