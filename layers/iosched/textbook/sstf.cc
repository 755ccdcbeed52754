#include "layers/iosched/textbook/sstf.h"

namespace biotope {

Request& SstfScheduler::Choose(Tick /*now*/) {
  Request* ahead = sorted().AtOrAbove(position());
  Request* behind = sorted().Below(position());
  if (ahead == nullptr) return *behind;
  if (behind == nullptr) return *ahead;
  return position() - behind->sector < ahead->sector - position() ? *behind : *ahead;
}

}  // namespace biotope
