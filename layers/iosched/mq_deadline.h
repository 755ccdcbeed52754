#ifndef BIOTOPE_LAYERS_IOSCHED_MQ_DEADLINE_H_
#define BIOTOPE_LAYERS_IOSCHED_MQ_DEADLINE_H_

#include <array>
#include <cstdint>
#include <optional>

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/queue_merge.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/request_tree.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of mq-deadline, with the kernel's defaults.
struct MqDeadlineTunables {
  uint32_t read_expire_ms = 500;             // a read is due so long after it was queued
  uint32_t write_expire_ms = 5000;           // a write likewise
  uint32_t prio_aging_expire_ms = 10000;     // so long a class waits for a higher one at most
  uint32_t writes_starved = 2;               // batches of reads that may go before waiting writes
  uint32_t fifo_batch = 16;                  // requests of a batch
  bool front_merges = true;                  // look for front merges in the sort tree
  std::optional<uint32_t> async_depth = {};  // tags that writes may have; absent: all of them
};

// Models: block/mq-deadline.c (Linux 6.18). Left out on purpose: zoned devices.
//
// Deadline with three priority classes. A class has its requests twice per direction, by sector and
// by age. Requests leave in batches of one direction, upwards from where the last one of that
// direction began, whether they are contiguous or not; a batch starts at the oldest request if that
// one is overdue or if nothing lies above. Higher classes go first, until one of a lower class
// has waited for too long.
class MqDeadlineScheduler : public IoScheduler {
 public:
  // `hz`: timer interrupts per second, the unit in which time-outs are counted.
  MqDeadlineScheduler(const MqDeadlineTunables& tunables, uint32_t hz);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return QueueOf(request).sorted.Former(request); }
  Request* Latter(Request& request) override { return QueueOf(request).sorted.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  void Completed(const Request& request, Tick now) override;
  bool HasWork() const override;

  uint32_t LimitDepth(const NewRequest& request, uint32_t nr_requests) const override;
  Request* FindInsertMerge(const Request& request, bool again) override {
    return merge_.FindInsertMerge(request, again);
  }
  void InsertAtHead(Request& request, Tick now) override;

 private:
  enum PriorityIndex { kRealTime, kBestEffort, kIdle, kNrPriorities };

  // The requests of one class and direction.
  struct DirectionQueue {
    RequestTree sorted;
    RequestFifo fifo;
    Sector latest_pos;  // where the last one that was dispatched began

    // deadline_next_request.
    Request* Next() { return sorted.AtOrAbove(latest_pos); }
  };
  struct Priority {
    std::array<DirectionQueue, 2> queues;  // by Request::write
    uint32_t queued = 0;                   // inserted and not completed: those in flight count too
  };

  static PriorityIndex IndexOf(const IoPriority& ioprio);
  Priority& PriorityOf(const Request& request) { return priorities_[IndexOf(request.ioprio)]; }
  DirectionQueue& QueueOf(const Request& request) {
    return PriorityOf(request).queues[request.write];
  }
  int64_t InsertedAt(const Request& request) const;
  void Remove(Request& request);
  Request* Start(Request& request);
  Request* DispatchAged(int64_t jiffies);
  Request* DispatchFrom(Priority& priority, int64_t jiffies, int64_t latest_start);
  Request* StartBatch(Priority& priority, int64_t jiffies);
  std::optional<bool> ChooseDirection(Priority& priority);

  const MqDeadlineTunables tunables_;
  const JiffyClock clock_;
  const int64_t prio_aging_expire_;     // jiffies
  std::array<int64_t, 2> fifo_expire_;  // jiffies, by Request::write
  std::array<Priority, kNrPriorities> priorities_;
  QueueMerge merge_;
  DispatchList dispatch_;  // inserted at the head
  // Of the batch; all classes share them.
  bool last_write_ = true;  // last_dir, which starts as DD_WRITE
  uint32_t batching_ = 0;
  uint32_t starved_ = 0;  // how often reads went before waiting writes
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_MQ_DEADLINE_H_
