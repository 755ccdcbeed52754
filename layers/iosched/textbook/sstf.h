#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_SSTF_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_SSTF_H_

#include "layers/iosched/textbook/textbook_scheduler.h"

namespace biotope {

// Shortest seek time first, with the distance between sectors for the seek time, as its inventors
// had it: P. J. Denning, "Effects of scheduling on file memory operations", AFIPS SJCC 1967. Of two
// that are equally near, the one ahead. Who is far away may wait for ever.
class SstfScheduler : public TextbookScheduler {
 protected:
  Request& Choose(Tick now) override;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_SSTF_H_
