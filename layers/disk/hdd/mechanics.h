#ifndef BIOTOPE_LAYERS_DISK_HDD_MECHANICS_H_
#define BIOTOPE_LAYERS_DISK_HDD_MECHANICS_H_

#include <cstdint>

#include "layers/disk/hdd/hdd_parameters.h"
#include "layers/disk/hdd/layout.h"
#include "layers/disk/hdd/seek_curve.h"
#include "sim/core/units.h"

namespace biotope {

// Arm and platters. At tick 0 angle 0 passes the heads, which are at cylinder 0, head 0; what the
// platter does follows from the date alone.
class Mechanics {
 public:
  Mechanics(const HddParameters& hdd, uint32_t cylinders);

  uint32_t cylinder() const { return cylinder_; }
  uint32_t head() const { return head_; }
  Tick revolution() const { return revolution_; }

  // How long the arm needs to the track of `place`, with the head switch and, for a write,
  // settling. The arm moves while the heads switch.
  Tick MoveTime(const SectorPlace& place, bool write) const;
  void MoveTo(const SectorPlace& place) {
    cylinder_ = place.cylinder;
    head_ = place.head;
  }
  bool OnTrack(const SectorPlace& place) const {
    return place.cylinder == cylinder_ && place.head == head_;
  }

  // From `now` until the sector begins to pass the head.
  Tick RotationUntil(const SectorPlace& place, Tick now) const;
  // While `nr_sectors` from `place` on pass. The rounding errors of consecutive sectors do not add
  // up: a sector begins exactly when the one before it ends.
  Tick PassTime(const SectorPlace& place, uint32_t nr_sectors) const;
  // Of the `nr_sectors` from `place` on, those that have passed completely after `elapsed`.
  uint32_t SectorsPassed(const SectorPlace& place, uint32_t nr_sectors, Tick elapsed) const;

 private:
  const SeekCurve seek_curve_;
  const Tick revolution_;
  const Tick head_switch_;
  const int64_t write_settle_ps_;
  const Tick rounding_;
  uint32_t cylinder_ = 0;
  uint32_t head_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_MECHANICS_H_
