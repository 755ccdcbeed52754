#ifndef BIOTOPE_LAYERS_DISK_HDD_LAYOUT_H_
#define BIOTOPE_LAYERS_DISK_HDD_LAYOUT_H_

#include <cstdint>

#include "layers/disk/hdd/hdd_parameters.h"
#include "sim/core/units.h"

namespace biotope {

// Where a sector lies.
struct SectorPlace {
  uint32_t cylinder;
  uint32_t head;
  uint32_t sector;  // in its track
  uint32_t sectors_per_track;
  Angle track_angle;  // where sector 0 of the track begins
  // Addressable sectors from this one on that pass the head one after the other: up to the end of
  // the track or the next slipped sector. At least 1.
  uint32_t run_length;

  // Where the sector begins.
  Angle angle() const {
    return track_angle + static_cast<Angle>((uint64_t{sector} << 32) / sectors_per_track);
  }
};

// The logical addresses of one track: [first, end).
struct TrackExtent {
  Sector first;
  Sector end;
};

// Which logical address lies where.
class Layout {
 public:
  virtual ~Layout() = default;

  virtual Sector capacity() const = 0;
  virtual uint32_t cylinders() const = 0;

  // `sector` is below the capacity.
  virtual SectorPlace Locate(Sector sector) const = 0;
  virtual TrackExtent TrackOf(Sector sector) const = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_LAYOUT_H_
