#include "layers/iosched/bfq_weight_raising.h"

#include <algorithm>

#include "layers/iosched/bfq_peak_rate.h"

namespace biotope {
namespace {

constexpr uint32_t kCoefficient = 30;
constexpr uint32_t kSoftRealTimeFactor = 100;
constexpr uint32_t kDefaultWeight = 40;
// Sectors after which an interactive queue has been raised for long enough.
constexpr uint64_t kMaxService = 120'000;
// Sectors per second that a soft real-time process asks for at most.
constexpr uint64_t kMaxSoftRealTimeRate = 7000;

}  // namespace

BfqWeightRaising::BfqWeightRaising(bool low_latency, bool rotational, const JiffyClock& clock)
    : low_latency_(low_latency),
      clock_(clock),
      reference_(BfqPeakRate::Reference(rotational) * clock.FromMs(rotational ? 7000 : 2500)),
      soft_real_time_duration_(FromMs(300)),
      min_idle_time_(FromMs(2000)),
      min_inter_arrival_async_(FromMs(500)) {}

Jiffies BfqWeightRaising::Duration(uint32_t peak_rate) const {
  const auto duration = static_cast<Jiffies>(reference_ / peak_rate);
  return std::clamp(duration, FromMs(3000), FromMs(25'000));
}

// -- A request arrives

bool BfqWeightRaising::IsInteractive(const BfqQueue& queue, Jiffies now) const {
  const bool idle_for_long = queue.dispatched == 0 && queue.budget_timeout + min_idle_time_ < now;
  return !queue.in_large_burst && idle_for_long && queue.entity.new_weight == kDefaultWeight;
}

bool BfqWeightRaising::SeemsSoftRealTime(const BfqQueue& queue, Jiffies now) const {
  return !queue.is_totally_seeky() && !queue.in_large_burst && queue.soft_rt_next_start < now &&
         queue.dispatched == 0 && queue.entity.new_weight == kDefaultWeight;
}

// The middle of bfq_bfqq_handle_idle_busy_switch.
void BfqWeightRaising::BecomesBusy(BfqQueue& queue, bool interactive, uint32_t peak_rate,
                                   int64_t min_budget, Jiffies now) {
  if (!low_latency_) return;
  const uint32_t old_coeff = queue.wr_coeff;
  const bool soft_real_time = SeemsSoftRealTime(queue, now);
  if (!queue.is_raised()) {
    if (queue.sync && (interactive || soft_real_time)) {
      Start(queue, interactive, peak_rate, min_budget);
    }
  } else if (interactive || soft_real_time || queue.in_large_burst) {
    GoOn(queue, interactive, peak_rate, now);
  }
  if (queue.wr_coeff != old_coeff) queue.entity.prio_changed = true;
}

// A small budget, so that others are not held up for long.
void BfqWeightRaising::Start(BfqQueue& queue, bool interactive, uint32_t peak_rate,
                             int64_t min_budget) const {
  if (interactive) {
    queue.service_from_wr = 0;
    queue.wr_coeff = kCoefficient;
    queue.wr_cur_max_time = Duration(peak_rate);
  } else {
    queue.wr_start_at_switch_to_srt = kLongAgo;
    queue.wr_coeff = kCoefficient * kSoftRealTimeFactor;
    queue.wr_cur_max_time = soft_real_time_duration_;
  }
  queue.entity.budget = std::min(queue.entity.budget, 2 * min_budget);
}

// Who is soft real-time remembers when it became interactive, to go on with that later.
void BfqWeightRaising::GoOn(BfqQueue& queue, bool interactive, uint32_t peak_rate,
                            Jiffies now) const {
  if (interactive) {
    queue.wr_coeff = kCoefficient;
    queue.wr_cur_max_time = Duration(peak_rate);
  } else if (queue.in_large_burst) {
    queue.wr_coeff = 1;
  } else {
    if (!IsSoftRealTime(queue)) {
      queue.wr_start_at_switch_to_srt = queue.last_wr_start_finish;
      queue.wr_cur_max_time = soft_real_time_duration_;
      queue.wr_coeff = kCoefficient * kSoftRealTimeFactor;
    }
    queue.last_wr_start_finish = now;
  }
}

bool BfqWeightRaising::AsyncRequestArrived(BfqQueue& queue, uint32_t peak_rate, Jiffies now) const {
  if (!low_latency_ || queue.is_raised()) return false;
  if (queue.last_wr_start_finish + min_inter_arrival_async_ >= now) return false;
  queue.wr_coeff = kCoefficient;
  queue.wr_cur_max_time = Duration(peak_rate);
  queue.entity.prio_changed = true;
  return true;
}

void BfqWeightRaising::RequestArrived(BfqQueue& queue, uint32_t old_coeff, bool interactive,
                                      Jiffies now) const {
  if (low_latency_ && (old_coeff == 1 || !queue.is_raised() || interactive)) {
    queue.last_wr_start_finish = now;
  }
}

// -- Its service

// The beginning of __bfq_set_in_service_queue: a soft real-time queue is not charged for the time
// that it had to wait.
void BfqWeightRaising::PutInService(BfqQueue& queue, Jiffies now) const {
  if (!queue.is_raised() || !IsSoftRealTime(queue) || queue.last_wr_start_finish >= now ||
      queue.budget_timeout >= now) {
    return;
  }
  if (queue.budget_timeout > queue.last_wr_start_finish) {
    queue.last_wr_start_finish += now - queue.budget_timeout;
  } else {
    queue.last_wr_start_finish = now;
  }
}

// bfq_update_wr_data.
void BfqWeightRaising::RequestDispatched(BfqQueue& queue, uint32_t peak_rate, Jiffies now) {
  if (!queue.is_raised()) return;
  if (queue.in_large_burst) {
    End(queue, now);
  } else if (queue.last_wr_start_finish + queue.wr_cur_max_time < now) {
    if (IsSoftRealTime(queue)) {
      EndOrBackToInteractive(queue, peak_rate, now);
    } else {
      End(queue, now);
    }
  }
  if (queue.is_raised() && !IsSoftRealTime(queue) && queue.service_from_wr > kMaxService) {
    End(queue, now);
  }
}

void BfqWeightRaising::SeekHistoryChanged(BfqQueue& queue, uint32_t peak_rate, Jiffies now) {
  if (queue.is_raised() && IsSoftRealTime(queue) && queue.is_totally_seeky()) {
    EndOrBackToInteractive(queue, peak_rate, now);
  }
}

// A soft real-time queue whose interactive period is not over yet goes back to it.
void BfqWeightRaising::EndOrBackToInteractive(BfqQueue& queue, uint32_t peak_rate, Jiffies now) {
  if (queue.wr_start_at_switch_to_srt + Duration(peak_rate) < now) {
    End(queue, now);
    return;
  }
  queue.wr_coeff = kCoefficient;
  queue.wr_cur_max_time = Duration(peak_rate);
  queue.last_wr_start_finish = queue.wr_start_at_switch_to_srt;
  queue.entity.prio_changed = true;
}

// bfq_bfqq_end_wr.
void BfqWeightRaising::End(BfqQueue& queue, Jiffies now) {
  if (!IsSoftRealTime(queue)) queue.soft_rt_next_start = now;
  if (queue.busy) RemoveBusy(queue);
  queue.wr_coeff = 1;
  queue.wr_cur_max_time = 0;
  queue.last_wr_start_finish = now;
  queue.entity.prio_changed = true;
}

// -- Its end: when must the next request not come before to be one of a soft real-time process?

// The middle of bfq_bfqq_expire.
void BfqWeightRaising::Expired(BfqQueue& queue, uint64_t slice_idle_ns, Jiffies now) const {
  if (!low_latency_) return;
  if (!queue.is_raised()) queue.last_wr_start_finish = now;
  if (!queue.sorted.empty()) return;
  if (queue.dispatched == 0) {
    queue.soft_rt_next_start = SoftRealTimeNextStart(queue, slice_idle_ns, now);
  } else {
    queue.softrt_update = true;
  }
}

void BfqWeightRaising::Completed(BfqQueue& queue, uint64_t slice_idle_ns, Jiffies now) const {
  if (queue.softrt_update && queue.dispatched == 0 && queue.sorted.empty() &&
      queue.wr_coeff != kCoefficient) {
    queue.soft_rt_next_start = SoftRealTimeNextStart(queue, slice_idle_ns, now);
  }
}

// bfq_bfqq_softrt_next_start: so late that what it has received is less than the rate of a soft
// real-time process, and later than a greedy process would come.
Jiffies BfqWeightRaising::SoftRealTimeNextStart(const BfqQueue& queue, uint64_t slice_idle_ns,
                                                Jiffies now) const {
  const uint64_t jiffy_ns = clock_.jiffy() / kNanosecond;
  const uint64_t hz = kSecond / clock_.jiffy();
  const auto spread =
      static_cast<Jiffies>(hz * queue.service_from_backlogged / kMaxSoftRealTimeRate);
  return std::max({queue.soft_rt_next_start, queue.last_idle_backlogged + spread,
                   now + static_cast<Jiffies>(slice_idle_ns / jiffy_ns) + 4});
}

}  // namespace biotope
