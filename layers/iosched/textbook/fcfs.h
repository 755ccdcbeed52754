#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_FCFS_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_FCFS_H_

#include "layers/iosched/textbook/textbook_scheduler.h"

namespace biotope {

// First come, first served. A request that bios join keeps its place.
class FcfsScheduler : public TextbookScheduler {
 protected:
  Request& Choose(Tick now) override;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_FCFS_H_
