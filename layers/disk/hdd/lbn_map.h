#ifndef BIOTOPE_LAYERS_DISK_HDD_LBN_MAP_H_
#define BIOTOPE_LAYERS_DISK_HDD_LBN_MAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "layers/disk/hdd/hdd_parameters.h"
#include "layers/disk/hdd/layout.h"
#include "sim/core/units.h"

namespace biotope {

// The places of the sectors of a drive that was measured: runs of tracks in logical order, with its
// slips and spares. Angles are absolute.
class LbnMap : public Layout {
 public:
  // `runs` and `capacity` as HddParameters::Validate demands them.
  LbnMap(std::vector<HddTrackRun> runs, Sector capacity);

  Sector capacity() const override { return capacity_; }
  uint32_t cylinders() const override { return cylinders_; }

  // Both take a time that does not depend on the size of the drive.
  SectorPlace Locate(Sector sector) const override;
  TrackExtent TrackOf(Sector sector) const override;

 private:
  size_t RunOf(uint64_t sector) const;

  const std::vector<HddTrackRun> runs_;
  const Sector capacity_;
  uint32_t cylinders_ = 0;
  // The run of the first sector of each bucket of 2^bucket_bits_ sectors.
  uint32_t bucket_bits_ = 0;
  std::vector<uint32_t> buckets_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_LBN_MAP_H_
