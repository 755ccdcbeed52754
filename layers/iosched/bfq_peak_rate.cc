#include "layers/iosched/bfq_peak_rate.h"

#include <algorithm>

namespace biotope {
namespace {

constexpr uint64_t kMs = 1'000'000;  // ns

constexpr int kRateShift = 16;
constexpr uint32_t kMinSamples = 32;
constexpr uint64_t kMinIntervalNs = 300 * kMs;
constexpr uint64_t kReferenceIntervalNs = 1000 * kMs;
constexpr uint64_t kIdleNs = 100 * kMs;  // no dispatch for so long: what was observed is over
constexpr uint64_t kMinThinkTimeNs = 2 * kMs;

}  // namespace

// Optimistic, but not much.
BfqPeakRate::BfqPeakRate(bool rotational) : rate_(Reference(rotational) * 2 / 3) {}

int64_t BfqPeakRate::SectorsIn(uint64_t timeout_ms) const {
  return static_cast<int64_t>(uint64_t{rate_} * 1000 * timeout_ms >> kRateShift);
}

void BfqPeakRate::StartInterval(const Request& request, uint64_t now_ns) {
  first_dispatch_ns_ = now_ns;
  samples_ = 1;
  sequential_samples_ = 0;
  sectors_ = largest_request_ = request.nr_sectors;
}

bool BfqPeakRate::Dispatched(const Request& request, bool seeky, uint32_t in_driver,
                             uint64_t now_ns) {
  const uint64_t last_dispatch_ns = last_dispatch_ns_;
  last_dispatch_ns_ = now_ns;
  if (samples_ == 0) {
    StartInterval(request, now_ns);
    return false;
  }
  bool updated = false;
  if (now_ns - last_dispatch_ns > kIdleNs && in_driver == 0) {
    updated = CloseInterval();
    StartInterval(request, now_ns);
    return updated;
  }
  ++samples_;
  const bool goes_on = in_driver > 0 || now_ns - last_completion_ns_ < kMinThinkTimeNs;
  if (goes_on && !seeky) ++sequential_samples_;
  sectors_ += request.nr_sectors;
  largest_request_ =
      samples_ % 32 != 0 ? std::max(largest_request_, request.nr_sectors) : request.nr_sectors;
  delta_from_first_ns_ = now_ns - first_dispatch_ns_;
  if (delta_from_first_ns_ >= kReferenceIntervalNs) {
    updated = CloseInterval();
    StartInterval(request, now_ns);
  }
  return updated;
}

// A request that took long, and that was not large enough to explain it (1 sector per us), ends the
// interval before it.
bool BfqPeakRate::Completed(uint64_t now_ns) {
  const auto delta_us = static_cast<uint32_t>((now_ns - last_completion_ns_) / 1000);
  bool updated = false;
  if (delta_us > kMinThinkTimeNs / 1000 &&
      (uint64_t{largest_request_} << kRateShift) / delta_us < 1u << (kRateShift - 10)) {
    updated = CloseInterval();
    samples_ = 0;
  }
  last_completion_ns_ = now_ns;
  return updated;
}

// bfq_update_rate_reset: a low-pass filter, in which an interval counts the more, the longer it was
// and the more sequential.
bool BfqPeakRate::CloseInterval() {
  if (samples_ < kMinSamples || delta_from_first_ns_ < kMinIntervalNs) return false;
  if (last_completion_ns_ > first_dispatch_ns_) {
    delta_from_first_ns_ = std::max(delta_from_first_ns_, last_completion_ns_ - first_dispatch_ns_);
  }
  const uint64_t rate = (sectors_ << kRateShift) / (delta_from_first_ns_ / 1000);
  const bool sequential = sequential_samples_ >= (3 * samples_) >> 2;
  if ((!sequential && rate <= rate_) || rate > 20u << kRateShift) return false;

  uint64_t weight = 9 * sequential_samples_ / samples_;
  weight = std::min<uint64_t>(8, weight * delta_from_first_ns_ / kReferenceIntervalNs);
  const uint64_t divisor = 10 - weight;
  const uint64_t filtered = uint64_t{rate_} * (divisor - 1) / divisor + rate / divisor;
  rate_ = static_cast<uint32_t>(std::max<uint64_t>(1, filtered));
  return true;
}

}  // namespace biotope
