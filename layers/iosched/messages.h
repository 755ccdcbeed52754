#ifndef BIOTOPE_LAYERS_IOSCHED_MESSAGES_H_
#define BIOTOPE_LAYERS_IOSCHED_MESSAGES_H_

#include "layers/block/bio.h"
#include "layers/block/request.h"
#include "layers/iosched/io_scheduler.h"
#include "sim/cpu/call.h"

namespace biotope {

// What the block layer and the driver ask of the elevator. All are sent with the queue lock held.

// elv_queue_empty and elv_merge, and the merge itself if the queue's limits allow it.
struct MergeBio : Call {
  Bio* bio = nullptr;
  bool queue_empty = false;  // there was nothing to merge with
  MergeKind merged = MergeKind::kNone;
  Request* request = nullptr;    // that it was merged into
  Request* swallowed = nullptr;  // a neighbour that this merge made adjacent: now part of
                                 // `request`, to be freed by the caller
};

// __elv_add_request.
struct AddRequest : Call {
  Request* request = nullptr;
};

// elv_next_request: the next request for the driver. It stays the next one until it is taken, and
// it is not merged with any more. Null: none now.
struct NextRequest : Call {
  Request* request = nullptr;
};

// blkdev_dequeue_request: the driver takes the request that NextRequest returned.
struct DequeueRequest : Call {
  Request* request = nullptr;
};

// elv_completed_request.
struct CompletedRequest : Call {
  Request* request = nullptr;
};

struct IoschedPorts {
  Port<MergeBio> merge;
  Port<AddRequest> add;
  Port<NextRequest> next;
  Port<DequeueRequest> dequeue;
  Port<CompletedRequest> completed;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_MESSAGES_H_
