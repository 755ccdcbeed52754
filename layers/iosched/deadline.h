#ifndef BIOTOPE_LAYERS_IOSCHED_DEADLINE_H_
#define BIOTOPE_LAYERS_IOSCHED_DEADLINE_H_

#include <array>
#include <cstdint>

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/last_merge.h"
#include "layers/iosched/merge_hash.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/sort_tree.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of the deadline scheduler, with the kernel's defaults.
struct DeadlineTunables {
  uint32_t read_expire_ms = 500;    // a read is due so long after it was queued
  uint32_t write_expire_ms = 5000;  // a write likewise
  uint32_t writes_starved = 2;      // how often reads may go before waiting writes
  uint32_t fifo_batch = 16;         // contiguous requests that may follow each other
  bool front_merges = true;         // look for front merges in the sort tree
};

// Models: drivers/block/deadline-iosched.c (Linux 2.6.11). Left out on purpose: barriers, requests
// that are requeued.
//
// Each direction has its requests twice, by sector and by age. Requests leave in ascending order of
// sectors, in one direction, from the lowest one again when the highest has gone; reads first, a
// write after every `writes_starved` reads; and whoever leads the FIFO of the chosen direction goes
// at once when it is overdue.
class DeadlineScheduler : public IoScheduler {
 public:
  // `hz`: timer interrupts per second, the unit in which time-outs are counted.
  DeadlineScheduler(const DeadlineTunables& tunables, uint32_t hz);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return QueueOf(request).sorted.Former(request); }
  Request* Latter(Request& request) override { return QueueOf(request).sorted.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  bool HasWork() const override;

 private:
  // The requests of one direction.
  struct DirectionQueue {
    SortTree sorted;
    RequestFifo fifo;
    Request* next = nullptr;  // next_drq: the one above the last that was chosen
    uint64_t expire = 0;      // jiffies
  };

  DirectionQueue& QueueOf(const Request& request) { return queues_[request.write]; }
  void AddSorted(Request& request);
  void RemoveSorted(Request& request);
  void Remove(Request& request);
  void MoveToDispatch(Request& request);
  Request* Choose(Tick now);
  Request* ChooseFrom(DirectionQueue& queue, Tick now);

  const DeadlineTunables tunables_;
  const JiffyClock clock_;
  std::array<DirectionQueue, 2> queues_;  // by Request::write; at most one has a `next`
  DirectionQueue& reads_ = queues_[false];
  DirectionQueue& writes_ = queues_[true];
  MergeHash hash_;
  LastMerge last_merge_;
  DispatchList dispatch_;  // chosen; leaves in this order
  Sector last_sector_;     // behind the last that was chosen
  // Requests of the batch. A gap adds fifo_batch to it, and it is not reset for as long as the
  // sweep goes on upwards; unsigned, as in the kernel, should it ever wrap around.
  uint32_t batching_ = 0;
  uint32_t starved_ = 0;  // how often reads went before waiting writes
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_DEADLINE_H_
