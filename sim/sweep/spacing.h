#ifndef BIOTOPE_SIM_SWEEP_SPACING_H_
#define BIOTOPE_SIM_SWEEP_SPACING_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "configs/schema/sweep.pb.h"
#include "sim/core/random.h"
#include "sim/sweep/field_number.h"

namespace biotope {

// The numbers of a field between two ends, as texts of its notation.
class Interval {
 public:
  // `multiple_of` may be "". Throws ScenarioError if the ends are in the wrong order or not in the
  // field's notation, or if the scale cannot have them.
  Interval(const FieldNumber& notation, std::string_view from, std::string_view to,
           sweep::Scale scale, std::string_view multiple_of);

  // The value at `fraction` of the way from one end to the other, in [0, 1].
  std::string At(long double fraction) const;
  // The value that `fraction` in [0, 1) draws, so that each whole number has its share.
  std::string Draw(long double fraction) const;
  // `count` values at equal distances, both ends included. Throws ScenarioError if rounding makes
  // two of them equal.
  std::vector<std::string> Spaced(uint32_t count) const;

 private:
  long double Along(long double fraction, long double end) const;
  std::string Rounded(long double number) const;

  FieldNumber notation_;
  long double from_;
  long double to_;
  bool logarithmic_;
  long double multiple_ = 0;
};

// `count` fractions in [0, 1) for one dimension of a Latin hypercube: one in each of `count` equal
// parts, in random order.
std::vector<double> LatinFractions(uint32_t count, Random& random);
// `count` fractions, each drawn by itself.
std::vector<double> RandomFractions(uint32_t count, Random& random);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_SPACING_H_
