#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "layers/iosched/textbook/c_look.h"
#include "layers/iosched/textbook/fcfs.h"
#include "layers/iosched/textbook/look.h"
#include "layers/iosched/textbook/sptf.h"
#include "layers/iosched/textbook/sstf.h"
#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

constexpr Tick kNow{0};

// The example of the textbooks, in hundreds of sectors: head at 53.
std::vector<std::string> Order(std::unique_ptr<IoScheduler> scheduler) {
  TestQueue queue(std::move(scheduler), {.limits = {.max_sectors = 8}});
  queue.Submit({.sector = 5300 - 8}, kNow);
  queue.Dispatch(kNow);
  for (const uint64_t track : {98, 183, 37, 122, 14, 124, 65, 67}) {
    queue.Submit({.write = track % 2 == 0, .sector = 100 * track}, kNow);
  }
  return queue.Drain(kNow, Tick(0));
}

TEST(TextbookTest, Fcfs) {
  EXPECT_THAT(
      Order(std::make_unique<FcfsScheduler>()),
      ElementsAre("W9800", "R18300", "R3700", "W12200", "W1400", "W12400", "R6500", "R6700"));
}

TEST(TextbookTest, Sstf) {
  EXPECT_THAT(
      Order(std::make_unique<SstfScheduler>()),
      ElementsAre("R6500", "R6700", "R3700", "W1400", "W9800", "W12200", "W12400", "R18300"));
}

TEST(TextbookTest, Look) {
  EXPECT_THAT(
      Order(std::make_unique<LookScheduler>()),
      ElementsAre("R6500", "R6700", "W9800", "W12200", "W12400", "R18300", "R3700", "W1400"));
}

TEST(TextbookTest, CLook) {
  EXPECT_THAT(
      Order(std::make_unique<CLookScheduler>()),
      ElementsAre("R6500", "R6700", "W9800", "W12200", "W12400", "R18300", "W1400", "R3700"));
}

TEST(TextbookTest, LookTurnsAgainAndAgain) {
  TestQueue queue(std::make_unique<LookScheduler>());
  for (const uint64_t sector : {500, 100}) queue.Submit({.sector = sector}, kNow);
  EXPECT_EQ(Show(*queue.Dispatch(kNow)), "R100");
  queue.Submit({.sector = 50}, kNow);
  EXPECT_EQ(Show(*queue.Dispatch(kNow)), "R500");
  queue.Submit({.sector = 600}, kNow);
  queue.Submit({.sector = 300}, kNow);
  EXPECT_THAT(queue.Drain(kNow, Tick(0)), ElementsAre("R600", "R300", "R50"));
}

TEST(TextbookTest, SstfGoesAheadIfBothAreEquallyFar) {
  TestQueue queue(std::make_unique<SstfScheduler>());
  queue.Submit({.sector = 992}, kNow);
  queue.Dispatch(kNow);
  queue.Submit({.sector = 900}, kNow);
  queue.Submit({.sector = 1100}, kNow);
  EXPECT_EQ(Show(*queue.Dispatch(kNow)), "R1100");
}

// A disk of a hundred sectors per turn whose arm is everywhere at once; 1 us per sector.
class Turntable : public PositioningTime {
 public:
  Tick Estimate(const Request& request, Tick now) const override {
    const uint64_t under_head = now / kMicrosecond % 100;
    return kMicrosecond * ((request.sector.value() % 100 + 100 - under_head) % 100);
  }
};

TEST(TextbookTest, SptfTakesTheOneThatComesRoundFirst) {
  const Turntable turntable;
  TestQueue queue(std::make_unique<SptfScheduler>(&turntable));
  for (const uint64_t sector : {4010, 1050, 2090, 8050}) queue.Submit({.sector = sector}, kNow);
  EXPECT_EQ(Show(*queue.Dispatch(40 * kMicrosecond)), "R1050") << "the older one of two";
  EXPECT_EQ(Show(*queue.Dispatch(58 * kMicrosecond)), "R2090");
  EXPECT_EQ(Show(*queue.Dispatch(98 * kMicrosecond)), "R4010");
  EXPECT_EQ(Show(*queue.Dispatch(98 * kMicrosecond)), "R8050");
}

TEST(TextbookTest, SptfWithoutMechanicsIsFcfs) {
  EXPECT_THAT(Order(std::make_unique<SptfScheduler>(nullptr)),
              ElementsAreArray(Order(std::make_unique<FcfsScheduler>())));
}

TEST(TextbookTest, AllMergeAtBothEndsAndJoinNeighbours) {
  TestQueue queue(std::make_unique<FcfsScheduler>());
  queue.Submit({.sector = 1000}, kNow);
  EXPECT_EQ(queue.Submit({.sector = 1008}, kNow).kind, MergeKind::kBack);
  EXPECT_EQ(queue.Submit({.sector = 992}, kNow).kind, MergeKind::kFront);
  queue.Submit({.sector = 2000}, kNow);
  queue.Submit({.sector = 2016}, kNow);
  EXPECT_NE(queue.Submit({.sector = 2008}, kNow).swallowed, nullptr);
  EXPECT_EQ(queue.Submit({.write = true, .sector = 2024}, kNow).kind, MergeKind::kNone);
  EXPECT_THAT(queue.Drain(kNow, Tick(0)), ElementsAre("R992+24", "R2000+24", "W2024"));
}

}  // namespace
}  // namespace biotope
