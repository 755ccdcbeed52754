#include "sim/sweep/interval_estimate.h"

#include <cmath>
#include <limits>
#include <numbers>

namespace biotope {
namespace {

// The probability that |t| stays below `t`. The series for whole degrees of freedom: Abramowitz and
// Stegun, Handbook of Mathematical Functions, 26.7.3 and 26.7.4.
double StudentProbability(double t, uint64_t degrees) {
  const double angle = std::atan(t / std::sqrt(static_cast<double>(degrees)));
  const double sine = std::sin(angle);
  const double cosine = std::cos(angle);
  const bool odd = degrees % 2 == 1;
  double term = odd ? cosine : 1;
  double sum = degrees == 1 ? 0 : term;
  for (uint64_t k = odd ? 3 : 2; k + 2 <= degrees; k += 2) {
    const double n = static_cast<double>(k);
    term *= cosine * cosine * (n - 1) / n;
    sum += term;
  }
  return odd ? (angle + sine * sum) * 2 / std::numbers::pi : sine * sum;
}

}  // namespace

double StudentQuantile(uint64_t degrees, double probability) {
  double low = 0;
  double high = 1;
  while (StudentProbability(high, degrees) < probability) high *= 2;
  for (int i = 0; i < 100; ++i) {
    const double middle = (low + high) / 2;
    (StudentProbability(middle, degrees) < probability ? low : high) = middle;
  }
  return high;
}

IntervalEstimate Estimate(const std::vector<double>& observations) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  IntervalEstimate estimate{observations.size(), kNone, kNone, kNone};
  if (observations.empty()) return estimate;
  const double count = static_cast<double>(observations.size());
  double sum = 0;
  for (const double value : observations) sum += value;
  estimate.mean = sum / count;
  if (observations.size() < 2) return estimate;
  double squares = 0;
  for (const double value : observations) {
    squares += (value - estimate.mean) * (value - estimate.mean);
  }
  estimate.stddev = std::sqrt(squares / (count - 1));
  estimate.half_width =
      StudentQuantile(observations.size() - 1, 0.95) * estimate.stddev / std::sqrt(count);
  return estimate;
}

}  // namespace biotope
