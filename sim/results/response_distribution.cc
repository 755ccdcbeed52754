#include "sim/results/response_distribution.h"

#include <algorithm>
#include <cmath>

#include "sim/core/check.h"

namespace biotope {
namespace {

using Point = ResponseDistribution::Point;

// Edges in us: a value belongs to the first bin from 1 on whose edge is above it.
const std::array<uint64_t, ResponseDistribution::kBins>& Edges() {
  static const auto edges = [] {
    std::array<uint64_t, ResponseDistribution::kBins> result{};
    for (size_t k = 0; k + 1 < result.size(); ++k) {
      result[k + 1] = result[k] + 1 + result[k] / 100;
    }
    return result;
  }();
  return edges;
}

// The tool compares what it has printed.
double Rounded(double value, double unit) { return std::round(value * unit) / unit; }

// Where the distribution reaches a height. `at` only grows: heights come in ascending order.
double Reach(const std::vector<Point>& points, double height, size_t* at) {
  while (*at + 1 < points.size() && points[*at].y < height) ++*at;
  if (*at == 0) return points.front().ms;
  const Point& left = points[*at - 1];
  const Point& right = points[*at];
  return left.ms + (height - left.y) / (right.y - left.y) * (right.ms - left.ms);
}

}  // namespace

void ResponseDistribution::Add(Tick response) {
  const auto& edges = Edges();
  const uint64_t us = response / kMicrosecond;
  const auto bin = std::upper_bound(edges.begin() + 1, edges.end() - 1, us);
  ++bins_[static_cast<size_t>(bin - edges.begin())];
  ++count_;
  const double ms =
      static_cast<double>(response.value()) / static_cast<double>(kMillisecond.value());
  const double delta = ms - mean_;
  mean_ += delta / static_cast<double>(count_);
  squares_ += delta * (ms - mean_);
}

double ResponseDistribution::mean_ms() const { return mean_; }

double ResponseDistribution::sd_ms() const {
  return count_ == 0 ? 0 : std::sqrt(squares_ / static_cast<double>(count_));
}

std::vector<Point> ResponseDistribution::Cumulative() const {
  BIOTOPE_CHECK(count_ > 0, "a distribution without values");
  std::vector<Point> points;
  uint64_t below = 0;
  for (size_t k = 0; k < kBins; ++k) {
    below += bins_[k];
    const double y = static_cast<double>(below) / static_cast<double>(count_);
    points.push_back({.ms = static_cast<double>(Edges()[k]) / 1000, .y = Rounded(y, 1e6)});
    if (points.back().y >= 1) break;
  }
  return points;
}

double RmsDistanceMs(const ResponseDistribution& a, const ResponseDistribution& b) {
  const std::vector<Point> of_a = a.Cumulative();
  const std::vector<Point> of_b = b.Cumulative();
  constexpr double kStep = 0.0001;
  double squares = 0;
  uint64_t steps = 0;
  size_t at_a = 0;
  size_t at_b = 0;
  for (double height = kStep; height <= 1.0; height += kStep) {
    const double distance = Reach(of_a, height, &at_a) - Reach(of_b, height, &at_b);
    squares += distance * distance;
    ++steps;
  }
  return std::sqrt(squares / static_cast<double>(steps));
}

}  // namespace biotope
