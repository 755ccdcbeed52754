#ifndef BIOTOPE_SIM_RESULTS_HISTOGRAM_H_
#define BIOTOPE_SIM_RESULTS_HISTOGRAM_H_

#include <cstdint>
#include <vector>

#include "configs/schema/result.pb.h"
#include "sim/core/units.h"

namespace biotope {

// Counts of times, in ns, in the buckets of fio (stat.h, plat_val_to_idx): exact up to 127 ns, then
// 64 buckets for each power of two, so that a bucket is at most 1.6 % wide. fio stops at 29 groups
// (17 s); here there are as many as 64 bits need. Mean and deviation are exact, not those of the
// buckets.
class LatencyHistogram {
 public:
  static constexpr uint32_t kGroupBits = 6;

  void Add(Tick value);

  uint64_t count() const { return count_; }
  Tick min() const { return min_; }
  Tick max() const { return max_; }
  double mean_ns() const;
  double stddev_ns() const;

  // The value at a percentile in (0, 100], as fio gives it: the middle of the bucket in which the
  // percentile's sample lies, but not outside of the samples. In ns; 0 without samples.
  uint64_t PercentileNs(double percentile) const;

  ::biotope::Histogram ToProto() const;

  static uint32_t BucketOf(uint64_t ns);
  // The middle of a bucket, in ns.
  static uint64_t ValueOf(uint32_t bucket);

 private:
  std::vector<uint64_t> buckets_;
  uint64_t count_ = 0;
  Tick min_;
  Tick max_;
  unsigned __int128 sum_ = 0;          // of ps
  unsigned __int128 sum_squares_ = 0;  // of ns
};

// The same for a histogram that was read back.
uint64_t PercentileNs(const Histogram& histogram, double percentile);

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_HISTOGRAM_H_
