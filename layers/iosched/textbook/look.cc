#include "layers/iosched/textbook/look.h"

namespace biotope {

Request& LookScheduler::Choose(Tick /*now*/) {
  Request* ahead = sorted().AtOrAbove(position());
  Request* behind = sorted().Below(position());
  if ((upwards_ ? ahead : behind) == nullptr) upwards_ = !upwards_;
  return upwards_ ? *ahead : *behind;
}

}  // namespace biotope
