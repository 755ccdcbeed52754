#include "layers/iosched/textbook/fcfs.h"

namespace biotope {

Request& FcfsScheduler::Choose(Tick /*now*/) { return fifo().front(); }

}  // namespace biotope
