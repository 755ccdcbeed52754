#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_POSITIONING_TIME_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_POSITIONING_TIME_H_

#include "layers/block/request.h"
#include "sim/core/units.h"

namespace biotope {

// What a scheduler that knows the mechanics of its disk asks: how long until the first sector of a
// request is under the head?
class PositioningTime {
 public:
  virtual ~PositioningTime() = default;

  // If the disk began with `request` at `now`, where its last command has left it.
  virtual Tick Estimate(const Request& request, Tick now) const = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_POSITIONING_TIME_H_
