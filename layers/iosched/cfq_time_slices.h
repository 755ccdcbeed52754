#ifndef BIOTOPE_LAYERS_IOSCHED_CFQ_TIME_SLICES_H_
#define BIOTOPE_LAYERS_IOSCHED_CFQ_TIME_SLICES_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "layers/iosched/cfq_round_robin.h"
#include "layers/iosched/cfq_task_queue.h"
#include "layers/iosched/choose_request.h"
#include "layers/iosched/io_history.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/last_merge.h"
#include "layers/iosched/merge_hash.h"
#include "layers/iosched/request_queues.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of CFQ, with the kernel's defaults (at 1000 timer interrupts per
// second; in the kernel they are fractions of HZ).
struct CfqTimeSlicesTunables {
  uint32_t quantum = 4;                // requests that are chosen at a time
  uint32_t fifo_expire_sync_ms = 125;  // overdue so long after it was allocated
  uint32_t fifo_expire_async_ms = 250;
  uint32_t back_seek_max_kb = 16384;  // how far a request behind the head may be
  uint32_t back_seek_penalty = 2;     // how much dearer that is
  uint32_t slice_sync_ms = 100;       // the slice of a task of level 4
  uint32_t slice_async_ms = 40;       // the slice of an asynchronous queue of level 4
  uint32_t slice_async_rq = 2;        // scales the requests that it may have in a slice
  uint32_t slice_idle_ms = 8;         // how long to wait for a task's next request; 0: never
};

// Models: block/cfq-iosched.c, and elv_dispatch_sort, elv_merge and the rest of what it uses of
// block/elevator.c (Linux 2.6.20). Left out on purpose: barriers, requests that are requeued;
// metadata requests, which ext2 of that kernel does not mark; the boost of a task that holds a lock
// of the file system; that a queue nobody refers to any more is freed. Later kernels (2.6.21
// to 5.0) sort the queues by a virtual time and into groups.
//
// Every task has a queue for its synchronous requests; the asynchronous ones of all tasks of an I/O
// priority share one. A queue has the disk for a time slice. When it has nothing to do before that
// is over, the disk waits a moment for its next request, unless it is known to think too long. The
// queues have their turns as CfqRoundRobin says.
class CfqTimeSlicesScheduler : public IoScheduler {
 public:
  // `hz`: timer interrupts per second, the unit in which time is counted.
  CfqTimeSlicesScheduler(const CfqTimeSlicesTunables& tunables, uint32_t hz);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return QueueOf(request).sorted.Former(request); }
  Request* Latter(Request& request) override { return QueueOf(request).sorted.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  void Completed(const Request& request, Tick now) override;
  MayQueue CheckMayQueue(const NewRequest& request) override;
  void TaskExited(uint16_t task, Tick now) override;
  std::optional<Tick> NextWakeup() const override;
  bool HasWork() const override { return !round_robin_.empty() || !dispatch_.empty(); }

 private:
  // What it remembers of a task (struct cfq_io_context).
  struct IoContext {
    bool known = false;
    bool exited = false;
    uint64_t last_end_request = 0;  // jiffies
    ThinkTime think_time;
    SeekDistance seek;
    std::unique_ptr<CfqTaskQueue> sync_queue;
    CfqTaskQueue* async_queue = nullptr;
  };

  // sample_valid: enough of them to believe the mean.
  static constexpr uint64_t kEnoughSamples = 80;
  // CIC_SEEKY: a task whose requests are so many sectors apart seeks.
  static constexpr uint64_t kSeeky = 128 * 1024;

  // Queues.
  IoContext& ContextOf(uint16_t task);
  CfqTaskQueue& QueueOf(const Request& request) { return *queues_[request.slot]; }
  CfqTaskQueue& QueueForRequest(const Request& request, Tick now);
  CfqTaskQueue* QueueForBio(const Bio& bio);
  CfqTaskQueue& AsyncQueueOf(IoPriority ioprio);
  std::unique_ptr<CfqTaskQueue> NewQueue(IoPriority ioprio, bool async) const;
  void SetPriority(CfqTaskQueue& queue, IoPriority ioprio);
  void AddSorted(Request& request);
  void RemoveQueued(Request& request);
  void Enqueued(CfqTaskQueue& queue, Request& request, Tick now);
  void UpdateIdleWindow(CfqTaskQueue& queue, const IoContext& context);
  bool ShouldPreempt(const CfqTaskQueue& queue, const Request& request) const;
  void Preempt(CfqTaskQueue& queue, Tick now);

  // Slices.
  CfqTaskQueue* SelectQueue(Tick now);
  CfqTaskQueue* SetActiveQueue(Tick now);
  void ExpireSlice(bool preempted, Tick now);
  bool IsSliceOver(const CfqTaskQueue& queue, Tick now) const;
  bool ArmSliceTimer(CfqTaskQueue& queue, Tick now);
  uint64_t SliceOf(const CfqTaskQueue& queue) const;
  uint32_t MostAsyncRequests(const CfqTaskQueue& queue) const;
  void RunTimers(Tick now);
  void OnSliceTimer(Tick now);
  void ScheduleDispatch(Tick now);

  // Choosing.
  void DispatchRequests(Tick now);
  void DispatchFrom(CfqTaskQueue& queue, Tick now);
  Request* CheckFifo(CfqTaskQueue& queue, Tick now);
  void MoveToDispatch(Request& request);
  void SortIntoDispatch(Request& request);

  const JiffyClock clock_;
  const SeekRule seek_;
  const uint32_t quantum_;
  const uint32_t slice_async_rq_;
  const std::array<uint64_t, 2> fifo_expire_;                // jiffies; by CfqTaskQueue::async
  const std::array<uint64_t, 2> slice_;                      // jiffies; by CfqTaskQueue::sync()
  const uint64_t slice_idle_;                                // jiffies
  std::vector<IoContext> contexts_;                          // by task
  std::vector<std::unique_ptr<CfqTaskQueue>> async_queues_;  // in the order of their making
  std::vector<CfqTaskQueue*> queues_;                        // by Request::slot
  CfqRoundRobin round_robin_;
  MergeHash hash_;
  LastMerge last_merge_;
  DispatchList dispatch_;  // chosen; leaves in this order
  Sector last_sector_;     // behind the last of them
  Sector end_sector_;      // behind the last that left: where the sweep stands
  uint32_t rq_in_driver_ = 0;
  bool hw_tag_ = false;  // the device queues requests itself

  CfqTaskQueue* active_ = nullptr;       // whose slice it is
  std::optional<uint16_t> active_task_;  // active_cic: whose request was the first of the slice
  uint32_t dispatch_slice_ = 0;          // requests that were chosen in the slice
  uint64_t last_end_request_ = 0;        // jiffies; not of the idle class
  std::optional<uint64_t> slice_timer_;  // idle_slice_timer, jiffies
  std::optional<uint64_t> idle_class_timer_;  // jiffies
  std::optional<Tick> kick_;                  // kblockd has been asked to run the queue
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_CFQ_TIME_SLICES_H_
