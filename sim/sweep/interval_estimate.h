#ifndef BIOTOPE_SIM_SWEEP_INTERVAL_ESTIMATE_H_
#define BIOTOPE_SIM_SWEEP_INTERVAL_ESTIMATE_H_

#include <cstdint>
#include <vector>

namespace biotope {

// The mean of independent observations, and how well they determine it.
struct IntervalEstimate {
  uint64_t count = 0;
  double mean = 0;
  // Of the sample (n - 1); NaN for one observation.
  double stddev = 0;
  // Half the width of the 95 % confidence interval of the mean by Student's t distribution, which
  // holds for observations that are about normally distributed; NaN for one observation.
  double half_width = 0;
};

IntervalEstimate Estimate(const std::vector<double>& observations);

// The value that |t| with `degrees` >= 1 degrees of freedom stays below with `probability`, in
// (0, 1): 12.706 for 1 and 0.95.
double StudentQuantile(uint64_t degrees, double probability);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_INTERVAL_ESTIMATE_H_
