#include "layers/disk/hdd/seek_curve.h"

#include <gtest/gtest.h>

#include <vector>

namespace biotope {
namespace {

std::vector<HddSeekPoint> Points() {
  return {{.distance = 1, .nanoseconds = 1000},
          {.distance = 2, .nanoseconds = 900},
          {.distance = 5, .nanoseconds = 2000},
          {.distance = 9, .nanoseconds = 2400}};
}

struct Expected {
  uint32_t distance;
  uint64_t nanoseconds;
};

class SeekCurveTest : public testing::TestWithParam<Expected> {};

TEST_P(SeekCurveTest, LiesOnTheLineBetweenThePoints) {
  const SeekCurve curve(Points(), 100);
  EXPECT_EQ(curve.Time(GetParam().distance) / kNanosecond, GetParam().nanoseconds);
}

INSTANTIATE_TEST_SUITE_P(Distances, SeekCurveTest,
                         testing::Values(Expected{0, 0}, Expected{1, 1000}, Expected{2, 900},
                                         Expected{3, 1266}, Expected{4, 1633}, Expected{5, 2000},
                                         Expected{6, 2100}, Expected{9, 2400}, Expected{10, 2500},
                                         Expected{99, 11400}));

TEST(SeekCurveTest, FallingLinesAreRoundedDownToo) {
  const SeekCurve curve({{.distance = 1, .nanoseconds = 10}, {.distance = 4, .nanoseconds = 0}},
                        100);
  EXPECT_EQ(curve.Time(2), 6 * kNanosecond);
  EXPECT_EQ(curve.Time(3), 3 * kNanosecond);
  EXPECT_EQ(curve.Time(50), Tick(0));
}

TEST(SeekCurveTest, OnePointIsTheSameForAllDistances) {
  const SeekCurve curve({{.distance = 1, .nanoseconds = 10}}, 100);
  EXPECT_EQ(curve.Time(0), Tick(0));
  EXPECT_EQ(curve.Time(1), 10 * kNanosecond);
  EXPECT_EQ(curve.Time(99), 10 * kNanosecond);
}

// The table holds what is computed without one.
TEST(SeekCurveTest, TableAndComputationAgree) {
  const SeekCurve table(Points(), SeekCurve::kTableLimit);
  const SeekCurve computed(Points(), 1);
  for (uint32_t distance = 0; distance < 1000; ++distance) {
    ASSERT_EQ(table.Time(distance), computed.Time(distance)) << distance;
  }
  EXPECT_EQ(SeekCurve(Points(), 1'000'000).Time(500'000) / kNanosecond, 2400u + 100u * 499'991u);
}

}  // namespace
}  // namespace biotope
