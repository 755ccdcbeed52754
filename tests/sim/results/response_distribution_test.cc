#include "sim/results/response_distribution.h"

#include <gtest/gtest.h>

namespace biotope {
namespace {

ResponseDistribution Of(uint64_t first_us, uint64_t step_us, uint64_t count) {
  ResponseDistribution distribution;
  for (uint64_t i = 0; i < count; ++i) {
    distribution.Add(kMicrosecond * (first_us + i * step_us));
  }
  return distribution;
}

TEST(ResponseDistributionTest, MeanAndStandardDeviation) {
  const ResponseDistribution distribution = Of(1000, 1000, 3);
  EXPECT_EQ(distribution.count(), 3u);
  EXPECT_DOUBLE_EQ(distribution.mean_ms(), 2.0);
  EXPECT_NEAR(distribution.sd_ms(), 0.816497, 1e-6);
}

// Edges are 0, 1, 2... us; a value goes to the first bin from 1 on that ends above it.
TEST(ResponseDistributionTest, BinsOfAMicrosecond) {
  ResponseDistribution distribution;
  distribution.Add(Tick(0));
  distribution.Add(kNanosecond * 1999);
  const auto points = distribution.Cumulative();
  ASSERT_EQ(points.size(), 3u);
  EXPECT_EQ(points[0].y, 0);
  EXPECT_EQ(points[1].y, 0.5);  // below 1 us
  EXPECT_EQ(points[2].y, 1);
  EXPECT_DOUBLE_EQ(points[2].ms, 0.002);
}

TEST(ResponseDistributionTest, BinsGrowByAHundredthAboveAHundredMicroseconds) {
  const auto points = Of(1'000'000, 0, 1).Cumulative();
  EXPECT_DOUBLE_EQ(points[100].ms, 0.100);
  EXPECT_DOUBLE_EQ(points[101].ms, 0.102);
  EXPECT_NEAR(points.back().ms, 1000, 10);
}

TEST(ResponseDistributionTest, AValueBeyondTheLastBinIsInTheLastBin) {
  ResponseDistribution distribution;
  distribution.Add(kNever);
  EXPECT_EQ(distribution.Cumulative().back().y, 1);
}

TEST(ResponseDistributionTest, DistanceOfShiftedDistributions) {
  const ResponseDistribution a = Of(10, 1, 50);
  EXPECT_EQ(RmsDistanceMs(a, a), 0);
  EXPECT_NEAR(RmsDistanceMs(a, Of(15, 1, 50)), 0.005, 1e-9);
  EXPECT_NEAR(RmsDistanceMs(Of(15, 1, 50), a), 0.005, 1e-9);
}

// A tenth of the values 30 us off: sqrt(0.1) * 30 us.
TEST(ResponseDistributionTest, OutliersCountBySquare) {
  ResponseDistribution a;
  ResponseDistribution b;
  for (int i = 0; i < 10; ++i) {
    a.Add(kMicrosecond * 20);
    b.Add(kMicrosecond * (i == 9 ? 50 : 20));
  }
  EXPECT_NEAR(RmsDistanceMs(a, b), 0.0094868, 2e-4);
}

}  // namespace
}  // namespace biotope
