#ifndef BIOTOPE_LAYERS_IOSCHED_ANTICIPATORY_H_
#define BIOTOPE_LAYERS_IOSCHED_ANTICIPATORY_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>

#include "layers/iosched/anticipation.h"
#include "layers/iosched/choose_request.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/last_merge.h"
#include "layers/iosched/merge_hash.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/sort_tree.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of the anticipatory scheduler, with the kernel's defaults (at 1000
// timer interrupts per second; in the kernel they are fractions of HZ).
struct AnticipatoryTunables {
  uint32_t read_expire_ms = 125;         // a synchronous request is due so long after it was queued
  uint32_t write_expire_ms = 250;        // an asynchronous one likewise
  uint32_t read_batch_expire_ms = 500;   // how long reads may go on while writes wait
  uint32_t write_batch_expire_ms = 125;  // how long writes may go on while reads wait
  uint32_t antic_expire_ms = 6;          // how long to wait for a task's next read; 0: never
};

// Models: drivers/block/as-iosched.c (Linux 2.6.11). Left out on purpose: barriers, requests that
// are requeued.
//
// Two classes: synchronous requests (reads, and writes that somebody waits for) and asynchronous
// ones. One class has the disk for a batch, then the other. Within a batch the request nearest to
// the head goes next, a bit backwards too; now and then the oldest one when it is overdue. After a
// synchronous request the disk may be kept idle for a moment (Anticipation).
//
// Two oddities of the kernel are kept. A front merge is looked for in the wrong class:
// bio_data_dir, which is 0 for a read, is taken for the class, where 0 is the asynchronous one. And
// a request that starts where another one does is never taken off its task's count of queued
// requests, so that its task is not waited for any more.
class AnticipatoryScheduler : public IoScheduler {
 public:
  // `hz`: timer interrupts per second, the unit in which time-outs are counted.
  AnticipatoryScheduler(const AnticipatoryTunables& tunables, uint32_t hz);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return QueueOf(request).sorted.Former(request); }
  Request* Latter(Request& request) override { return QueueOf(request).sorted.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  void Removed(Request& request) override { anticipation_.TakenByDriver(EntryOf(request).task); }
  void Completed(const Request& request, Tick now) override;
  MayQueue CheckMayQueue(const NewRequest& request) override;
  void TaskExited(uint16_t task, Tick now) override;
  std::optional<Tick> NextWakeup() const override { return anticipation_.NextWakeup(); }
  bool HasWork() const override;

  const Anticipation& anticipation() const { return anticipation_; }

 private:
  // The requests of one class.
  struct ClassQueue {
    SortTree sorted;
    RequestFifo fifo;
    Request* next = nullptr;                  // next_arq
    Sector last_sector;                       // behind the last that was dispatched
    std::optional<uint64_t> last_check_fifo;  // jiffies; at boot it is long ago
    uint64_t fifo_expire = 0;
    uint64_t batch_expire = 0;
  };
  // What it knows of a request (struct as_rq).
  struct Entry {
    uint16_t task = 0;     // whose io_context
    DispatchList aliases;  // that start where this one does: not in the tree, and leave with it
  };

  static constexpr bool kAsync = false;
  static constexpr bool kSync = true;
  static constexpr SeekRule kSeek = {.back_max = 1024 * 1024, .back_penalty = 2};

  ClassQueue& QueueOf(const Request& request) { return queues_[request.sync]; }
  Entry& EntryOf(const Request& request);
  Anticipation::Heads heads() const {
    return {queues_[batch_class_].last_sector, sync_.last_sector};
  }

  // Queueing.
  void AddAlias(Request& request, Request& alias);
  void ForgetMerging(Request& request);
  void RemoveQueued(Request& request);
  Request* NextAfter(Request& request);

  // Choosing.
  Request* Choose(Tick now);
  Request* ContinueBatch(bool reads, bool writes, Tick now, bool* wait);
  Request* StartBatch(bool reads, bool writes, Tick now);
  bool IsFifoExpired(ClassQueue& queue, Tick now);
  bool IsBatchExpired(Tick now) const;
  bool BeginChangedBatch(Tick now);
  void UpdateWriteBatch(Tick now);
  void MoveToDispatch(Request& request);
  void CountDispatched(const Request& request);

  const JiffyClock clock_;
  std::array<ClassQueue, 2> queues_;  // by Request::sync
  ClassQueue& async_ = queues_[kAsync];
  ClassQueue& sync_ = queues_[kSync];
  MergeHash hash_;
  LastMerge last_merge_;
  DispatchList dispatch_;      // chosen; leaves in this order
  std::deque<Entry> entries_;  // by Request::slot
  Anticipation anticipation_;
  Tick now_;  // of the last call

  // The batch.
  bool batch_class_ = kAsync;   // batch_data_dir
  bool changed_batch_ = false;  // waits until all of the batch before has been finished
  bool new_batch_ = false;      // its first request has not been finished yet
  uint64_t batch_expires_ = 0;  // current_batch_expires, jiffies
  uint32_t nr_dispatched_ = 0;  // requests that are not finished
  // How many writes make a batch, adapted so that one lasts write_batch_expire.
  uint32_t write_batch_count_ = 0;
  uint32_t current_write_count_ = 0;  // how many of them are left
  bool write_batch_idled_ = false;    // it had nothing to do, so its duration says nothing
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_ANTICIPATORY_H_
