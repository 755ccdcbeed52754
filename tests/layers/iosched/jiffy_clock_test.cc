#include "layers/iosched/jiffy_clock.h"

#include <gtest/gtest.h>

namespace biotope {
namespace {

TEST(JiffyClock, CountsWholeTicksOfTheTimer) {
  const JiffyClock clock(1000);
  EXPECT_EQ(clock.Jiffies(Tick(0)), 0u);
  EXPECT_EQ(clock.Jiffies(kMillisecond - kPicosecond), 0u);
  EXPECT_EQ(clock.Jiffies(kMillisecond), 1u);
  EXPECT_EQ(clock.DateOf(7), 7 * kMillisecond);
  EXPECT_EQ(JiffyClock(100).Jiffies(99 * kMillisecond), 9u);
  EXPECT_EQ(JiffyClock(250).jiffy(), 4 * kMillisecond);
}

TEST(JiffyClock, RoundsMillisecondsUp) {
  const struct {
    uint32_t hz;
    uint64_t ms;
    uint64_t jiffies;
  } cases[] = {{1000, 500, 500}, {1000, 0, 0},    {100, 500, 50}, {100, 501, 51},
               {100, 1, 1},      {250, 500, 125}, {250, 5, 2},    {1024, 500, 512}};
  for (const auto& c : cases) {
    EXPECT_EQ(JiffyClock(c.hz).FromMs(c.ms), c.jiffies) << c.hz << " Hz, " << c.ms << " ms";
  }
}

TEST(JiffyClock, ADateHasPassedWhenItsJiffyIsOver) {
  const JiffyClock clock(1000);
  const Tick date = clock.DateOf(500);
  EXPECT_FALSE(clock.IsAfter(date - kPicosecond, date));
  EXPECT_FALSE(clock.IsAfter(date, date));
  EXPECT_FALSE(clock.IsAfter(date + kMillisecond - kPicosecond, date));
  EXPECT_TRUE(clock.IsAfter(date + kMillisecond, date));
}

}  // namespace
}  // namespace biotope
