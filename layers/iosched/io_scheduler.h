#ifndef BIOTOPE_LAYERS_IOSCHED_IO_SCHEDULER_H_
#define BIOTOPE_LAYERS_IOSCHED_IO_SCHEDULER_H_

#include <cstddef>
#include <cstdint>
#include <optional>

#include "layers/block/request.h"
#include "sim/core/units.h"

namespace biotope {

// Where a bio may join a request.
enum class MergeKind { kNone, kBack, kFront };

struct MergeCandidate {
  MergeKind kind = MergeKind::kNone;
  Request* request = nullptr;
};

// What a scheduler says to a task that wants a request of its queue (ELV_MQUEUE_*).
enum class MayQueue {
  kNo,    // not now, even if one is free
  kMay,   // if one is free
  kMust,  // even if the queue is full
};

// A request that is about to be allocated (blk_mq_alloc_data; in Linux 2.6 the arguments of
// get_request).
struct NewRequest {
  bool write = false;
  bool sync = false;  // as Request::sync
  uint16_t task = 0;
  IoPriority ioprio = {};
};

// An I/O scheduler: what the kernel decides about the order of requests, and nothing else. A plain
// class over plain data; time is an argument.
// Models: the elevator operations of drivers/block/elevator.c (Linux 2.6.11). Left out on purpose:
// barriers, requests of packet commands.
//
// A request that was inserted belongs to the scheduler until Dispatch returns it. Only requests
// that Mergeable() says may be merged are ever candidates. The scheduler does not check the queue's
// limits: its caller does, and sets Request::nomerge when one refuses.
class IoScheduler {
 public:
  virtual ~IoScheduler() = default;

  // elevator_merge_fn: the request that `bio` may join, the same direction and adjacent to it.
  virtual MergeCandidate FindMerge(const Bio& bio) = 0;

  // elevator_merged_fn: `request` has just grown by a bio at the end that `kind` names; its sector
  // and nr_sectors have their new values already.
  virtual void Merged(Request& request, MergeKind kind) = 0;

  // elevator_former_req_fn / elevator_latter_req_fn: the neighbour in sort order, or null. The
  // queue merges the two when they have become adjacent.
  virtual Request* Former(Request& request) = 0;
  virtual Request* Latter(Request& request) = 0;

  // elevator_merge_req_fn: the bios of `gone` now belong to `survivor`, the lower one, whose extent
  // is already the union. A bio has made the two adjacent; Merged() was not called for it. The
  // scheduler forgets `gone`, whose start may have changed since it was inserted.
  virtual void MergedRequests(Request& survivor, Request& gone) = 0;

  // elevator_add_req_fn, ELEVATOR_INSERT_SORT.
  virtual void Insert(Request& request, Tick now) = 0;

  // elevator_next_req_fn: takes the next request out and returns it; null if there is none, or if
  // the scheduler wants the device to wait (HasWork() is then true and NextWakeup() says until
  // when).
  virtual Request* Dispatch(Tick now) = 0;

  // elevator_next_req_fn once more, while the driver has not taken `request` yet, which is the
  // first of those that Dispatch returned. The one that is first now: `request`, or another one
  // that the scheduler has put in front of it. Then that one is dispatched, and `request` comes
  // after it.
  virtual Request& Reconsider(Request& request, Tick /*now*/) { return request; }

  // elevator_remove_req_fn: the driver takes `request`, which Dispatch or Reconsider had returned.
  virtual void Removed(Request& /*request*/) {}

  // elevator_completed_req_fn: the device has finished a request that Dispatch had returned.
  virtual void Completed(const Request& /*request*/, Tick /*now*/) {}

  // elevator_may_queue_fn, _set_req_fn and _put_req_fn: whether the task may have this request; it
  // has been given it; a request has been freed. A scheduler that limits its tasks counts by these.
  virtual MayQueue CheckMayQueue(const NewRequest& /*request*/) { return MayQueue::kMay; }
  virtual void SetRequest(const NewRequest& /*request*/) {}
  virtual void PutRequest(const Request& /*request*/) {}

  // exit_io_context: `task` is no more. Its requests may still be queued.
  virtual void TaskExited(uint16_t /*task*/, Tick /*now*/) {}

  // The date at which Dispatch should be called again although nothing was inserted or completed.
  // It may have come already when Insert, Completed or TaskExited return: the scheduler has been
  // waiting for that (kblockd_schedule_work).
  virtual std::optional<Tick> NextWakeup() const { return std::nullopt; }

  // !elevator_queue_empty_fn: holds requests that Dispatch has not returned.
  virtual bool HasWork() const = 0;

  // -- blk-mq only (struct elevator_mq_ops, Linux 6.18). insert_requests, dispatch_request,
  // has_work, request_merge and bio_merge, request_merged, requests_merged, former_request and
  // next_request are the functions above; finish_request and completed_request are both Completed,
  // and prepare_request has nothing to do here.

  // limit_depth: how many of the queue's `nr_requests` tags may be in use for `request` to get one.
  virtual uint32_t LimitDepth(const NewRequest& /*request*/, uint32_t nr_requests) const {
    return nr_requests;
  }

  // blk_mq_sched_try_insert_merge: the queued request that ends where `request`, which is about to
  // be inserted or has grown by this very search, begins. `again`: not the first search.
  virtual Request* FindInsertMerge(const Request& /*request*/, bool /*again*/) { return nullptr; }

  // insert_requests with BLK_MQ_INSERT_AT_HEAD.
  virtual void InsertAtHead(Request& request, Tick now) { Insert(request, now); }

  // hctx->dispatch_busy: the driver has refused requests lately.
  virtual void SetDispatchBusy(bool /*busy*/) {}
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_IO_SCHEDULER_H_
