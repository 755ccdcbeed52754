#include "layers/iosched/io_history.h"

#include <gtest/gtest.h>

#include <vector>

namespace biotope {
namespace {

// The means after each sample, computed from the recurrences with paper and pencil.
TEST(ThinkTime, IsADecayingMean) {
  ThinkTime think_time;
  const struct {
    uint64_t sample, samples, mean;
  } steps[] = {{8, 32, 12}, {8, 60, 10}, {8, 84, 9}, {0, 105, 6}, {0, 123, 5}};
  for (const auto& step : steps) {
    think_time.Add(step.sample);
    EXPECT_EQ(think_time.samples(), step.samples);
    EXPECT_EQ(think_time.mean(), step.mean) << think_time.samples();
  }
}

TEST(ThinkTime, HasEnoughSamplesWithTheThird) {
  ThinkTime think_time;
  std::vector<uint64_t> samples;
  for (int i = 0; i < 3; ++i) {
    think_time.Add(1);
    samples.push_back(think_time.samples());
  }
  EXPECT_EQ(samples, (std::vector<uint64_t>{32, 60, 84}));
}

TEST(SeekDistance, IsMeasuredFromTheEndOfTheRequestBefore) {
  SeekDistance seek;
  Request request;
  request.sector = Sector(1000);
  request.nr_sectors = 8;
  EXPECT_EQ(seek.To(request), 1000u) << "from the beginning of the disk";
  seek.SetLast(request);
  EXPECT_EQ(seek.To(request), 8u);
  request.sector = Sector(5008);
  EXPECT_EQ(seek.To(request), 4000u);
}

TEST(SeekDistance, OneJumpCountsOnlyInPart) {
  SeekDistance seek;
  seek.Add(100'000'000);
  EXPECT_EQ(seek.mean(), 2u * 1024 * 1024) << "of one who has just begun";
  SeekDistance settled;
  for (int i = 0; i < 20; ++i) settled.Add(0);
  settled.Add(100'000'000);
  EXPECT_EQ(settled.mean(), 2u * 1024 * 64 * 256 / 8 / settled.samples());
}

}  // namespace
}  // namespace biotope
