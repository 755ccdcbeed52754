#ifndef BIOTOPE_LAYERS_DISK_HDD_GEOMETRY_H_
#define BIOTOPE_LAYERS_DISK_HDD_GEOMETRY_H_

#include <cstdint>
#include <vector>

#include "layers/disk/hdd/hdd_parameters.h"
#include "layers/disk/hdd/layout.h"
#include "sim/core/units.h"

namespace biotope {

// The places of all sectors of a drive, in logical order from the outermost cylinder. Angles are
// relative to the first sector of the drive. Left out on purpose: slipped and remapped sectors.
class Geometry : public Layout {
 public:
  // The parameters are valid.
  explicit Geometry(const HddParameters& hdd);

  Sector capacity() const override { return capacity_; }
  uint32_t cylinders() const override { return cylinders_; }

  // Both take time with the logarithm of the number of zones.
  SectorPlace Locate(Sector sector) const override;
  TrackExtent TrackOf(Sector sector) const override;

 private:
  // Sums over the sweeps of two bands, an even and an odd one, before a sweep.
  struct SweepSum {
    Angle cylinder_skews;
    Angle next_skews;
  };

  struct Zone {
    uint64_t first_sector;
    uint64_t nr_sectors;
    uint32_t first_cylinder;
    uint32_t last_cylinder;
    uint32_t sectors_per_track;
    uint32_t nr_bands;
    Angle angle;  // of the first track
    std::vector<HddSweep> sweeps;
    std::vector<SweepSum> sums;  // one more than sweeps
  };

  Zone MakeZone(const HddZone& zone, uint64_t first_sector, Angle angle) const;
  const Zone& ZoneOf(uint64_t sector) const;
  Angle SweepAngle(const Zone& zone, uint32_t height, uint32_t from, uint32_t to) const;
  uint32_t Height(const Zone& zone, uint32_t band) const;
  Angle BandAngle(const Zone& zone, uint32_t band) const;

  const uint32_t surfaces_;
  const HddLayout layout_;
  std::vector<Zone> zones_;
  Sector capacity_;
  uint32_t cylinders_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_GEOMETRY_H_
