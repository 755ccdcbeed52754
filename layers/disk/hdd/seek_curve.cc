#include "layers/disk/hdd/seek_curve.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "sim/core/check.h"

namespace biotope {
namespace {

int64_t FloorDivide(int64_t a, int64_t b) {
  const int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

}  // namespace

SeekCurve::SeekCurve(std::vector<HddSeekPoint> points, uint32_t cylinders)
    : points_(std::move(points)) {
  BIOTOPE_CHECK(!points_.empty(), "a seek curve needs a point");
  table_.resize(std::min(cylinders, kTableLimit));
  for (uint32_t distance = 0; distance < table_.size(); ++distance) {
    table_[distance] = Interpolate(distance);
  }
}

uint32_t SeekCurve::Interpolate(uint32_t distance) const {
  if (distance == 0) return 0;
  if (points_.size() == 1) return points_.front().nanoseconds;
  const auto after = std::lower_bound(
      points_.begin(), points_.end(), distance,
      [](const HddSeekPoint& point, uint32_t wanted) { return point.distance < wanted; });
  // The line through `right` and its left neighbour; the first and the last one go on outside.
  const auto right = std::clamp<ptrdiff_t>(after - points_.begin(), 1, std::ssize(points_) - 1);
  const HddSeekPoint& a = points_[static_cast<size_t>(right - 1)];
  const HddSeekPoint& b = points_[static_cast<size_t>(right)];
  const int64_t rise = int64_t{b.nanoseconds} - a.nanoseconds;
  const int64_t run = int64_t{b.distance} - a.distance;
  const int64_t time = a.nanoseconds + FloorDivide(rise * (int64_t{distance} - a.distance), run);
  return static_cast<uint32_t>(std::clamp<int64_t>(time, 0, UINT32_MAX));
}

}  // namespace biotope
