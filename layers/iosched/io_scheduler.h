#ifndef BIOTOPE_LAYERS_IOSCHED_IO_SCHEDULER_H_
#define BIOTOPE_LAYERS_IOSCHED_IO_SCHEDULER_H_

#include <cstddef>
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

// An I/O scheduler: what the kernel decides about the order of requests, and nothing else. A plain
// class over plain data; time is an argument.
// Models: the elevator operations of drivers/block/elevator.c (Linux 2.6.11). Left out on purpose:
// barriers, requests of packet commands.
//
// A request that was inserted belongs to the scheduler until Dispatch returns it. Only requests that
// Mergeable() says may be merged are ever candidates. The scheduler does not check the queue's
// limits: its caller does, and sets Request::nomerge when one refuses.
class IoScheduler {
 public:
  virtual ~IoScheduler() = default;

  // elevator_merge_fn: the request that `bio` may join, the same direction and adjacent to it.
  virtual MergeCandidate FindMerge(const Bio& bio) = 0;

  // elevator_merged_fn: `request` has just grown by a bio at the end that `kind` names; its sector and
  // nr_sectors have their new values already.
  virtual void Merged(Request& request, MergeKind kind) = 0;

  // elevator_former_req_fn / elevator_latter_req_fn: the neighbour in sort order, or null. The queue
  // merges the two when they have become adjacent.
  virtual Request* Former(Request& request) = 0;
  virtual Request* Latter(Request& request) = 0;

  // elevator_merge_req_fn: the bios of `gone` now belong to `survivor`, the lower one, whose extent is
  // already the union. A bio has made the two adjacent; Merged() was not called for it. The scheduler
  // forgets `gone`, whose start may have changed since it was inserted.
  virtual void MergedRequests(Request& survivor, Request& gone) = 0;

  // elevator_add_req_fn, ELEVATOR_INSERT_SORT.
  virtual void Insert(Request& request, Tick now) = 0;

  // elevator_next_req_fn: takes the next request out and returns it; null if there is none, or if the
  // scheduler wants the device to wait (HasWork() is then true and NextWakeup() says until when).
  virtual Request* Dispatch(Tick now) = 0;

  // elevator_completed_req_fn: the device has finished a request that Dispatch had returned.
  virtual void Completed(const Request& /*request*/, Tick /*now*/) {}

  // The date at which Dispatch should be called again although nothing was inserted or completed.
  virtual std::optional<Tick> NextWakeup() const { return std::nullopt; }

  // !elevator_queue_empty_fn: holds requests that Dispatch has not returned.
  virtual bool HasWork() const = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_IO_SCHEDULER_H_
