#include "layers/iosched/mq_deadline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;

constexpr Tick kNow = kSecond;
constexpr IoPriority kRealTime = {.priority_class = IoPriorityClass::kRealTime};
constexpr IoPriority kIdle = {.priority_class = IoPriorityClass::kIdle};

class MqDeadlineTest : public testing::Test {
 protected:
  void Use(const MqDeadlineTunables& tunables, uint32_t hz = 1000) {
    queue_ = std::make_unique<TestQueue>(std::make_unique<MqDeadlineScheduler>(tunables, hz));
  }
  MergeOutcome Read(uint64_t sector, Tick now = kNow, IoPriority ioprio = {}) {
    return queue_->Submit({.sector = sector, .ioprio = ioprio}, now);
  }
  MergeOutcome Write(uint64_t sector, Tick now = kNow, IoPriority ioprio = {}) {
    return queue_->Submit({.write = true, .sector = sector, .ioprio = ioprio}, now);
  }
  Request* Take(Tick now = kNow) { return queue_->Dispatch(now); }
  std::string Next(Tick now = kNow) {
    Request* request = Take(now);
    return request == nullptr ? "none" : Show(*request);
  }
  std::vector<std::string> Drain(Tick now = kNow, Tick step = Tick(0)) {
    return queue_->Drain(now, step);
  }

  std::unique_ptr<TestQueue> queue_ = std::make_unique<TestQueue>(
      std::make_unique<MqDeadlineScheduler>(MqDeadlineTunables{}, 1000));
};

// -- Order

// The order that the specification gives for these ten requests, queued at once.
std::vector<std::string> GoldenOrder(Tick step) {
  TestQueue queue(std::make_unique<MqDeadlineScheduler>(MqDeadlineTunables{}, 1000),
                  {.limits = {.max_sectors = 8}});
  const BioSpec specs[] = {{.sector = 100},
                           {.write = true, .sector = 4000},
                           {.sector = 9000},
                           {.sector = 108},
                           {.write = true, .sector = 4008},
                           {.sector = 116},
                           {.write = true, .sector = 50},
                           {.sector = 5000},
                           {.sector = 20},
                           {.write = true, .sector = 6000}};
  for (const BioSpec& spec : specs) queue.Submit(spec, kNow);
  return queue.Drain(kNow, step);
}

TEST(MqDeadlineGoldenOrder, AllAtOnce) {
  EXPECT_THAT(GoldenOrder(Tick(0)), ElementsAre("W50", "W4000", "W4008", "W6000", "R20", "R100",
                                                "R108", "R116", "R5000", "R9000"));
}

TEST(MqDeadlineGoldenOrder, OneSecondEach) {
  EXPECT_THAT(GoldenOrder(kSecond), ElementsAre("W50", "W4000", "W4008", "W6000", "R100", "R108",
                                                "R116", "R5000", "R9000", "R20"));
}

TEST_F(MqDeadlineTest, ABatchGoesUpwardsOverGapsAndStartsAgainAtTheOldest) {
  for (const uint64_t sector : {500, 100, 300, 200}) Read(sector);
  EXPECT_EQ(Next(), "R100");
  Read(50);
  EXPECT_EQ(Next(), "R200");
  Read(250);
  EXPECT_THAT(Drain(), ElementsAre("R250", "R300", "R500", "R50"));
  for (const uint64_t sector : {490, 100, 480, 70}) Read(sector);
  EXPECT_THAT(Drain(), ElementsAre("R70", "R100", "R480", "R490")) << "from where the last began";
}

TEST_F(MqDeadlineTest, ABatchGoesOnFromTheBeginningOfTheLastRequest) {
  queue_->Insert({.sector = 100, .nr_sectors = 64}, kNow);
  EXPECT_EQ(Next(), "R100+64");
  for (const uint64_t sector : {500, 120}) Read(sector);
  EXPECT_EQ(Next(), "R120") << "overlaps it";
}

TEST_F(MqDeadlineTest, NothingAboveMeansTheOldestNotTheLowest) {
  Read(900);
  EXPECT_EQ(Next(), "R900");
  for (const uint64_t sector : {500, 100, 300}) Read(sector);
  EXPECT_THAT(Drain(), ElementsAre("R500", "R100", "R300"));
}

TEST_F(MqDeadlineTest, FifoBatchAndWritesStarvedSayHowManyGo) {
  const struct {
    uint32_t fifo_batch, writes_starved;
    std::vector<std::string> order;
  } cases[] = {
      // The first batch is one of writes: so the direction starts.
      {2, 2, {"W0", "W10", "R0", "R10", "R20", "R30", "W20", "W30", "R40", "R50", "W40", "W50"}},
      {2, 1, {"W0", "W10", "R0", "R10", "W20", "W30", "R20", "R30", "W40", "W50", "R40", "R50"}},
      {3, 0, {"W0", "W10", "W20", "W30", "W40", "W50", "R0", "R10", "R20", "R30", "R40", "R50"}},
      {16, 2, {"W0", "W10", "W20", "W30", "W40", "W50", "R0", "R10", "R20", "R30", "R40", "R50"}},
      {0, 2, {"R0", "R10", "W0", "R20", "R30", "W10", "R40", "R50", "W20", "W30", "W40", "W50"}},
  };
  for (const auto& c : cases) {
    Use({.writes_starved = c.writes_starved, .fifo_batch = c.fifo_batch});
    for (uint64_t i = 0; i < 6; ++i) {
      Read(10 * i);
      Write(10 * i);
    }
    EXPECT_EQ(Drain(), c.order) << c.fifo_batch << ", " << c.writes_starved;
  }
}

// -- Deadlines

TEST_F(MqDeadlineTest, TheOldestStartsABatchWhenItIsDue) {
  Use({.fifo_batch = 1});
  for (const uint64_t sector : {900, 100, 200}) Read(sector);
  EXPECT_EQ(Next(kNow + 499 * kMillisecond), "R100");
  EXPECT_EQ(Next(kNow + 500 * kMillisecond), "R900");
  EXPECT_EQ(Next(kNow + 500 * kMillisecond), "R200");
}

TEST_F(MqDeadlineTest, ADueRequestWaitsForTheEndOfTheBatch) {
  for (const uint64_t sector : {900, 100, 200}) Read(sector);
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Next(kNow + kSecond), "R200");
  EXPECT_EQ(Next(kNow + kSecond), "R900");
}

TEST_F(MqDeadlineTest, TimeIsCountedInJiffies) {
  for (const bool due : {false, true}) {
    Use({.fifo_batch = 1}, 100);
    Read(900, kNow + 9 * kMillisecond);
    Read(100, kNow + 9 * kMillisecond);
    const Tick now = kNow + 500 * kMillisecond;
    EXPECT_EQ(Next(due ? now : now - kPicosecond), due ? "R900" : "R100");
  }
}

// -- Priorities

TEST_F(MqDeadlineTest, HigherClassesGoFirst) {
  Read(100, kNow, kIdle);
  Read(200);
  Read(300, kNow, kRealTime);
  Read(400, kNow, {.priority_class = IoPriorityClass::kNone});
  EXPECT_THAT(Drain(), ElementsAre("R300", "R200", "R400", "R100"));
}

TEST_F(MqDeadlineTest, AClassWaitsUntilTheHigherOneHasCompleted) {
  Read(100);
  Read(300, kNow, kRealTime);
  Request* real_time = Take();
  EXPECT_EQ(Show(*real_time), "R300");
  EXPECT_EQ(Next(), "none");
  EXPECT_TRUE(queue_->scheduler().HasWork());
  queue_->Complete(*real_time, kNow);
  EXPECT_EQ(Next(), "R100");
}

TEST_F(MqDeadlineTest, WhoHasWaitedForTooLongGoesBeforeHigherClasses) {
  Use({.prio_aging_expire_ms = 100});
  Read(100, kNow, kIdle);
  for (uint64_t i = 0; i < 3; ++i) Read(1000 + 100 * i, kNow + kMillisecond, kRealTime);
  EXPECT_EQ(Next(kNow + 99 * kMillisecond), "R1000");
  EXPECT_EQ(Next(kNow + 100 * kMillisecond), "R100");
  EXPECT_EQ(Next(kNow + 100 * kMillisecond), "R1100");
}

// While two classes are queued the look for aged requests starts batches, although it takes
// nothing.
TEST_F(MqDeadlineTest, TheLookForAgedRequestsEndsTheBatch) {
  Use({.fifo_batch = 2});
  for (const uint64_t sector : {100, 200, 300, 400}) Write(sector, kNow, kRealTime);
  for (const uint64_t sector : {100, 200}) Read(sector, kNow, kRealTime);
  Read(100, kNow, kIdle);
  // It selects the idle read: the direction is then that of reads, with a new batch, each time.
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Next(), "R200");
  EXPECT_EQ(Next(), "W100");
}

TEST_F(MqDeadlineTest, WithOneClassTheBatchGoesOn) {
  Use({.fifo_batch = 2});
  for (const uint64_t sector : {100, 200, 300, 400}) Write(sector, kNow, kRealTime);
  for (const uint64_t sector : {100, 200}) Read(sector, kNow, kRealTime);
  EXPECT_EQ(Next(), "W100");
  EXPECT_EQ(Next(), "W200");
  EXPECT_EQ(Next(), "R100");
}

TEST_F(MqDeadlineTest, RequestsInsertedAtTheHeadGoBeforeAll) {
  Read(300, kNow, kRealTime);
  Request requeued;
  requeued.sector = Sector(700);
  requeued.nr_sectors = 8;
  queue_->scheduler().InsertAtHead(requeued, kNow);
  EXPECT_EQ(queue_->scheduler().Dispatch(kNow), &requeued);
  EXPECT_EQ(Next(), "R300");
}

// -- Merging

TEST_F(MqDeadlineTest, MergesAtBothEndsAndJoinsNeighbours) {
  Read(1000);
  EXPECT_EQ(Read(1008).kind, MergeKind::kBack);
  EXPECT_EQ(Read(992).kind, MergeKind::kFront);
  Read(5000);
  EXPECT_EQ(Read(4992).kind, MergeKind::kFront);
  Read(4976);
  const MergeOutcome bridge = Read(4984);
  EXPECT_NE(bridge.swallowed, nullptr);
  EXPECT_EQ(Write(1016).kind, MergeKind::kNone);
  EXPECT_THAT(Drain(), ElementsAre("W1016", "R992+24", "R4976+32"));
}

// Recorded: front_merges=0 does not keep the request that was merged last from growing at its
// front.
TEST_F(MqDeadlineTest, WithoutFrontMergesTheHintStillGrowsAtItsFront) {
  Use({.front_merges = false});
  Read(9000);  // the hint
  Read(2056);
  EXPECT_EQ(Read(2048).kind, MergeKind::kNone);
  EXPECT_EQ(Read(8992).kind, MergeKind::kFront);
  EXPECT_EQ(Read(2064).kind, MergeKind::kBack);
}

TEST_F(MqDeadlineTest, PrioritiesDoNotMerge) {
  Read(1000);
  EXPECT_EQ(Read(1008, kNow, kRealTime).kind, MergeKind::kNone);
  EXPECT_EQ(Read(992, kNow, {.level = 5}).kind, MergeKind::kNone);
}

TEST_F(MqDeadlineTest, JoinedRequestsHaveTheEarlierDeadline) {
  Use({.fifo_batch = 1});
  Read(1008);
  Read(5000, kNow + 5 * kMillisecond);
  Read(992, kNow + 10 * kMillisecond);
  Read(1000, kNow + 20 * kMillisecond);  // joins the two
  Read(100, kNow + 20 * kMillisecond);
  EXPECT_EQ(Next(kNow + 500 * kMillisecond), "R992+24");
  EXPECT_EQ(Next(kNow + 505 * kMillisecond), "R5000");
}

TEST_F(MqDeadlineTest, ARequestOutOfAPlugIsSwallowedByTheOneThatItContinues) {
  queue_->Insert({.sector = 1000}, kNow);
  queue_->Insert({.sector = 2000}, kNow);
  EXPECT_EQ(queue_->Insert({.sector = 1008}, kNow), nullptr);
  EXPECT_EQ(queue_->Insert({.sector = 2008}, kNow), nullptr);
  EXPECT_NE(queue_->Insert({.sector = 1992}, kNow), nullptr) << "no front merges";
  EXPECT_THAT(Drain(), ElementsAre("R1000+16", "R1992", "R2000+16"));
}

TEST_F(MqDeadlineTest, SeveralMayStartTogether) {
  for (int i = 0; i < 3; ++i) queue_->Insert({.sector = 1000}, kNow);
  EXPECT_THAT(Drain(), ElementsAre("R1000", "R1000", "R1000"));
}

// -- Tags

TEST_F(MqDeadlineTest, AsyncDepthLimitsWritesOnly) {
  const struct {
    std::optional<uint32_t> async_depth;
    bool write, sync;
    uint32_t limit;
  } cases[] = {{{}, true, false, 256},
               {48, true, false, 48},
               {48, true, true, 48},
               {48, false, true, 256},
               {1000, true, false, 256}};
  for (const auto& c : cases) {
    Use({.async_depth = c.async_depth});
    EXPECT_EQ(queue_->scheduler().LimitDepth({.write = c.write, .sync = c.sync, .ioprio = {}}, 256),
              c.limit);
  }
}

}  // namespace
}  // namespace biotope
