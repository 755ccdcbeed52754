#ifndef BIOTOPE_LAYERS_IOSCHED_BFQ_H_
#define BIOTOPE_LAYERS_IOSCHED_BFQ_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "layers/iosched/bfq_burst.h"
#include "layers/iosched/bfq_peak_rate.h"
#include "layers/iosched/bfq_queue.h"
#include "layers/iosched/bfq_service_tree.h"
#include "layers/iosched/bfq_weight_raising.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/queue_merge.h"
#include "layers/iosched/request_queues.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of bfq, with the kernel's defaults.
struct BfqTunables {
  uint32_t fifo_expire_sync_ms = 125;            // so old a request that is waited for goes first
  uint32_t fifo_expire_async_ms = 250;           // any other one likewise
  uint32_t back_seek_max_kb = 16 * 1024;         // so far back a request counts as near
  uint32_t back_seek_penalty = 2;                // a way back is so much longer than one ahead
  uint32_t slice_idle_ms = 8;                    // so long the device waits for a process
  uint32_t max_budget = 0;                       // sectors of a service slot; 0: from the peak rate
  std::optional<uint32_t> timeout_sync_ms = {};  // of a service slot; absent: an eighth of a second
  bool strict_guarantees = false;                // always idle, and one request at a time
  bool low_latency = true;                       // weight raising
};

// Models: block/bfq-iosched.c (Linux 6.18); the parts that have files of their own name what they
// model. Left out on purpose: groups (cgroups) but the one that all are in, several actuators,
// queues of cooperating processes that become one (close, early or late stable merges), injection
// of other queues' requests while one is waited for, processes that end, REQ_META.
//
// Each process has a queue and a budget of sectors. One queue at a time is in service, until its
// budget or its time is used up or it has no more requests; B-WF2Q+ says who is next. A queue that
// runs empty may stay in service, and the device idle, for the next request of its process.
class BfqScheduler : public IoScheduler {
 public:
  // What it knows of the machine.
  struct Surroundings {
    uint32_t hz = 0;         // timer interrupts per second
    bool rotational = true;  // queue/rotational of the device
    // All processes are in one cgroup that is not the root. Then no queue preempts another: only
    // the group could be preempted, and there is no other one.
    bool one_group = false;
  };

  BfqScheduler(const BfqTunables& tunables, const Surroundings& surroundings);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return OwnerOf(request).sorted.Former(request); }
  Request* Latter(Request& request) override { return OwnerOf(request).sorted.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  Request& Reconsider(Request& request, Tick now) override {
    Advance(now);
    return request;
  }
  void Completed(const Request& request, Tick now) override;
  std::optional<Tick> NextWakeup() const override { return idle_timer_; }
  bool HasWork() const override { return queued_ > 0 || !dispatch_.empty(); }

  uint32_t LimitDepth(const NewRequest& request, uint32_t nr_requests) const override;
  Request* FindInsertMerge(const Request& request, bool again) override {
    return merge_.FindInsertMerge(request, again);
  }
  void InsertAtHead(Request& request, Tick now) override;

 private:
  // Why a queue stops being served (enum bfqq_expiration).
  enum class Expiration {
    kTooIdle,
    kBudgetTimeout,
    kBudgetExhausted,
    kNoMoreRequests,
    kPreempted,
  };

  // The clocks, as of the latest call that had a date.
  uint64_t now_ns() const { return now_ / kNanosecond; }
  Jiffies jiffies() const { return static_cast<Jiffies>(clock_.Jiffies(now_)); }

  // -- bfq.cc
  BfqQueue& OwnerOf(const Request& request) { return *owners_[request.slot]; }
  BfqQueue* FindQueue(bool sync, uint16_t task, const IoPriority& ioprio);
  BfqQueue& QueueFor(const Request& request);
  BfqQueue& CreateQueue(const Request& request);
  Request* ChooseRequest(Request* a, Request* b, Sector last) const;
  Request* FindNextRequest(BfqQueue& queue, Request& last);
  Request* CheckFifo(BfqQueue& queue, const Request& last);
  void RemoveRequest(Request& request);
  BfqQueue* SelectQueue();
  Request& DispatchFrom(BfqQueue& queue);
  bool IsSeeky(Sector last, const Request& request) const;

  // -- bfq_arrival.cc: a request arrives, and with it knowledge of its process
  void AddRequest(BfqQueue& queue, Request& request);
  void BecomeBusy(BfqQueue& queue, bool interactive);
  bool UpdateBudgetForActivation(BfqQueue& queue, bool arrived_in_time);
  bool MayPreempt(const BfqQueue& queue, bool wants_to) const;
  void StopWaitingFor(BfqQueue& queue, const Request& request);
  void UpdateThinkTime(BfqQueue& queue);
  void UpdateIoIntensity(BfqQueue& queue);
  void UpdateSeekHistory(BfqQueue& queue, const Request& request);

  // -- bfq_expire.cc: budgets, and the end of a service slot
  int64_t ServiceToCharge(const Request& request, const BfqQueue& queue) const;
  int64_t MaxBudget() const;
  int64_t MinBudget() const { return MaxBudget() / 32; }
  void UpdateMaxBudget();
  void UpdatedNextRequest(BfqQueue& queue);
  void AddBusy(BfqQueue& queue);
  void RemoveBusy(BfqQueue& queue, bool expiration);
  BfqQueue* SetInService();
  void Expire(BfqQueue& queue, bool compensate, Expiration reason);
  void ExpireFromTrees(BfqQueue& queue, Expiration reason);
  bool IsSlow(const BfqQueue& queue, bool compensate, uint64_t* time_ms) const;
  void ChargeTime(BfqQueue& queue, uint64_t time_ms);
  void RecalculateBudget(BfqQueue& queue, Expiration reason);
  std::optional<int64_t> NewMaxBudget(const BfqQueue& queue, Expiration reason) const;
  bool IsBudgetTimeout(const BfqQueue& queue) const { return queue.budget_timeout <= jiffies(); }
  bool MayExpireForBudgetTimeout(const BfqQueue& queue) const;

  // -- bfq_idling.cc: whether the device waits for a process
  bool IsAsymmetric(const BfqQueue& queue) const;
  bool IdlingBoostsThroughput(const BfqQueue& queue) const;
  bool IdlingIsNeededForGuarantees(const BfqQueue& queue) const;
  bool IsBetterToIdle(const BfqQueue& queue) const;
  bool MustIdle(const BfqQueue& queue) const {
    return queue.sorted.empty() && IsBetterToIdle(queue);
  }
  void ArmIdleTimer();
  void Advance(Tick now);
  void UpdateHwTag();
  uint32_t nr_busy() const { return busy_[0] + busy_[1] + busy_[2]; }

  const BfqTunables tunables_;
  const JiffyClock clock_;
  const bool rotational_;
  const bool one_group_;
  const uint64_t slice_idle_ns_;
  const Jiffies timeout_;  // of a service slot
  Tick now_;

  std::deque<BfqQueue> queues_;                         // all of them, where they stay
  std::vector<BfqQueue*> sync_queues_;                  // by task
  std::array<std::vector<BfqQueue*>, 4> async_queues_;  // by class and level
  std::vector<BfqQueue*> owners_;                       // of the requests, by slot

  BfqServiceTrees trees_;
  BfqPeakRate peak_rate_;
  BfqWeightRaising raising_;
  BfqBurst burst_;
  QueueMerge merge_;
  DispatchList dispatch_;  // inserted at the head

  BfqQueue* in_service_ = nullptr;
  std::array<uint32_t, 3> busy_ = {};  // queues, by class
  uint32_t queued_ = 0;                // requests
  uint32_t in_driver_ = 0;             // requests
  Sector last_position_;               // behind the last dispatched one
  int64_t max_budget_;
  uint32_t budgets_assigned_ = 0;  // an average that goes to 256
  uint64_t last_budget_start_ns_ = 0;
  uint64_t last_idling_start_ns_ = 0;
  std::optional<Tick> idle_timer_;

  // Whether the device has a queue of its own: not known at first.
  std::optional<bool> hw_tag_;
  uint32_t hw_tag_samples_ = 0;
  uint32_t max_in_driver_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_BFQ_H_
