#include "sim/sweep/interval_estimate.h"

#include <gtest/gtest.h>

#include <cmath>

namespace biotope {
namespace {

// Two-sided quantiles of Student's t as printed tables have them.
TEST(StudentQuantileTest, AgreesWithTables) {
  const struct {
    uint64_t degrees;
    double probability;
    double quantile;
  } rows[] = {{1, 0.95, 12.706}, {2, 0.95, 4.303},  {3, 0.95, 3.182},   {4, 0.95, 2.776},
              {5, 0.95, 2.571},  {9, 0.95, 2.262},  {10, 0.95, 2.228},  {29, 0.95, 2.045},
              {30, 0.95, 2.042}, {60, 0.95, 2.000}, {120, 0.95, 1.980}, {100000, 0.95, 1.960},
              {1, 0.99, 63.657}, {4, 0.99, 4.604},  {10, 0.90, 1.812}};
  for (const auto& row : rows) {
    EXPECT_NEAR(StudentQuantile(row.degrees, row.probability), row.quantile, 6e-4)
        << row.degrees << " " << row.probability;
  }
}

TEST(EstimateTest, OfFiveObservations) {
  const IntervalEstimate estimate = Estimate({1, 2, 3, 4, 5});
  EXPECT_EQ(estimate.count, 5u);
  EXPECT_DOUBLE_EQ(estimate.mean, 3);
  EXPECT_DOUBLE_EQ(estimate.stddev, std::sqrt(2.5));
  EXPECT_NEAR(estimate.half_width, 2.7764 * std::sqrt(2.5 / 5), 1e-4);
}

TEST(EstimateTest, OneObservationTellsNothingOfItsError) {
  const IntervalEstimate estimate = Estimate({4});
  EXPECT_DOUBLE_EQ(estimate.mean, 4);
  EXPECT_TRUE(std::isnan(estimate.stddev));
  EXPECT_TRUE(std::isnan(estimate.half_width));
  EXPECT_TRUE(std::isnan(Estimate({}).mean));
}

}  // namespace
}  // namespace biotope
