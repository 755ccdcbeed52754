#ifndef BIOTOPE_LAYERS_IOSCHED_REQUEST_MERGE_H_
#define BIOTOPE_LAYERS_IOSCHED_REQUEST_MERGE_H_

#include <cstdint>

#include "layers/block/bio.h"
#include "layers/block/request.h"
#include "layers/iosched/io_scheduler.h"

namespace biotope {

// Models: drivers/block/ll_rw_blk.c ll_back_merge_fn, ll_front_merge_fn, ll_merge_requests_fn,
// attempt_merge, attempt_back_merge, attempt_front_merge, and the merging part of __make_request
// (Linux 2.6.11). Left out on purpose: segments that become one because their pages happen to be
// adjacent in memory at the joint, the limits of size and boundary of one segment, bounce buffers.

// What one request may be.
struct QueueLimits {
  uint32_t max_sectors = 255;
  uint32_t max_phys_segments = 128;
  uint32_t max_hw_segments = 128;
};

// What became of a bio that looked for a request to join.
struct MergeOutcome {
  MergeKind kind = MergeKind::kNone;
  Request* request = nullptr;    // that carries it now
  Request* swallowed = nullptr;  // a neighbour that the bio made adjacent: its bios belong to
                                 // `request` now, and the scheduler has forgotten it
};

// Whether `request` may grow by `bio`. If not, it may never grow again (nomerge).
bool TryReserve(Request& request, const Bio& bio, const QueueLimits& limits);

// Adds `bio`, which is adjacent, to the end or to the front of `request`.
void AppendBio(Request& request, Bio& bio);
void PrependBio(Request& request, Bio& bio);

// attempt_merge: joins `next` to `request` if it begins where that ends and if the limits allow it.
bool AttemptMerge(IoScheduler& scheduler, Request& request, Request& next,
                  const QueueLimits& limits);

// The merging part of __make_request: lets `bio` join a queued request, and that one its neighbour
// if they have become adjacent.
MergeOutcome MergeBioIntoQueue(IoScheduler& scheduler, Bio& bio, const QueueLimits& limits);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_REQUEST_MERGE_H_
