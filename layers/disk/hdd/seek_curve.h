#ifndef BIOTOPE_LAYERS_DISK_HDD_SEEK_CURVE_H_
#define BIOTOPE_LAYERS_DISK_HDD_SEEK_CURVE_H_

#include <cstdint>
#include <vector>

#include "layers/disk/hdd/hdd_parameters.h"
#include "sim/core/units.h"

namespace biotope {

// The time the arm needs for a number of cylinders, from measured points. Straight lines between
// the points, rounded down to nanoseconds; beyond the last one the line through the last two goes
// on.
class SeekCurve {
 public:
  // Distances up to this are looked up in a table, longer ones computed.
  static constexpr uint32_t kTableLimit = 200'000;

  // `points` as HddParameters::Validate demands them. `cylinders`: those of the drive.
  SeekCurve(std::vector<HddSeekPoint> points, uint32_t cylinders);

  // `distance` is below the number of cylinders.
  Tick Time(uint32_t distance) const {
    if (distance < table_.size()) [[likely]]
      return kNanosecond * table_[distance];
    return kNanosecond * Interpolate(distance);
  }

 private:
  uint32_t Interpolate(uint32_t distance) const;

  const std::vector<HddSeekPoint> points_;
  std::vector<uint32_t> table_;  // nanoseconds by distance
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_SEEK_CURVE_H_
