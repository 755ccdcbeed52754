#include "layers/iosched/bfq_peak_rate.h"

#include <gtest/gtest.h>

namespace biotope {
namespace {

constexpr uint64_t kMs = 1'000'000;

// Serves requests of `sectors` sectors one after the other, each in `service_ns`, for
// `duration_ns`.
void Serve(BfqPeakRate& rate, uint32_t sectors, uint64_t service_ns, uint64_t duration_ns,
           bool seeky, uint64_t* now) {
  Request request;
  request.nr_sectors = sectors;
  for (const uint64_t end = *now + duration_ns; *now < end;) {
    rate.Dispatched(request, seeky, 0, *now);
    *now += service_ns;
    rate.Completed(*now);
  }
}

TEST(BfqPeakRateTest, StartsAtTwoThirdsOfTheReference) {
  EXPECT_EQ(BfqPeakRate(true).rate(), 14'000u * 2 / 3);
  EXPECT_EQ(BfqPeakRate(false).rate(), 33'000u * 2 / 3);
  // The first automatic budget: 16384 sectors would be 9333 * 125 ms, about 17800.
  EXPECT_EQ(BfqPeakRate(true).SectorsIn(125), 9333 * 125'000ll >> 16);
}

TEST(BfqPeakRateTest, ComesToTheRateOfASequentialReader) {
  BfqPeakRate rate(true);
  uint64_t now = 0;
  // 256 sectors in 1 ms: 0.256 sectors per us.
  Serve(rate, 256, kMs, 20'000 * kMs, false, &now);
  EXPECT_NEAR(rate.rate(), 0.256 * 65536, 200);
  // And down again.
  Serve(rate, 256, kMs * 3 / 2, 20'000 * kMs, false, &now);
  EXPECT_NEAR(rate.rate(), 0.256 * 65536 * 2 / 3, 200);
}

TEST(BfqPeakRateTest, SeeksDoNotLowerIt) {
  BfqPeakRate rate(true);
  const uint32_t before = rate.rate();
  uint64_t now = 0;
  Serve(rate, 64, kMs, 5'000 * kMs, true, &now);
  EXPECT_EQ(rate.rate(), before);
  Serve(rate, 1024, kMs, 5'000 * kMs, true, &now);
  EXPECT_GT(rate.rate(), before) << "faster than thought, seeks or not";
}

TEST(BfqPeakRateTest, ASecondIsNeeded) {
  BfqPeakRate rate(true);
  const uint32_t before = rate.rate();
  uint64_t now = 0;
  Serve(rate, 256, kMs, 990 * kMs, false, &now);
  EXPECT_EQ(rate.rate(), before);
  Serve(rate, 256, kMs, 20 * kMs, false, &now);
  EXPECT_GT(rate.rate(), before);
}

// 300 ms of observation are enough if then the device is idle for long.
TEST(BfqPeakRateTest, APauseEndsTheInterval) {
  for (const uint64_t duration : {200 * kMs, 400 * kMs}) {
    BfqPeakRate rate(true);
    const uint32_t before = rate.rate();
    uint64_t now = 0;
    Serve(rate, 256, kMs, duration, false, &now);
    now += 150 * kMs;
    Serve(rate, 256, kMs, 2 * kMs, false, &now);
    EXPECT_EQ(rate.rate() != before, duration == 400 * kMs);
  }
}

// A small request that took long: what was observed until then counts no more.
TEST(BfqPeakRateTest, ASlowCompletionEndsTheInterval) {
  BfqPeakRate rate(true);
  const uint32_t before = rate.rate();
  uint64_t now = 0;
  for (int i = 0; i < 10; ++i) {
    Serve(rate, 8, kMs, 200 * kMs, false, &now);
    Serve(rate, 8, 20 * kMs, 20 * kMs, false, &now);
  }
  EXPECT_EQ(rate.rate(), before);
}

}  // namespace
}  // namespace biotope
