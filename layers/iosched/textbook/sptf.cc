#include "layers/iosched/textbook/sptf.h"

namespace biotope {

Request& SptfScheduler::Choose(Tick now) {
  Request* nearest = &fifo().front();
  if (positioning_ == nullptr) return *nearest;
  Tick shortest = kNever;
  for (Request& request : fifo()) {
    const Tick time = positioning_->Estimate(request, now);
    if (time >= shortest) continue;
    shortest = time;
    nearest = &request;
  }
  return *nearest;
}

}  // namespace biotope
