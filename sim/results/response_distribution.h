#ifndef BIOTOPE_SIM_RESULTS_RESPONSE_DISTRIBUTION_H_
#define BIOTOPE_SIM_RESULTS_RESPONSE_DISTRIBUTION_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// Response times in the bins by which disk models are compared (those of DiskSim's tool `rms`): 1
// us wide up to 100 us, from there on each a hundredth of its beginning. Memory does not grow with
// the number of values.
class ResponseDistribution {
 public:
  static constexpr size_t kBins = 1750;

  // A point of the cumulative distribution: the part `y` of the values is below `ms`.
  struct Point {
    double ms;
    double y;
  };

  void Add(Tick response);

  uint64_t count() const { return count_; }
  double mean_ms() const;
  double sd_ms() const;  // of the population
  // From 0 up to the first point with y = 1. There must be a value.
  std::vector<Point> Cumulative() const;

 private:
  std::array<uint64_t, kBins> bins_{};
  uint64_t count_ = 0;
  double mean_ = 0;  // Welford's
  double squares_ = 0;
};

// The demerit figure of Ruemmler and Wilkes (IEEE Computer, March 1994) in ms: the root of the mean
// square of the horizontal distance of the two cumulative distributions, at 10,000 heights. Both
// have values.
double RmsDistanceMs(const ResponseDistribution& a, const ResponseDistribution& b);

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_RESPONSE_DISTRIBUTION_H_
