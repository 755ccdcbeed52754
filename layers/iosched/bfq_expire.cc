// Budgets: what a queue may consume, what it is charged, and what it gets next time.
// Models: bfq_set_in_service_queue, bfq_bfqq_expire, __bfq_bfqq_expire, __bfq_bfqq_recalc_budget,
// bfq_bfqq_is_slow, bfq_bfqq_charge_time, bfq_updated_next_req, bfq_serv_to_charge,
// bfq_add_bfqq_busy, bfq_del_bfqq_busy (block/bfq-iosched.c and bfq-wf2q.c, Linux 6.18).

#include <algorithm>

#include "layers/iosched/bfq.h"

namespace biotope {
namespace {

constexpr int64_t kDefaultMaxBudget = 16 * 1024;
constexpr uint32_t kStatsMinBudgets = 194;
// How much dearer requests are that nobody waits for.
constexpr int64_t kAsyncChargeFactor = 3;

size_t ClassIndex(const BfqQueue& queue) {
  return static_cast<size_t>(std::max(queue.priority_class, IoPriorityClass::kRealTime)) - 1;
}

}  // namespace

// bfq_serv_to_charge.
int64_t BfqScheduler::ServiceToCharge(const Request& request, const BfqQueue& queue) const {
  const int64_t sectors = request.nr_sectors;
  if (queue.sync || queue.is_raised() || IsAsymmetric(queue)) return sectors;
  return sectors * kAsyncChargeFactor;
}

// bfq_max_budget: the default until enough budgets have been assigned for the peak rate to mean
// something.
int64_t BfqScheduler::MaxBudget() const {
  return budgets_assigned_ < kStatsMinBudgets ? kDefaultMaxBudget : max_budget_;
}

// update_thr_responsiveness_params.
void BfqScheduler::UpdateMaxBudget() {
  if (tunables_.max_budget != 0) return;
  const Tick timeout = clock_.DateOf(static_cast<uint64_t>(timeout_));
  max_budget_ = peak_rate_.SectorsIn(timeout / kMillisecond);
}

// bfq_updated_next_req: a queue that waits for its turn can serve at least its next request.
void BfqScheduler::UpdatedNextRequest(BfqQueue& queue) {
  if (queue.next_request == nullptr || &queue == in_service_) return;
  const int64_t charge = ServiceToCharge(*queue.next_request, queue);
  const int64_t budget = std::max({queue.max_budget, charge, queue.entity.service});
  if (queue.entity.budget == budget) return;
  queue.entity.budget = budget;
  trees_.Requeue(queue, false, jiffies());
}

void BfqScheduler::AddBusy(BfqQueue& queue) {
  trees_.Activate(queue, jiffies());
  queue.busy = true;
  ++busy_[ClassIndex(queue)];
  if (!queue.is_raised()) trees_.CountWeight(queue);
  raising_.AddBusy(queue);
}

void BfqScheduler::RemoveBusy(BfqQueue& queue, bool expiration) {
  queue.busy = false;
  --busy_[ClassIndex(queue)];
  raising_.RemoveBusy(queue);
  trees_.Deactivate(queue, expiration, jiffies());
  if (queue.dispatched == 0) trees_.UncountWeight(queue);
}

// bfq_set_in_service_queue, bfq_set_budget_timeout.
BfqQueue* BfqScheduler::SetInService() {
  if (nr_busy() == 0) return nullptr;
  BfqQueue& queue = trees_.TakeNext(jiffies());
  in_service_ = &queue;
  queue.fifo_expire = false;
  budgets_assigned_ = (budgets_assigned_ * 7 + 256) / 8;
  raising_.PutInService(queue, jiffies());
  const Jiffies coefficient =
      raising_.IsSoftRealTime(queue) ? 1 : queue.entity.weight / queue.entity.orig_weight;
  last_budget_start_ns_ = now_ns();
  queue.budget_timeout = jiffies() + timeout_ * coefficient;
  return &queue;
}

// -- The end of a service slot

// bfq_bfqq_expire. Who is slow, or has consumed little of its budget in its time, is charged for
// the time, so that slow processes share the device by time and fast ones by service.
void BfqScheduler::Expire(BfqQueue& queue, bool compensate, Expiration reason) {
  BfqEntity& entity = queue.entity;
  uint64_t time_ms = 0;
  const bool slow = IsSlow(queue, compensate, &time_ms);
  const bool little =
      reason == Expiration::kBudgetTimeout && queue.budget_left() >= entity.budget / 3;
  if (!queue.is_raised() && (slow || little)) ChargeTime(queue, time_ms);
  raising_.Expired(queue, slice_idle_ns_, jiffies());
  RecalculateBudget(queue, reason);
  ExpireFromTrees(queue, reason);
  if (!queue.busy && reason != Expiration::kBudgetTimeout &&
      reason != Expiration::kBudgetExhausted) {
    queue.non_blocking_wait_rq = true;  // and keeps what is left of its budget
  } else {
    entity.service = 0;
  }
}

// __bfq_bfqq_expire, __bfq_bfqd_reset_in_service.
void BfqScheduler::ExpireFromTrees(BfqQueue& queue, Expiration reason) {
  const bool stays_although_empty =
      reason == Expiration::kPreempted && IdlingIsNeededForGuarantees(queue);
  if (queue.sorted.empty() && !stays_although_empty) {
    if (queue.dispatched == 0) queue.budget_timeout = jiffies();
    RemoveBusy(queue, true);
  } else {
    trees_.Requeue(queue, true, jiffies());
  }
  queue.wait_request = false;
  idle_timer_.reset();
  in_service_ = nullptr;
  trees_.ResetInService();
}

// bfq_bfqq_is_slow. `compensate`: the time for which the device has waited at the end does not
// count.
bool BfqScheduler::IsSlow(const BfqQueue& queue, bool compensate, uint64_t* time_ms) const {
  constexpr uint32_t kShortestUs = 1000;
  constexpr uint32_t kLongUs = 20'000;
  constexpr uint64_t kSeekMs = 8;  // charged at least on a rotating device
  constexpr uint64_t kNonRotationalSeekMs = 2;
  if (!queue.sync) return false;
  const uint64_t end_ns = compensate ? last_idling_start_ns_ : now_ns();
  const uint64_t delta_us = (end_ns - last_budget_start_ns_) / 1000;
  if (delta_us < kShortestUs) {
    *time_ms = rotational_ ? kSeekMs : kNonRotationalSeekMs;
    return queue.is_seeky();
  }
  *time_ms = delta_us / 1000;
  return delta_us > kLongUs ? queue.entity.service < max_budget_ / 2 : queue.is_seeky();
}

// bfq_bfqq_charge_time: as if it had been served at the peak rate.
void BfqScheduler::ChargeTime(BfqQueue& queue, uint64_t time_ms) {
  BfqEntity& entity = queue.entity;
  const uint64_t timeout_ms = clock_.DateOf(kSecond / clock_.jiffy() / 8) / kMillisecond;
  const auto bounded_ms = static_cast<int64_t>(std::min(time_ms, timeout_ms));
  const int64_t for_time = max_budget_ * bounded_ms / static_cast<int64_t>(timeout_ms);
  const int64_t charge = std::max(for_time, entity.service);
  entity.budget = std::max(entity.budget, charge);
  trees_.Served(queue, charge - entity.service);
}

// __bfq_bfqq_recalc_budget. A queue that is empty gets its budget when it becomes busy.
void BfqScheduler::RecalculateBudget(BfqQueue& queue, Expiration reason) {
  const std::optional<int64_t> budget = NewMaxBudget(queue, reason);
  if (!budget) return;
  queue.max_budget = *budget;
  if (budgets_assigned_ >= kStatsMinBudgets && tunables_.max_budget == 0) {
    queue.max_budget = std::min(queue.max_budget, max_budget_);
  }
  if (queue.next_request != nullptr) {
    queue.entity.budget = std::max(queue.max_budget, ServiceToCharge(*queue.next_request, queue));
  }
}

// Empty: as it was.
std::optional<int64_t> BfqScheduler::NewMaxBudget(const BfqQueue& queue, Expiration reason) const {
  const int64_t least = MinBudget();
  const int64_t budget = queue.max_budget;
  if (!queue.sync) return max_budget_;
  if (queue.is_raised()) return 2 * least;
  switch (reason) {
    case Expiration::kTooIdle:
      // Its process may only be waiting for what is in flight.
      if (queue.dispatched > 0) return std::min(budget * 2, max_budget_);
      return budget > 5 * least ? budget - 4 * least : least;
    case Expiration::kBudgetTimeout:
      return std::min(budget * 2, max_budget_);
    case Expiration::kBudgetExhausted:
      return std::min(budget * 4, max_budget_);
    case Expiration::kNoMoreRequests:
      return std::max(queue.entity.service, least);
    case Expiration::kPreempted:
      return std::nullopt;
  }
  return std::nullopt;
}

// A queue that is being waited for is not expired for its time alone, unless it is far from its
// budget.
bool BfqScheduler::MayExpireForBudgetTimeout(const BfqQueue& queue) const {
  return (!queue.wait_request || queue.budget_left() >= queue.entity.budget / 3) &&
         IsBudgetTimeout(queue);
}

}  // namespace biotope
