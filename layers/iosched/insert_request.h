#ifndef BIOTOPE_LAYERS_IOSCHED_INSERT_REQUEST_H_
#define BIOTOPE_LAYERS_IOSCHED_INSERT_REQUEST_H_

#include "layers/block/request.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/request_merge.h"
#include "sim/core/units.h"

namespace biotope {

// Models: block/blk-mq-sched.c blk_mq_sched_try_insert_merge and block/elevator.c
// elv_attempt_insert_merge (Linux 6.18). Left out on purpose: queue/nomerges.
//
// A request that comes out of a plug may follow one that the scheduler holds already. It is then
// swallowed instead of inserted, and so may be the one that swallowed it, and so on; `free` is
// called with each request that is swallowed. Schedulers that do not look (FindInsertMerge) just
// get the request. True: inserted; false: swallowed.
template <class Free>
bool InsertRequest(IoScheduler& scheduler, Request& request, const QueueLimits& limits, Tick now,
                   Free free) {
  Request* merged = &request;
  for (bool again = false;; again = true) {
    Request* earlier = scheduler.FindInsertMerge(*merged, again);
    if (earlier == nullptr || !AttemptMerge(scheduler, *earlier, *merged, limits)) break;
    free(*merged);
    merged = earlier;
  }
  if (merged != &request) return false;
  scheduler.Insert(request, now);
  return true;
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_INSERT_REQUEST_H_
