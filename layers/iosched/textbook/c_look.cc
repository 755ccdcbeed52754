#include "layers/iosched/textbook/c_look.h"

namespace biotope {

Request& CLookScheduler::Choose(Tick /*now*/) {
  Request* ahead = sorted().AtOrAbove(position());
  return ahead != nullptr ? *ahead : *sorted().First();
}

}  // namespace biotope
