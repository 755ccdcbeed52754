#include "sim/results/histogram.h"

#include <algorithm>
#include <bit>
#include <cmath>

namespace biotope {
namespace {

constexpr uint32_t kGroupSize = 1 << LatencyHistogram::kGroupBits;

// The rank, from 1, of the sample at a percentile.
uint64_t RankOf(uint64_t count, double percentile) {
  const double rank = std::ceil(percentile / 100.0 * static_cast<double>(count));
  return std::clamp<uint64_t>(static_cast<uint64_t>(rank), 1, count);
}

}  // namespace

uint32_t LatencyHistogram::BucketOf(uint64_t ns) {
  const uint32_t top = ns == 0 ? 0 : static_cast<uint32_t>(std::bit_width(ns)) - 1;
  if (top <= kGroupBits) return static_cast<uint32_t>(ns);
  const uint32_t dropped = top - kGroupBits;
  return (dropped + 1) * kGroupSize + static_cast<uint32_t>((ns >> dropped) & (kGroupSize - 1));
}

uint64_t LatencyHistogram::ValueOf(uint32_t bucket) {
  if (bucket < 2 * kGroupSize) return bucket;
  const uint32_t dropped = bucket / kGroupSize - 1;
  const uint64_t base = uint64_t{kGroupSize + bucket % kGroupSize} << dropped;
  return base + (uint64_t{1} << dropped) / 2;
}

void LatencyHistogram::Add(Tick value) {
  const uint64_t ns = value / kNanosecond;
  const uint32_t bucket = BucketOf(ns);
  if (bucket >= buckets_.size()) buckets_.resize(bucket + 1);
  ++buckets_[bucket];
  if (count_ == 0 || value < min_) min_ = value;
  if (value > max_) max_ = value;
  ++count_;
  sum_ += value.value();
  sum_squares_ += static_cast<unsigned __int128>(ns) * ns;
}

double LatencyHistogram::mean_ns() const {
  if (count_ == 0) return 0;
  return static_cast<double>(sum_) / static_cast<double>(count_) / 1000.0;
}

double LatencyHistogram::stddev_ns() const {
  if (count_ < 2) return 0;
  const double n = static_cast<double>(count_);
  const double mean = mean_ns();
  const double variance = (static_cast<double>(sum_squares_) - n * mean * mean) / (n - 1);
  return std::sqrt(std::max(variance, 0.0));
}

uint64_t LatencyHistogram::PercentileNs(double percentile) const {
  if (count_ == 0) return 0;
  uint64_t left = RankOf(count_, percentile);
  for (uint32_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] >= left) {
      return std::clamp(ValueOf(bucket), min_ / kNanosecond, max_ / kNanosecond);
    }
    left -= buckets_[bucket];
  }
  return max_ / kNanosecond;
}

Histogram LatencyHistogram::ToProto() const {
  Histogram proto;
  proto.set_count(count_);
  proto.set_min_ps(min_.value());
  proto.set_max_ps(max_.value());
  proto.set_mean_ns(mean_ns());
  proto.set_stddev_ns(stddev_ns());
  for (uint32_t bucket = 0; bucket < buckets_.size(); ++bucket) {
    if (buckets_[bucket] == 0) continue;
    proto.add_bucket(bucket);
    proto.add_bucket_count(buckets_[bucket]);
  }
  return proto;
}

uint64_t PercentileNs(const Histogram& histogram, double percentile) {
  if (histogram.count() == 0) return 0;
  uint64_t left = RankOf(histogram.count(), percentile);
  for (int i = 0; i < histogram.bucket_size(); ++i) {
    if (histogram.bucket_count(i) >= left) {
      return std::clamp(LatencyHistogram::ValueOf(histogram.bucket(i)), histogram.min_ps() / 1000,
                        histogram.max_ps() / 1000);
    }
    left -= histogram.bucket_count(i);
  }
  return histogram.max_ps() / 1000;
}

}  // namespace biotope
