#ifndef BIOTOPE_LAYERS_IOSCHED_BFQ_WEIGHT_RAISING_H_
#define BIOTOPE_LAYERS_IOSCHED_BFQ_WEIGHT_RAISING_H_

#include <cstdint>

#include "layers/iosched/bfq_queue.h"
#include "layers/iosched/jiffy_clock.h"

namespace biotope {

// low_latency: the weight of a queue is raised for a while when its process seems to be interactive
// (it has been idle for long) or soft real-time (it asks for little, and regularly).
// Models: bfq_wr_duration, bfq_update_bfqq_wr_on_rq_arrival, bfq_update_wr_data, bfq_bfqq_end_wr,
// switch_back_to_interactive_wr, bfq_bfqq_softrt_next_start and the conditions around them
// (block/bfq-iosched.c, Linux 6.18). Left out on purpose: queues that are merged or split.
//
// Changes of wr_coeff are pending (BfqEntity::prio_changed) until BfqServiceTrees computes the
// weight.
class BfqWeightRaising {
 public:
  BfqWeightRaising(bool low_latency, bool rotational, const JiffyClock& clock);

  // How long an interactive queue is raised: the slower the device, the longer.
  Jiffies Duration(uint32_t peak_rate) const;

  // Whether the queue, which is to become busy, is interactive.
  bool IsInteractive(const BfqQueue& queue, Jiffies now) const;
  // The queue becomes busy; `interactive` as above. Raises it, or prolongs it, or lowers it.
  // `min_budget`: see BfqScheduler.
  void BecomesBusy(BfqQueue& queue, bool interactive, uint32_t peak_rate, int64_t min_budget,
                   Jiffies now);
  // A busy queue gets a request that nobody waits for. True: it is raised now.
  bool AsyncRequestArrived(BfqQueue& queue, uint32_t peak_rate, Jiffies now) const;
  // A request has arrived; `old_coeff`: the queue's before.
  void RequestArrived(BfqQueue& queue, uint32_t old_coeff, bool interactive, Jiffies now) const;

  // The queue has been chosen for service.
  void PutInService(BfqQueue& queue, Jiffies now) const;
  // A request of it has been dispatched: does it still deserve its weight?
  void RequestDispatched(BfqQueue& queue, uint32_t peak_rate, Jiffies now);
  // Its seek history has changed: who seeks all the time is not soft real-time.
  void SeekHistoryChanged(BfqQueue& queue, uint32_t peak_rate, Jiffies now);
  // The queue is expired; `slice_idle_ns` is the tunable.
  void Expired(BfqQueue& queue, uint64_t slice_idle_ns, Jiffies now) const;
  // A request of it has been completed.
  void Completed(BfqQueue& queue, uint64_t slice_idle_ns, Jiffies now) const;

  bool IsSoftRealTime(const BfqQueue& queue) const {
    return queue.wr_cur_max_time == soft_real_time_duration_;
  }

  // Raised queues that are busy.
  void AddBusy(const BfqQueue& queue) { busy_queues_ += queue.is_raised() ? 1 : 0; }
  void RemoveBusy(const BfqQueue& queue) { busy_queues_ -= queue.is_raised() ? 1 : 0; }
  void RaisedWhileBusy() { ++busy_queues_; }
  uint32_t busy_queues() const { return busy_queues_; }

 private:
  Jiffies FromMs(uint64_t ms) const { return static_cast<Jiffies>(clock_.FromMs(ms)); }
  bool SeemsSoftRealTime(const BfqQueue& queue, Jiffies now) const;
  void Start(BfqQueue& queue, bool interactive, uint32_t peak_rate, int64_t min_budget) const;
  void GoOn(BfqQueue& queue, bool interactive, uint32_t peak_rate, Jiffies now) const;
  void End(BfqQueue& queue, Jiffies now);
  void EndOrBackToInteractive(BfqQueue& queue, uint32_t peak_rate, Jiffies now);
  Jiffies SoftRealTimeNextStart(const BfqQueue& queue, uint64_t slice_idle_ns, Jiffies now) const;

  const bool low_latency_;
  const JiffyClock& clock_;
  const uint64_t reference_;  // rate of the reference device times its duration in jiffies
  const Jiffies soft_real_time_duration_;
  const Jiffies min_idle_time_;
  const Jiffies min_inter_arrival_async_;
  uint32_t busy_queues_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_BFQ_WEIGHT_RAISING_H_
