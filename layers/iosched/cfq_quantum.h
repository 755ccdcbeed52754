#ifndef BIOTOPE_LAYERS_IOSCHED_CFQ_QUANTUM_H_
#define BIOTOPE_LAYERS_IOSCHED_CFQ_QUANTUM_H_

#include <array>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "layers/iosched/choose_request.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/last_merge.h"
#include "layers/iosched/merge_hash.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/sort_tree.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of CFQ, with the kernel's defaults.
struct CfqQuantumTunables {
  uint32_t quantum = 4;                // requests of a round
  uint32_t queued = 8;                 // requests that every task may have, however many there are
  uint32_t fifo_expire_sync_ms = 500;  // see CheckFifo: the kernel mixes these two up
  uint32_t fifo_expire_async_ms = 5000;
  uint32_t fifo_batch_expire_ms = 125;  // a queue serves an overdue request once in so long a time
  bool find_best_crq = true;            // the request nearest to the head; false: the lowest sector
  uint32_t back_seek_max_kb = 16384;    // how far a request behind the head may be
  uint32_t back_seek_penalty = 2;       // how much dearer that is
};

// Models: drivers/block/cfq-iosched.c (Linux 2.6.11), CFQ before it had time slices. Left out on
// purpose: barriers, requests that are requeued; key_type (a queue belongs to a task, the key
// "tgid"); the wake-ups of tasks that CheckMayQueue has refused; that switching to CFQ sets
// nr_requests to 1024 and the batch of a waiting task to 8.
//
// Each task has a queue. The queues stand in a list, the one that has had the least service first,
// and of those with the same the one that came last. When the driver has nothing left, each queue
// gives one request, the nearest to the one before, then again, until there are `quantum`; at first
// only the queues that have none at the driver. Service is the time from the driver's first look at
// a request to its completion, or the number of requests once the device has had four at a time.
class CfqQuantumScheduler : public IoScheduler {
 public:
  // `hz`: timer interrupts per second, the unit in which time is counted. `nr_requests`: that of
  // the queue, which the tasks share.
  CfqQuantumScheduler(const CfqQuantumTunables& tunables, uint32_t hz, uint32_t nr_requests = 1024);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return QueueOf(request).sorted.Former(request); }
  Request* Latter(Request& request) override { return QueueOf(request).sorted.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  Request& Reconsider(Request& request, Tick now) override;
  void Removed(Request& request) override;
  void Completed(const Request& request, Tick now) override;
  MayQueue CheckMayQueue(const NewRequest& request) override;
  void SetRequest(const NewRequest& request) override;
  void PutRequest(const Request& request) override { --QueueOf(request).allocated[request.write]; }
  bool HasWork() const override;

 private:
  // struct cfq_queue.
  struct TaskQueue {
    boost::intrusive::list_member_hook<> rr_hook;
    SortTree sorted;
    std::array<RequestFifo, 2> fifos;          // by Request::sync
    Request* next = nullptr;                   // next_crq
    std::optional<uint64_t> last_fifo_expire;  // jiffies; at boot it is long ago
    std::optional<uint64_t> service_start;     // jiffies
    uint64_t service_used = 0;                 // jiffies or requests
    uint32_t in_flight = 0;                    // dispatched, not finished
    std::array<uint32_t, 2> allocated{};       // requests of each direction

    bool on_rr() const { return rr_hook.is_linked(); }
  };
  // What it knows of a request (struct cfq_rq).
  struct Entry {
    uint64_t queue_start = 0;    // jiffies
    uint64_t service_start = 0;  // jiffies
    bool accounted = false;      // the driver has looked at it
  };
  using RrList = boost::intrusive::list<
      TaskQueue, boost::intrusive::member_hook<TaskQueue, boost::intrusive::list_member_hook<>,
                                               &TaskQueue::rr_hook>>;

  TaskQueue& QueueOfTask(uint16_t task);
  TaskQueue& QueueOf(const Request& request) { return QueueOfTask(request.task); }
  Entry& EntryOf(const Request& request);

  // Queueing.
  void AddSorted(Request& request, Tick now);
  void RemoveSorted(Request& request);
  void RemoveQueued(Request& request);
  void AddToRr(TaskQueue& queue, Tick now);
  void SortIntoRr(TaskQueue& queue);
  void ResortRr(TaskQueue& queue);

  // Choosing.
  void DispatchRound(Tick now);
  void DispatchFrom(TaskQueue& queue, Tick now);
  Request* CheckFifo(TaskQueue& queue, Tick now);
  void MoveToDispatch(Request& request);
  Request& LookAtFirst(Tick now);

  // Service.
  bool IsServicePeriodOver(const TaskQueue& queue, Tick now) const;
  void AccountDispatch(const Request& request, Tick now);
  void AccountCompletion(const Request& request, Tick now);

  const CfqQuantumTunables tunables_;
  const JiffyClock clock_;
  const SeekRule seek_;
  const uint32_t nr_requests_;
  const std::array<uint64_t, 2> fifo_expire_;  // by Request::sync
  const uint64_t fifo_batch_expire_;
  std::vector<std::unique_ptr<TaskQueue>> queues_;  // by task
  RrList rr_list_;                                  // queues that have requests
  MergeHash hash_;
  LastMerge last_merge_;
  // q->queue_head: chosen, in the order in which they leave; with those at the front that the
  // driver has looked at and not taken yet, because others may be sorted in before them.
  std::vector<Request*> dispatch_;
  std::vector<Entry> entries_;  // by Request::slot
  Sector last_sector_;          // where the head is going to be
  Tick now_;                    // of the last call
  uint32_t rq_in_driver_ = 0;
  bool tagged_ = false;  // cfq_tagged
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_CFQ_QUANTUM_H_
