#ifndef BIOTOPE_SIM_RESULTS_DEVICE_STATS_H_
#define BIOTOPE_SIM_RESULTS_DEVICE_STATS_H_

#include <cstdint>

#include "configs/schema/result.pb.h"
#include "sim/trace/record.h"

namespace biotope {

// What the device had to do.
class DeviceStats {
 public:
  void Consume(const Record& record);

  // `span`: what utilisation and queue depth refer to, from the start of the stream.
  DeviceResult ToProto(Tick span) const;

 private:
  uint64_t requests_ = 0;
  uint64_t sectors_ = 0;
  uint64_t merges_ = 0;
  uint32_t active_ = 0;  // commands that the device works on
  Tick busy_;            // time with at least one
  Tick busy_since_;
  uint32_t outstanding_ = 0;          // between D and C
  Tick outstanding_since_;            // date of the last change
  unsigned __int128 queue_area_ = 0;  // integral of outstanding_ over time
  Tick seek_, rotation_, transfer_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_DEVICE_STATS_H_
