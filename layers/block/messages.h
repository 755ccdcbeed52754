#ifndef BIOTOPE_LAYERS_BLOCK_MESSAGES_H_
#define BIOTOPE_LAYERS_BLOCK_MESSAGES_H_

#include <cstdint>

#include "layers/block/bio.h"
#include "layers/block/request.h"
#include "sim/cpu/call.h"

namespace biotope {

// submit_bio: the reply comes when generic_make_request has returned; the end of the bio is told to
// bio->end_io, which may be before.
struct SubmitBio : Call {
  Bio* bio = nullptr;
};

// bi_end_io: the bio has ended, with bio->error. Sent to the bio's owner in the interrupt or
// softirq that ends it. The bio belongs to its owner again.
struct EndBio : Call {
  Bio* bio = nullptr;
};

// backing_dev_info.unplug_io_fn: somebody is going to wait for this queue, so it shall start.
struct UnplugQueue : Call {};

// bdi_read_congested.
struct QueryCongestion : Call {
  bool read_congested = false;
};

// end_that_request_first and _last: the driver has finished `request`, with 0 or -errno.
struct EndRequest : Call {
  Request* request = nullptr;
  int error = 0;
  bool still_queued = false;  // it is still on the dispatch list (IDE leaves it there until now)
};

// blk_run_queue: the device can take more.
struct RunQueue : Call {};

// The scheduler's NextWakeup has come: run the queue from kblockd.
struct KickQueue : Message {};

// What the layers above use. All are connected to the block layer.
struct BlockPorts {
  Port<SubmitBio> submit_bio;
  Port<UnplugQueue> unplug;
  Port<QueryCongestion> congestion;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_MESSAGES_H_
