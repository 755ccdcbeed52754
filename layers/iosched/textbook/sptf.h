#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_SPTF_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_SPTF_H_

#include "layers/iosched/textbook/positioning_time.h"
#include "layers/iosched/textbook/textbook_scheduler.h"

namespace biotope {

// Shortest positioning time first: the request that the head reaches first, seek and rotation
// together. M. Seltzer, P. Chen, J. Ousterhout, "Disk scheduling revisited", USENIX Winter 1990
// (shortest time first); the name is of B. Worthington, G. Ganger, Y. Patt, "Scheduling algorithms
// for modern disk drives", SIGMETRICS 1994. Of several that are reached at once, the oldest. Who is
// far away may wait for ever.
//
// No host can do this: it would have to know where the platter is. It is what the others are
// measured by.
class SptfScheduler : public TextbookScheduler {
 public:
  // `positioning` outlives the scheduler. Null: a device on which all requests are equally near.
  explicit SptfScheduler(const PositioningTime* positioning) : positioning_(positioning) {}

 protected:
  Request& Choose(Tick now) override;

 private:
  const PositioningTime* const positioning_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_SPTF_H_
