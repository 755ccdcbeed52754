#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_LOOK_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_LOOK_H_

#include "layers/iosched/textbook/textbook_scheduler.h"

namespace biotope {

// LOOK: the elevator. Upwards until nothing waits there, then downwards, and so on; without the way
// to the ends of the disk that SCAN makes (P. J. Denning, AFIPS SJCC 1967). Requests that keep
// coming just ahead of the head may hold up those behind it for ever.
class LookScheduler : public TextbookScheduler {
 protected:
  Request& Choose(Tick now) override;

 private:
  bool upwards_ = true;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_LOOK_H_
