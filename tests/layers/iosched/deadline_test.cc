#include "layers/iosched/deadline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr Tick kNow{0};

class DeadlineTest : public testing::Test {
 protected:
  void Use(const DeadlineTunables& tunables, uint32_t hz = 1000) {
    queue_ = std::make_unique<TestQueue>(std::make_unique<DeadlineScheduler>(tunables, hz));
  }
  MergeOutcome Read(uint64_t sector, uint32_t nr_sectors = 8, Tick now = kNow) {
    return queue_->Submit({.sector = sector, .nr_sectors = nr_sectors}, now);
  }
  MergeOutcome Write(uint64_t sector, uint32_t nr_sectors = 8, Tick now = kNow) {
    return queue_->Submit({.write = true, .sector = sector, .nr_sectors = nr_sectors}, now);
  }
  std::string Next(Tick now = kNow) {
    Request* request = queue_->Dispatch(now);
    return request == nullptr ? "none" : Show(*request);
  }
  std::vector<std::string> Drain(Tick now = kNow, Tick step = Tick(0)) {
    return queue_->Drain(now, step);
  }

  std::unique_ptr<TestQueue> queue_ =
      std::make_unique<TestQueue>(std::make_unique<DeadlineScheduler>(DeadlineTunables{}, 1000));
};

// -- Order

// The order that the specification gives for these ten requests, queued at once. Merging is off:
// they shall stay ten.
std::vector<std::string> GoldenOrder(Tick step) {
  TestQueue queue(std::make_unique<DeadlineScheduler>(DeadlineTunables{}, 1000),
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

TEST(DeadlineGoldenOrder, AllAtOnce) {
  EXPECT_THAT(GoldenOrder(Tick(0)), ElementsAre("R20", "R100", "W50", "R108", "R116", "R5000",
                                                "W4000", "W4008", "R9000", "W6000"));
}

TEST(DeadlineGoldenOrder, OneSecondEach) {
  EXPECT_THAT(GoldenOrder(kSecond), ElementsAre("R20", "R100", "R108", "R116", "W50", "R9000",
                                                "R5000", "W4000", "W4008", "W6000"));
}

TEST_F(DeadlineTest, ReadsGoUpwardsAndStartAgainAtTheLowest) {
  for (const uint64_t sector : {500, 100, 300}) Read(sector);
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Next(), "R300");
  Read(200);  // behind the sweep
  Read(400);  // ahead, but the next one has been chosen already
  EXPECT_EQ(Next(), "R500");
  EXPECT_EQ(Next(), "R200");
  EXPECT_EQ(Next(), "R400");
  EXPECT_EQ(Next(), "none");
}

TEST_F(DeadlineTest, TwoReadsForAWrite) {
  for (uint64_t i = 0; i < 4; ++i) {
    Read(100 * i);
    Write(1000 + 100 * i);
  }
  EXPECT_THAT(Drain(),
              ElementsAre("R0", "R100", "W1000", "R200", "R300", "W1100", "W1200", "W1300"));
}

TEST_F(DeadlineTest, WritesStarvedCountsTheReadsBetweenWrites) {
  const struct {
    uint32_t writes_starved;
    std::vector<std::string> order;
  } cases[] = {
      {0, {"W1000", "W1100", "W1200", "R0", "R100", "R200"}},
      {1, {"R0", "W1000", "R100", "W1100", "R200", "W1200"}},
      {3, {"R0", "R100", "R200", "W1000", "W1100", "W1200"}},
  };
  for (const auto& c : cases) {
    Use({.writes_starved = c.writes_starved});
    for (uint64_t i = 0; i < 3; ++i) {
      Read(100 * i);
      Write(1000 + 100 * i);
    }
    EXPECT_EQ(Drain(), c.order) << "writes_starved=" << c.writes_starved;
  }
}

TEST_F(DeadlineTest, AfterAWriteReadsRestartAtTheLowest) {
  for (const uint64_t sector : {100, 200, 300, 400}) Read(sector);
  Write(1000);
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Next(), "R200");
  Read(50);
  EXPECT_EQ(Next(), "W1000");
  EXPECT_EQ(Next(), "R50");
  EXPECT_EQ(Next(), "R300");
}

// -- Batches

// Contiguous requests stay several if they may not grow.
TEST(DeadlineBatch, GoesOnOnlyOverContiguousRequestsAndNotLongerThanFifoBatch) {
  const struct {
    uint32_t fifo_batch;
    std::vector<std::string> order;
  } cases[] = {
      // The read waits for the batch of writes; the gap before W500 ends it.
      {16, {"W100", "W108", "W116", "W124", "R1000", "R2000", "W500"}},
      {3, {"W100", "W108", "W116", "R1000", "R2000", "W124", "W500"}},
      {2, {"W100", "W108", "R1000", "R2000", "W116", "W124", "W500"}},
      {1, {"W100", "R1000", "R2000", "W108", "W116", "W124", "W500"}},
      {0, {"W100", "R1000", "R2000", "W108", "W116", "W124", "W500"}},
  };
  for (const auto& c : cases) {
    TestQueue queue(
        std::make_unique<DeadlineScheduler>(DeadlineTunables{.fifo_batch = c.fifo_batch}, 1000),
        {.limits = {.max_sectors = 8}});
    for (uint64_t i = 0; i < 4; ++i) queue.Submit({.write = true, .sector = 100 + 8 * i}, kNow);
    queue.Submit({.write = true, .sector = 500}, kNow);
    std::vector<std::string> order = {Show(*queue.Dispatch(kNow))};
    queue.Submit({.sector = 1000}, kNow);
    queue.Submit({.sector = 2000}, kNow);
    for (const std::string& next : queue.Drain(kNow, Tick(0))) order.push_back(next);
    EXPECT_EQ(order, c.order) << "fifo_batch=" << c.fifo_batch;
  }
}

// -- Deadlines

TEST_F(DeadlineTest, TheOldestGoesWhenItIsOverdue) {
  for (const uint64_t sector : {900, 100, 200}) Read(sector);
  EXPECT_EQ(Next(500 * kMillisecond), "R100") << "due, not overdue";
  EXPECT_EQ(Next(501 * kMillisecond), "R900");
  EXPECT_EQ(Next(501 * kMillisecond), "R200");
}

TEST_F(DeadlineTest, TimeIsCountedInJiffies) {
  const struct {
    uint32_t hz;
    Tick queued;
    Tick overdue;  // the first moment
  } cases[] = {
      {1000, Tick(0), 501 * kMillisecond},         {1000, 999 * kMicrosecond, 501 * kMillisecond},
      {1000, kMillisecond, 502 * kMillisecond},    {100, Tick(0), 510 * kMillisecond},
      {100, 9 * kMillisecond, 510 * kMillisecond}, {250, 4 * kMillisecond, 508 * kMillisecond},
  };
  for (const auto& c : cases) {
    for (const bool overdue : {false, true}) {
      Use({}, c.hz);
      Read(900, 8, c.queued);
      Read(100, 8, c.queued);
      EXPECT_EQ(Next(overdue ? c.overdue : c.overdue - kPicosecond), overdue ? "R900" : "R100")
          << c.hz << " Hz, queued at " << c.queued.value();
    }
  }
}

TEST_F(DeadlineTest, EachDirectionHasItsOwnDeadline) {
  Use({.read_expire_ms = 10, .write_expire_ms = 30});
  for (const uint64_t sector : {900, 100}) Write(sector);
  EXPECT_EQ(Next(20 * kMillisecond), "W100");
  Write(100);
  EXPECT_EQ(Next(31 * kMillisecond), "W900");
  for (const uint64_t sector : {900, 50}) Read(sector, 8, 40 * kMillisecond);
  EXPECT_EQ(Next(51 * kMillisecond), "R900");
}

TEST_F(DeadlineTest, AnOverdueWriteStillWaitsForItsTurn) {
  for (const uint64_t sector : {100, 200, 300}) Read(sector, 8, 10 * kSecond);
  Write(1000);
  EXPECT_THAT(Drain(10 * kSecond), ElementsAre("R100", "R200", "W1000", "R300"));
}

// -- Merging

TEST_F(DeadlineTest, MergesAtBothEnds) {
  Read(9000);  // has last_merge
  Read(1000);
  EXPECT_EQ(Read(1008).kind, MergeKind::kBack);
  Read(5000);
  EXPECT_EQ(Read(4992).kind, MergeKind::kFront);
  EXPECT_EQ(Write(1016).kind, MergeKind::kNone);
  EXPECT_THAT(Drain(), ElementsAre("R1000+16", "R4992+16", "W1016", "R9000"));
}

TEST_F(DeadlineTest, WithoutFrontMergesOnlyTheLastMergeGrowsAtItsFront) {
  Use({.front_merges = false});
  Read(9000);  // has last_merge
  Read(2056);
  EXPECT_EQ(Read(2048).kind, MergeKind::kNone);
  EXPECT_EQ(Read(8992).kind, MergeKind::kFront);
  EXPECT_EQ(Read(2064).kind, MergeKind::kBack);
  EXPECT_THAT(Drain(), ElementsAre("R2048", "R2056+16", "R8992+16"));
}

TEST_F(DeadlineTest, LastMergeGoesBeforeTheHash) {
  Read(1000);  // has last_merge
  Read(992, 16);
  Read(1008);
  EXPECT_THAT(Drain(), ElementsAre("R992+16", "R1000+16"));
}

TEST_F(DeadlineTest, TheHashKnowsOneRequestPerEnd) {
  // The kernel asks the youngest that ends there, and gives up if it has the other direction.
  Read(9000);  // has last_merge
  Read(1000);
  Write(992, 16);
  EXPECT_EQ(Read(1008).kind, MergeKind::kNone);
  EXPECT_EQ(Write(1008).kind, MergeKind::kBack);
}

TEST_F(DeadlineTest, ABackMergeGoesBeforeAFrontMerge) {
  Read(9000);
  Read(1016);
  Read(1000);
  const MergeOutcome outcome = Read(1008);
  EXPECT_EQ(outcome.kind, MergeKind::kBack);
  EXPECT_NE(outcome.swallowed, nullptr) << "and joins the two";
  EXPECT_THAT(Drain(), ElementsAre("R1000+24", "R9000"));
}

TEST_F(DeadlineTest, AFrontMergeMayJoinTwoAsWell) {
  Read(1016);  // has last_merge, which is asked first
  Read(1000);
  const MergeOutcome outcome = Read(1008);
  EXPECT_EQ(outcome.kind, MergeKind::kFront);
  EXPECT_EQ(outcome.request->sector, Sector(1000));
  EXPECT_NE(outcome.swallowed, nullptr);
  EXPECT_THAT(Drain(), ElementsAre("R1000+24"));
}

TEST_F(DeadlineTest, JoinedRequestsHaveTheEarlierDeadlineAndItsPlace) {
  Read(1008);                        // due at 500 ms
  Read(5000, 8, 5 * kMillisecond);   // due at 505 ms
  Read(992, 8, 10 * kMillisecond);   // due at 510 ms
  Read(1000, 8, 20 * kMillisecond);  // joins 992 and 1008
  EXPECT_EQ(Next(504 * kMillisecond), "R992+24") << "overdue since 501 ms";
  Read(100, 8, 504 * kMillisecond);
  EXPECT_EQ(Next(506 * kMillisecond), "R5000");
}

TEST_F(DeadlineTest, ThePlaceOfAnOlderSurvivorStays) {
  Read(992);
  Read(5000, 8, 5 * kMillisecond);
  Read(1008, 8, 10 * kMillisecond);
  Read(1000, 8, 20 * kMillisecond);
  Read(100, 8, 20 * kMillisecond);
  EXPECT_EQ(Next(501 * kMillisecond), "R992+24");
  EXPECT_EQ(Next(505 * kMillisecond), "R5000") << "as the next one upwards";
  EXPECT_EQ(Next(505 * kMillisecond), "R100");
}

TEST_F(DeadlineTest, AFrontMergeOfTheNextOneLetsTheSweepSkipIt) {
  for (const uint64_t sector : {100, 300, 500}) Read(sector);
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Read(292).kind, MergeKind::kFront);
  EXPECT_EQ(Next(), "R500");
  EXPECT_EQ(Next(), "R292+16");
}

TEST_F(DeadlineTest, TheNextOneMayBeSwallowed) {
  for (const uint64_t sector : {500, 700, 900}) Read(sector);
  EXPECT_EQ(Next(), "R500");
  Read(684);
  Read(692);  // joins 684 and 700, the next one
  EXPECT_EQ(Next(), "R900");
  EXPECT_EQ(Next(), "R684+24");
}

TEST_F(DeadlineTest, DoesNotMergeWithWhatItHasDispatched) {
  Read(1000);
  EXPECT_EQ(Next(), "R1000");
  EXPECT_EQ(Read(1008).kind, MergeKind::kNone);
  EXPECT_EQ(Read(992).kind, MergeKind::kNone);
  EXPECT_THAT(Drain(), ElementsAre("R992", "R1008"));
}

// -- Aliases

TEST_F(DeadlineTest, TheOlderOfTwoThatStartTogetherGoesAtOnce) {
  Read(100);
  Read(8192);
  Read(8192);
  EXPECT_EQ(Next(), "R8192");
  EXPECT_THAT(Drain(), ElementsAre("R100", "R8192"));
  EXPECT_THAT(Drain(), IsEmpty());
}

TEST_F(DeadlineTest, AnAliasMovesTheSweep) {
  for (const uint64_t sector : {100, 500, 900}) Read(sector);
  Read(500);
  EXPECT_EQ(Next(), "R500");
  // The other R500 was not there when the first one's successor was taken down.
  EXPECT_THAT(Drain(), ElementsAre("R900", "R100", "R500"));
}

TEST_F(DeadlineTest, AFrontMergeMayMakeAnAlias) {
  Read(9000);
  Read(1000, 4);
  Read(1008);
  EXPECT_EQ(Read(1000).kind, MergeKind::kFront);
  EXPECT_EQ(Next(), "R1000+4");
  EXPECT_THAT(Drain(), ElementsAre("R9000", "R1000+16"));
}

TEST_F(DeadlineTest, ReadsAndWritesAreNoAliases) {
  Read(1000);
  Write(1000);
  EXPECT_THAT(Drain(), ElementsAre("R1000", "W1000"));
}

TEST_F(DeadlineTest, HasWorkUntilTheLastHasLeft) {
  EXPECT_FALSE(queue_->scheduler().HasWork());
  Read(1000);
  Read(1000);
  EXPECT_TRUE(queue_->scheduler().HasWork());
  Next();
  EXPECT_TRUE(queue_->scheduler().HasWork());
  Next();
  EXPECT_FALSE(queue_->scheduler().HasWork());
  Write(1000);
  EXPECT_TRUE(queue_->scheduler().HasWork());
}

}  // namespace
}  // namespace biotope
