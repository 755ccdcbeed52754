#include "sim/results/histogram.h"

#include <gtest/gtest.h>

#include <cmath>
#include <vector>

namespace biotope {
namespace {

TEST(HistogramTest, BucketsAreThoseOfFio) {
  // stat.c plat_val_to_idx with 64 buckets for each power of two: exact up to 127, then the first
  // bucket of each group begins at a power of two.
  const struct {
    uint64_t ns;
    uint32_t bucket;
  } cases[] = {
      {0, 0},     {1, 1},     {63, 63},    {64, 64},    {127, 127},       {128, 128},
      {129, 128}, {130, 129}, {255, 191},  {256, 192},  {259, 192},       {260, 193},
      {511, 255}, {512, 256}, {1023, 319}, {1024, 320}, {1'000'000, 954}, {uint64_t{1} << 34, 1856},
  };
  for (const auto& [ns, bucket] : cases) {
    EXPECT_EQ(LatencyHistogram::BucketOf(ns), bucket) << ns;
  }
}

TEST(HistogramTest, ABucketContainsItsMiddle) {
  for (uint32_t bucket = 0; bucket < 3000; ++bucket) {
    EXPECT_EQ(LatencyHistogram::BucketOf(LatencyHistogram::ValueOf(bucket)), bucket);
  }
}

TEST(HistogramTest, MeanAndDeviationAreThoseOfTheValues) {
  LatencyHistogram histogram;
  for (const uint64_t us : {2, 4, 4, 4, 5, 5, 7, 9}) histogram.Add(us * kMicrosecond);
  EXPECT_EQ(histogram.count(), 8u);
  EXPECT_EQ(histogram.min(), 2 * kMicrosecond);
  EXPECT_EQ(histogram.max(), 9 * kMicrosecond);
  EXPECT_DOUBLE_EQ(histogram.mean_ns(), 5000);
  // fio divides by n - 1.
  EXPECT_NEAR(histogram.stddev_ns(), std::sqrt(32.0 / 7) * 1000, 1);
}

TEST(HistogramTest, PercentilesLieWithinABucketOfTheSample) {
  LatencyHistogram histogram;
  for (uint64_t i = 1; i <= 1000; ++i) histogram.Add(i * kMicrosecond);
  for (const double percentile : {1.0, 25.0, 50.0, 90.0, 99.0, 99.9}) {
    const double exact = percentile * 10'000;
    EXPECT_NEAR(static_cast<double>(histogram.PercentileNs(percentile)), exact, exact / 64)
        << percentile;
  }
}

TEST(HistogramTest, NoPercentileLiesOutsideOfTheSamples) {
  LatencyHistogram histogram;
  histogram.Add(242'400 * kNanosecond);
  EXPECT_EQ(histogram.PercentileNs(1), 242'400u);
  EXPECT_EQ(histogram.PercentileNs(99.99), 242'400u);
  EXPECT_EQ(PercentileNs(histogram.ToProto(), 50), 242'400u);
  EXPECT_EQ(LatencyHistogram().PercentileNs(50), 0u);
}

TEST(HistogramTest, SurvivesBeingWritten) {
  LatencyHistogram histogram;
  for (uint64_t i = 0; i < 500; ++i) histogram.Add((i * i * i + 1) * kNanosecond);
  const Histogram proto = histogram.ToProto();
  EXPECT_EQ(proto.count(), 500u);
  for (double percentile = 0.5; percentile <= 100; percentile += 0.5) {
    EXPECT_EQ(PercentileNs(proto, percentile), histogram.PercentileNs(percentile)) << percentile;
  }
}

}  // namespace
}  // namespace biotope
