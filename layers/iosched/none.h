#ifndef BIOTOPE_LAYERS_IOSCHED_NONE_H_
#define BIOTOPE_LAYERS_IOSCHED_NONE_H_

#include <cstddef>
#include <cstdint>
#include <deque>

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/software_queue.h"

namespace biotope {

// What stands where a scheduler would: the software queues, one per CPU, first in, first out.
// Models: block/blk-mq-sched.c __blk_mq_sched_bio_merge, __blk_mq_sched_dispatch_requests,
// blk_mq_do_dispatch_ctx; block/blk-mq.c blk_mq_flush_busy_ctxs, blk_mq_dequeue_from_ctx,
// blk_mq_insert_request (Linux 6.18). Left out on purpose: several hardware queues; direct issue,
// which passes the software queues and is the block layer's.
//
// Once a request has left its software queue it can no longer grow. As long as the driver refuses
// nothing, all queues are emptied at once, in the order of the CPUs; when it has refused requests
// lately, one request is taken at a time, from one CPU after the other, so that the others may
// grow.
class NoneScheduler : public IoScheduler {
 public:
  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& /*request*/, MergeKind /*kind*/) override {}
  // No neighbours: bios join requests, but requests do not join each other.
  Request* Former(Request& /*request*/) override { return nullptr; }
  Request* Latter(Request& /*request*/) override { return nullptr; }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  bool HasWork() const override;

  void InsertAtHead(Request& request, Tick now) override;
  void SetDispatchBusy(bool busy) override { dispatch_busy_ = busy; }

 private:
  SoftwareQueue& QueueOf(uint16_t cpu);
  void FlushAll();
  Request* DequeueNext();

  std::deque<SoftwareQueue> software_queues_;  // by CPU
  RequestFifo flushed_;
  bool dispatch_busy_ = false;
  size_t dispatch_from_ = 0;  // whose turn it is when busy
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_NONE_H_
