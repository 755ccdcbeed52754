#include "layers/iosched/kyber_latency.h"

#include <algorithm>
#include <numeric>

namespace biotope {

void KyberLatency::Add(Kind kind, uint64_t latency_ns) {
  const uint64_t width = std::max<uint64_t>(target_ns_ >> kShift, 1);
  const uint64_t bucket = latency_ns > 0 ? (latency_ns - 1) / width : 0;
  ++histograms_[kind][std::min<uint64_t>(bucket, kBuckets - 1)];
}

std::optional<uint32_t> KyberLatency::Percentile(Kind kind, uint32_t percent, uint64_t jiffies,
                                                 uint32_t hz) {
  constexpr uint32_t kEnoughSamples = 500;
  Histogram& histogram = histograms_[kind];
  const uint32_t samples = std::accumulate(histogram.begin(), histogram.end(), 0u);
  if (samples == 0) return std::nullopt;
  if (timeout_ == 0) timeout_ = jiffies + hz;
  if (samples < kEnoughSamples && jiffies < timeout_) return std::nullopt;
  timeout_ = 0;

  uint32_t wanted = (samples * percent + 99) / 100;
  uint32_t bucket = 0;
  for (; bucket < kBuckets - 1 && histogram[bucket] < wanted; ++bucket) wanted -= histogram[bucket];
  histogram.fill(0);
  return bucket;
}

std::optional<uint32_t> KyberLatency::TotalP99(bool congested, uint64_t jiffies, uint32_t hz) {
  std::optional<uint32_t> p99 = Percentile(kTotal, 99, jiffies, hz);
  if (congested) {
    if (!p99) p99 = last_p99_;
    last_p99_.reset();
  } else if (p99) {
    last_p99_ = p99;
  }
  return p99;
}

}  // namespace biotope
