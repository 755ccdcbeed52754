#include "sim/sweep/spacing.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "sim/core/error.h"

namespace biotope {

Interval::Interval(const FieldNumber& notation, std::string_view from, std::string_view to,
                   sweep::Scale scale, std::string_view multiple_of)
    : notation_(notation),
      from_(notation.Parse(from)),
      to_(notation.Parse(to)),
      logarithmic_(scale == sweep::LOGARITHMIC) {
  if (!(from_ < to_)) {
    throw ScenarioError(fmt::format("from must be less than to, got {} and {}", from, to));
  }
  if (logarithmic_ && from_ <= 0) {
    throw ScenarioError(fmt::format("a logarithmic scale begins above 0, got {}", from));
  }
  if (!multiple_of.empty()) {
    multiple_ = notation.Parse(multiple_of);
    if (multiple_ <= 0) throw ScenarioError("multiple_of must be more than 0");
  }
}

// The way may lead a little beyond `to_`, to `end`.
long double Interval::Along(long double fraction, long double end) const {
  if (!logarithmic_) return from_ + fraction * (end - from_);
  return from_ * std::pow(end / from_, fraction);
}

std::string Interval::Rounded(long double number) const {
  if (multiple_ > 0) number = std::round(number / multiple_) * multiple_;
  if (notation_.is_whole()) number = std::round(number);
  return notation_.Text(std::clamp(number, from_, to_));
}

std::string Interval::At(long double fraction) const {
  if (fraction <= 0) return notation_.Text(from_);
  if (fraction >= 1) return notation_.Text(to_);
  return Rounded(Along(fraction, to_));
}

std::string Interval::Draw(long double fraction) const {
  if (!notation_.is_whole() || multiple_ > 0) return Rounded(Along(fraction, to_));
  return Rounded(std::floor(Along(fraction, to_ + 1)));
}

std::vector<std::string> Interval::Spaced(uint32_t count) const {
  std::vector<std::string> values;
  for (uint32_t i = 0; i < count; ++i) {
    values.push_back(At(static_cast<long double>(i) / (count - 1)));
    if (i > 0 && values[i] == values[i - 1]) {
      throw ScenarioError(fmt::format("{} values do not fit: {} would be there twice; lower count",
                                      count, values[i]));
    }
  }
  return values;
}

std::vector<double> LatinFractions(uint32_t count, Random& random) {
  std::vector<uint32_t> parts(count);
  std::iota(parts.begin(), parts.end(), 0);
  for (uint32_t i = count; i > 1; --i) std::swap(parts[i - 1], parts[random.Below(i)]);
  std::vector<double> fractions;
  for (const uint32_t part : parts) {
    // Just below 1 the sum may round up to the next part.
    const double fraction = (part + random.Unit()) / count;
    fractions.push_back(std::min(fraction, std::nextafter((part + 1.0) / count, 0.0)));
  }
  return fractions;
}

std::vector<double> RandomFractions(uint32_t count, Random& random) {
  std::vector<double> fractions;
  for (uint32_t i = 0; i < count; ++i) fractions.push_back(random.Unit());
  return fractions;
}

}  // namespace biotope
