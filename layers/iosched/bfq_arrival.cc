// What bfq learns from the arrival of a request, and what it does about it.
// Models: bfq_add_request, bfq_bfqq_handle_idle_busy_switch, bfq_bfqq_update_budg_for_activation,
// bfq_rq_enqueued, bfq_update_io_thinktime, bfq_update_has_short_ttime, bfq_update_io_intensity,
// bfq_update_io_seektime (block/bfq-iosched.c, Linux 6.18).

#include <algorithm>

#include "layers/iosched/bfq.h"

namespace biotope {
namespace {

constexpr uint64_t kMs = 1'000'000;  // ns

constexpr uint64_t kEnoughSamples = 80;
constexpr uint64_t kIntensityWindowNs = 200 * kMs;
// A queue that has been idle for so long has nothing to do with its burst any more.
constexpr uint64_t kEndOfBurstMs = 10'000;
// A request that is smaller than this may be waited with: others may join it.
constexpr uint32_t kSmallRequest = 32;

}  // namespace

// bfq_add_request.
void BfqScheduler::AddRequest(BfqQueue& queue, Request& request) {
  const uint32_t old_coeff = queue.wr_coeff;
  bool interactive = false;
  ++queue.queued;
  ++queued_;
  if (queue.sync) UpdateIoIntensity(queue);
  queue.sorted.Insert(request);
  Request* before = queue.next_request;
  queue.next_request = ChooseRequest(before, &request, last_position_);
  if (!queue.busy) {
    interactive = raising_.IsInteractive(queue, jiffies());
    BecomeBusy(queue, interactive);
  } else {
    if (!request.sync && raising_.AsyncRequestArrived(queue, peak_rate_.rate(), jiffies())) {
      raising_.RaisedWhileBusy();
    }
    if (queue.next_request != before) UpdatedNextRequest(queue);
  }
  raising_.RequestArrived(queue, old_coeff, interactive, jiffies());
}

// bfq_bfqq_handle_idle_busy_switch.
void BfqScheduler::BecomeBusy(BfqQueue& queue, bool interactive) {
  const bool arrived_in_time = now_ns() <= queue.last_end_request_ns + 3 * slice_idle_ns_;
  const bool wants_to_preempt = UpdateBudgetForActivation(queue, arrived_in_time);
  const Jiffies old_enough =
      queue.budget_timeout + static_cast<Jiffies>(clock_.FromMs(kEndOfBurstMs));
  raising_.BecomesBusy(queue, interactive, peak_rate_.rate(), MinBudget(), jiffies());
  if (!queue.just_created && queue.dispatched == 0 && old_enough < jiffies()) {
    burst_.Forget(queue);
  }
  queue.just_created = false;
  queue.last_idle_backlogged = jiffies();
  queue.service_from_backlogged = 0;
  queue.softrt_update = false;
  AddBusy(queue);
  if (MayPreempt(queue, wants_to_preempt)) Expire(*in_service_, false, Expiration::kPreempted);
}

// The queue in service makes room for one that makes up for the time it was expired, or that is
// more important, or if it is of no use any more to wait for it.
bool BfqScheduler::MayPreempt(const BfqQueue& queue, bool wants_to) const {
  if (in_service_ == nullptr || one_group_) return false;  // next_queue_may_preempt
  if (wants_to && queue.wr_coeff >= in_service_->wr_coeff) return true;
  if (queue.priority_class < in_service_->priority_class) return true;
  if (queue.entity.weight > in_service_->entity.weight) return true;
  return !IsBetterToIdle(*in_service_);
}

// bfq_bfqq_update_budg_for_activation: who comes back soon has what was left of its budget. True:
// it may want to preempt the queue in service.
bool BfqScheduler::UpdateBudgetForActivation(BfqQueue& queue, bool arrived_in_time) {
  BfqEntity& entity = queue.entity;
  if (queue.non_blocking_wait_rq && arrived_in_time && queue.budget_left() > 0) {
    entity.budget = std::min(queue.budget_left(), queue.max_budget);
    entity.service = 0;
    return true;
  }
  entity.service = 0;
  entity.budget = std::max(queue.max_budget, ServiceToCharge(*queue.next_request, queue));
  queue.non_blocking_wait_rq = false;
  return false;
}

// bfq_rq_enqueued: what the device has waited for has come. Unless it is so small that more of it
// is worth waiting for.
void BfqScheduler::StopWaitingFor(BfqQueue& queue, const Request& request) {
  const bool small = queue.queued == 1 && request.nr_sectors < kSmallRequest;
  const bool timeout = IsBudgetTimeout(queue);
  if (small && IdlingBoostsThroughput(queue) && !timeout) return;
  queue.wait_request = false;
  idle_timer_.reset();
  if (timeout) Expire(queue, false, Expiration::kBudgetTimeout);
}

// bfq_update_io_thinktime and bfq_update_has_short_ttime: how long the process thinks when it has
// no request any more.
void BfqScheduler::UpdateThinkTime(BfqQueue& queue) {
  if (queue.dispatched == 0 && !queue.busy) {
    const uint64_t elapsed = std::min(now_ns() - queue.last_end_request_ns, 2 * slice_idle_ns_);
    queue.ttime_samples = (7 * queue.ttime_samples + 256) / 8;
    queue.ttime_total_ns = (7 * queue.ttime_total_ns + 256 * elapsed) / 8;
    queue.ttime_mean_ns = (queue.ttime_total_ns + 128) / queue.ttime_samples;
  }
  if (!queue.sync || queue.is_idle_class() || slice_idle_ns_ == 0) return;
  queue.has_short_ttime =
      !(queue.ttime_samples > kEnoughSamples && queue.ttime_mean_ns > slice_idle_ns_ / 2);
}

// bfq_update_io_intensity: whether it waits for its I/O most of the time.
void BfqScheduler::UpdateIoIntensity(BfqQueue& queue) {
  const uint64_t total_ns = now_ns() - queue.io_start_time_ns;
  if (queue.sorted.empty() && queue.dispatched == 0) {
    queue.tot_idle_time_ns += now_ns() - queue.last_end_request_ns;
  }
  if (queue.just_created) return;
  queue.io_bound = queue.tot_idle_time_ns * 5 <= total_ns;
  if (total_ns > kIntensityWindowNs) {
    queue.io_start_time_ns = now_ns() - total_ns / 2;
    queue.tot_idle_time_ns /= 2;
  }
}

// bfq_update_io_seektime.
void BfqScheduler::UpdateSeekHistory(BfqQueue& queue, const Request& request) {
  const bool seeky = IsSeeky(queue.last_request_pos, request);
  queue.seek_history = queue.seek_history << 1 | (seeky ? 1 : 0);
  raising_.SeekHistoryChanged(queue, peak_rate_.rate(), jiffies());
}

}  // namespace biotope
