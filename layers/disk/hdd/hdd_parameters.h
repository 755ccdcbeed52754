#ifndef BIOTOPE_LAYERS_DISK_HDD_HDD_PARAMETERS_H_
#define BIOTOPE_LAYERS_DISK_HDD_HDD_PARAMETERS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// 1 / 2^32 of a revolution. Sums wrap around like the angles that they stand for.
using Angle = uint32_t;

// What one surface does while it sweeps a band (HddLayout): how much later than the track before it
// a track begins, so that the heads can get there without losing a revolution.
struct HddSweep {
  Angle cylinder_skew = 0;  // from each track of the sweep to the next one
  Angle next_skew = 0;      // from its last track to the first one of the next sweep
};

// A range of cylinders with the same number of sectors on each track.
struct HddZone {
  uint32_t first_cylinder = 0;
  uint32_t last_cylinder = 0;  // inclusive
  uint32_t sectors_per_track = 0;
  // Where the first track begins. Without it the skew of the last sweep before it says that.
  std::optional<Angle> first_angle = std::nullopt;
  // Kept in reserve at the end of the zone.
  uint64_t spare_sectors = 0;
  // In their order; as many as there are surfaces, or twice as many if the bands with an odd number
  // differ from those with an even one.
  std::vector<HddSweep> sweeps;

  // Those that can be addressed.
  uint64_t NrSectors(uint32_t surfaces) const {
    const uint64_t cylinders = uint64_t{last_cylinder} - first_cylinder + 1;
    return cylinders * surfaces * sectors_per_track - spare_sectors;
  }
};

// The order of the tracks. A band is a range of cylinders that one surface after the other sweeps,
// in alternating directions. With bands of one cylinder that is the classic order, cylinder by
// cylinder.
struct HddLayout {
  // The last band of a zone takes up to half as many in addition, if they are left over.
  uint32_t band_cylinders = 1;
  // Every other band of a zone takes the surfaces from the last to the first.
  bool alternate_heads = false;
};

// The sweeps of a drive whose surfaces are all alike. `head_skew`: to the next surface in the same
// band (same cylinder); `band_skew`: to the next band.
std::vector<HddSweep> EqualSweeps(uint32_t surfaces, Angle head_skew, Angle cylinder_skew,
                                  Angle band_skew);

// A measured point of the seek curve.
struct HddSeekPoint {
  uint32_t distance = 0;  // cylinders
  uint32_t nanoseconds = 0;
};

// What the controller needs before the arm moves, by the direction of this command and of the one
// before.
struct HddOverhead {
  Tick read_after_read;
  Tick read_after_write;
  Tick write_after_read;
  Tick write_after_write;
};

// A drive as its data sheet or an extraction describes it.
struct HddParameters {
  Tick revolution;
  uint32_t surfaces = 0;
  // 0: as many as the zones hold.
  Sector capacity;
  HddLayout layout;
  std::vector<HddZone> zones;            // from cylinder 0, without gaps
  std::vector<HddSeekPoint> seek_curve;  // from distance 1, ascending
  Tick head_switch;
  Tick write_settle;  // in addition to a seek or head switch
  HddOverhead overhead;
  // The last sector of a read on its way to the host; the others travel while the next one is read.
  Tick bus_sector;

  // Throws ScenarioError naming the field (with its name in the scenario) that cannot be.
  void Validate() const;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_HDD_PARAMETERS_H_
