#ifndef BIOTOPE_LAYERS_DISK_HDD_HDD_MODEL_H_
#define BIOTOPE_LAYERS_DISK_HDD_HDD_MODEL_H_

#include <cstdint>

#include "layers/disk/device_model.h"
#include "layers/disk/hdd/geometry.h"
#include "layers/disk/hdd/hdd_parameters.h"
#include "layers/disk/hdd/seek_curve.h"
#include "sim/core/units.h"

namespace biotope {

// A rotating disk: for each track that a command touches the arm moves, the heads switch, the
// platter turns until the first wanted sector comes round, the sectors pass under the head. At tick
// 0 the first sector of the drive passes the heads, which are on its track; what the platter does
// follows from the date alone.
//
// Models: Ruemmler and Wilkes, "An introduction to disk drive modeling", IEEE Computer, March 1994.
// Left out on purpose: the drive's cache, readahead and early acknowledgement of writes (every
// command goes to the media), starting in the middle of a track's sectors, spare sectors, errors,
// the scatter of seek times.
class HddModel final : public DeviceModel {
 public:
  // Throws ScenarioError if the parameters contradict each other.
  explicit HddModel(const HddParameters& hdd);

  Sector capacity() const override { return geometry_.capacity(); }
  ServiceTime Serve(Tick start, Sector first, uint32_t nr_sectors, bool write) override;

  // Where the last command left the arm.
  uint32_t cylinder() const { return cylinder_; }
  uint32_t head() const { return head_; }
  const Geometry& geometry() const { return geometry_; }

 private:
  Tick Overhead(bool write) const;
  Tick MoveTo(const SectorPlace& place, bool write);
  Tick RotationUntil(const SectorPlace& place, Tick now) const;
  Tick TransferTime(const SectorPlace& place, uint32_t nr_sectors) const;

  const Geometry geometry_;
  const SeekCurve seek_curve_;
  const Tick revolution_;
  const Tick head_switch_;
  const Tick write_settle_;
  const HddOverhead overhead_;
  const Tick bus_sector_;
  uint32_t cylinder_ = 0;
  uint32_t head_ = 0;
  bool wrote_ = false;  // the command before was a write
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_HDD_MODEL_H_
