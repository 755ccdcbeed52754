#ifndef BIOTOPE_SIM_WORLD_HDD_POSITIONING_H_
#define BIOTOPE_SIM_WORLD_HDD_POSITIONING_H_

#include "layers/disk/hdd/hdd_model.h"
#include "layers/iosched/textbook/positioning_time.h"

namespace biotope {

// What a scheduler that knows its disk may ask of it. The disk must outlive it.
class HddPositioning : public PositioningTime {
 public:
  explicit HddPositioning(const HddModel& disk) : disk_(disk) {}

  Tick Estimate(const Request& request, Tick now) const override {
    return disk_.PositioningTime(now, request.sector, request.write);
  }

 private:
  const HddModel& disk_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_HDD_POSITIONING_H_
