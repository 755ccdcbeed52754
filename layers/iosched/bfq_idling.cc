// Whether the device is better left idle for a while than given to somebody else.
// Models: bfq_asymmetric_scenario, idling_boosts_thr_without_issues,
// idling_needed_for_service_guarantees, bfq_better_to_idle, bfq_arm_slice_timer,
// bfq_idle_slice_timer_body, bfq_update_hw_tag (block/bfq-iosched.c, Linux 6.18).

#include <algorithm>

#include "layers/iosched/bfq.h"

namespace biotope {
namespace {

constexpr uint64_t kMs = 1'000'000;  // ns

constexpr uint64_t kMinThinkTimeNs = 2 * kMs;
constexpr uint64_t kRaisedIdleNs = 20 * kMs;
constexpr uint32_t kHwQueueThreshold = 3;
constexpr uint32_t kHwQueueSamples = 32;

}  // namespace

// bfq_asymmetric_scenario: the queues are to get different shares.
bool BfqScheduler::IsAsymmetric(const BfqQueue& queue) const {
  const auto is_busy = [](uint32_t queues) { return queues > 0; };
  return trees_.HasVariedWeights(queue) || std::ranges::count_if(busy_, is_busy) > 1;
}

// idling_boosts_thr_without_issues: on a device without a queue of its own, or for a process that
// reads sequentially and wants its data soon; as long as nobody is raised.
bool BfqScheduler::IdlingBoostsThroughput(const BfqQueue& queue) const {
  const bool no_queueing = hw_tag_ == false;
  const bool sequential = !queue.is_seeky() && queue.io_bound && queue.has_short_ttime;
  const bool boosts = (rotational_ && no_queueing) || ((rotational_ || no_queueing) && sequential);
  return boosts && raising_.busy_queues() == 0;
}

// idling_needed_for_service_guarantees: without waiting, others would take what is this queue's.
bool BfqScheduler::IdlingIsNeededForGuarantees(const BfqQueue& queue) const {
  const bool raised_above_others = queue.is_raised() && (raising_.busy_queues() < nr_busy() ||
                                                         in_driver_ >= queue.dispatched + 4);
  return raised_above_others || IsAsymmetric(queue) || nr_busy() == 1;
}

// bfq_better_to_idle.
bool BfqScheduler::IsBetterToIdle(const BfqQueue& queue) const {
  if (tunables_.strict_guarantees) return true;
  if (slice_idle_ns_ == 0 || !queue.sync || queue.is_idle_class()) return false;
  return IdlingBoostsThroughput(queue) || IdlingIsNeededForGuarantees(queue);
}

// bfq_arm_slice_timer: not long for who seeks, longer for who is raised.
void BfqScheduler::ArmIdleTimer() {
  BfqQueue& queue = *in_service_;
  queue.wait_request = true;
  uint64_t idle_ns = std::max<uint64_t>(slice_idle_ns_, 1);  // a date in the future
  if (queue.is_seeky() && !queue.is_raised() && !IsAsymmetric(queue)) {
    idle_ns = std::min(idle_ns, kMinThinkTimeNs);
  } else if (queue.is_raised()) {
    idle_ns = std::max(idle_ns, kRaisedIdleNs);
  }
  last_idling_start_ns_ = now_ns();
  idle_timer_ = kNanosecond * (now_ns() + idle_ns);
}

// Goes to the date `now`. On the way the idle timer may expire (bfq_idle_slice_timer_body): the
// queue has been waited for in vain, unless it has a request that was too small to stop the
// waiting.
void BfqScheduler::Advance(Tick now) {
  if (idle_timer_ && *idle_timer_ <= now) {
    now_ = *idle_timer_;
    idle_timer_.reset();
    BfqQueue& queue = *in_service_;
    queue.wait_request = false;
    if (IsBudgetTimeout(queue)) {
      Expire(queue, true, Expiration::kBudgetTimeout);
    } else if (queue.queued == 0) {
      Expire(queue, true, Expiration::kTooIdle);
    }
  }
  now_ = now;
}

// bfq_update_hw_tag: the device has a queue of its own if it has had several requests at once.
void BfqScheduler::UpdateHwTag() {
  max_in_driver_ = std::max(max_in_driver_, in_driver_);
  if (hw_tag_ == true) return;
  // Too few requests to tell.
  if (in_driver_ + queued_ <= kHwQueueThreshold) return;
  if (in_service_ != nullptr && in_service_->has_short_ttime &&
      in_service_->dispatched + in_service_->queued < kHwQueueThreshold &&
      in_driver_ < kHwQueueThreshold) {
    return;
  }
  if (hw_tag_samples_++ < kHwQueueSamples) return;
  hw_tag_ = max_in_driver_ > kHwQueueThreshold;
  max_in_driver_ = hw_tag_samples_ = 0;
}

}  // namespace biotope
