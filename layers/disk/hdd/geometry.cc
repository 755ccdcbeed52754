#include "layers/disk/hdd/geometry.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "sim/core/check.h"

namespace biotope {

Geometry::Geometry(const HddParameters& hdd) : surfaces_(hdd.surfaces), layout_(hdd.layout) {
  uint64_t sectors = 0;
  Angle angle = 0;
  zones_.reserve(hdd.zones.size());
  for (const HddZone& hdd_zone : hdd.zones) {
    const Zone& zone = zones_.emplace_back(MakeZone(hdd_zone, sectors, angle));
    const uint32_t last_band = zone.nr_bands - 1;
    const uint32_t last_sweep = last_band % 2 * surfaces_;
    angle = BandAngle(zone, last_band) +
            SweepAngle(zone, Height(zone, last_band), last_sweep, last_sweep + surfaces_);
    sectors += hdd_zone.NrSectors(surfaces_);
    cylinders_ = zone.last_cylinder + 1;
  }
  capacity_ = hdd.capacity == Sector(0) ? Sector(sectors) : hdd.capacity;
}

Geometry::Zone Geometry::MakeZone(const HddZone& zone, uint64_t first_sector, Angle angle) const {
  const uint32_t cylinders = zone.last_cylinder - zone.first_cylinder + 1;
  const uint32_t full_bands = cylinders / layout_.band_cylinders;
  const uint32_t rest = cylinders % layout_.band_cylinders;
  const bool rest_is_band = full_bands == 0 || rest > layout_.band_cylinders / 2;
  std::vector<HddSweep> sweeps = zone.sweeps;
  if (sweeps.size() == surfaces_) {
    sweeps.insert(sweeps.end(), zone.sweeps.begin(), zone.sweeps.end());
  }
  std::vector<SweepSum> sums = {{.cylinder_skews = 0, .next_skews = 0}};
  for (const HddSweep& sweep : sweeps) {
    sums.push_back({.cylinder_skews = sums.back().cylinder_skews + sweep.cylinder_skew,
                    .next_skews = sums.back().next_skews + sweep.next_skew});
  }
  return {.first_sector = first_sector,
          .nr_sectors = zone.NrSectors(surfaces_),
          .first_cylinder = zone.first_cylinder,
          .last_cylinder = zone.last_cylinder,
          .sectors_per_track = zone.sectors_per_track,
          .nr_bands = full_bands + (rest_is_band ? 1 : 0),
          .angle = zone.first_angle.value_or(angle),
          .sweeps = std::move(sweeps),
          .sums = std::move(sums)};
}

const Geometry::Zone& Geometry::ZoneOf(uint64_t sector) const {
  const auto after = std::upper_bound(
      zones_.begin(), zones_.end(), sector,
      [](uint64_t wanted, const Zone& zone) { return wanted < zone.first_sector; });
  return *(after - 1);
}

// From the beginning of one sweep to that of another in bands of `height` cylinders.
Angle Geometry::SweepAngle(const Zone& zone, uint32_t height, uint32_t from, uint32_t to) const {
  const SweepSum& a = zone.sums[from];
  const SweepSum& b = zone.sums[to];
  return (height - 1) * (b.cylinder_skews - a.cylinder_skews) + b.next_skews - a.next_skews;
}

// The last band of a zone may be lower or higher than the others.
uint32_t Geometry::Height(const Zone& zone, uint32_t band) const {
  if (band + 1 < zone.nr_bands) return layout_.band_cylinders;
  return zone.last_cylinder - zone.first_cylinder + 1 - band * layout_.band_cylinders;
}

// Where the first track of a band of the zone begins.
Angle Geometry::BandAngle(const Zone& zone, uint32_t band) const {
  const uint32_t height = layout_.band_cylinders;
  return zone.angle + band / 2 * SweepAngle(zone, height, 0, 2 * surfaces_) +
         band % 2 * SweepAngle(zone, height, 0, surfaces_);
}

SectorPlace Geometry::Locate(Sector sector) const {
  BIOTOPE_CHECK(sector < capacity_, "sector {} of {}", sector.value(), capacity_.value());
  const Zone& zone = ZoneOf(sector.value());
  const uint64_t in_zone = sector.value() - zone.first_sector;
  const auto track = static_cast<uint32_t>(in_zone / zone.sectors_per_track);
  const uint32_t band_tracks = layout_.band_cylinders * surfaces_;
  const uint32_t band = std::min(track / band_tracks, zone.nr_bands - 1);
  const uint32_t track_of_band = track - band * band_tracks;
  const uint32_t height = Height(zone, band);
  const uint32_t sweep = track_of_band / height;
  const uint32_t step = track_of_band - sweep * height;
  const auto in_track = static_cast<uint32_t>(in_zone - uint64_t{track} * zone.sectors_per_track);
  const bool inward = sweep % 2 == 0;
  const bool odd_band = band % 2 != 0;
  const uint32_t band_sweep = odd_band ? surfaces_ : 0;
  return {.cylinder = zone.first_cylinder + band * layout_.band_cylinders +
                      (inward ? step : height - 1 - step),
          .head = odd_band && layout_.alternate_heads ? surfaces_ - 1 - sweep : sweep,
          .sector = in_track,
          .sectors_per_track = zone.sectors_per_track,
          .track_angle = BandAngle(zone, band) +
                         SweepAngle(zone, height, band_sweep, band_sweep + sweep) +
                         step * zone.sweeps[band_sweep + sweep].cylinder_skew,
          .run_length = static_cast<uint32_t>(
              std::min<uint64_t>(zone.sectors_per_track - in_track, zone.nr_sectors - in_zone))};
}

TrackExtent Geometry::TrackOf(Sector sector) const {
  const Zone& zone = ZoneOf(sector.value());
  const uint64_t in_zone = sector.value() - zone.first_sector;
  const uint64_t first = in_zone - in_zone % zone.sectors_per_track;
  const uint64_t end = std::min(first + zone.sectors_per_track, zone.nr_sectors);
  return {Sector(zone.first_sector + first), std::min(Sector(zone.first_sector + end), capacity_)};
}

}  // namespace biotope
