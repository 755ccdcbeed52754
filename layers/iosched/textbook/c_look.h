#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_C_LOOK_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_C_LOOK_H_

#include "layers/iosched/textbook/textbook_scheduler.h"

namespace biotope {

// C-LOOK: upwards until nothing waits there, then from the lowest one again, so that waiting does
// not depend on where on the disk one is. Requests that keep coming just ahead of the head may hold
// up those behind it for ever.
class CLookScheduler : public TextbookScheduler {
 protected:
  Request& Choose(Tick now) override;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_C_LOOK_H_
