#include "layers/iosched/noop.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class NoopTest : public testing::Test {
 protected:
  MergeOutcome Read(uint64_t sector, uint32_t nr_sectors = 8) {
    return queue_.Submit({.sector = sector, .nr_sectors = nr_sectors}, Tick(0));
  }
  MergeOutcome Write(uint64_t sector) {
    return queue_.Submit({.write = true, .sector = sector}, Tick(0));
  }
  std::vector<std::string> Drain() { return queue_.Drain(Tick(0), kMillisecond); }

  TestQueue queue_{std::make_unique<NoopScheduler>()};
};

TEST_F(NoopTest, DispatchesInTheOrderOfArrival) {
  for (const uint64_t sector : {5000, 100, 9000, 100, 200}) Read(sector);
  Write(50);
  EXPECT_TRUE(queue_.scheduler().HasWork());
  EXPECT_THAT(Drain(), ElementsAre("R5000", "R100", "R9000", "R100", "R200", "W50"));
  EXPECT_FALSE(queue_.scheduler().HasWork());
  EXPECT_EQ(queue_.Dispatch(Tick(0)), nullptr);
}

TEST_F(NoopTest, MergesWhereverTheRequestStands) {
  Read(1000);
  Read(5000);
  EXPECT_EQ(Read(1008).kind, MergeKind::kBack);
  EXPECT_EQ(Read(4992).kind, MergeKind::kFront);
  EXPECT_EQ(Write(1016).kind, MergeKind::kNone) << "other direction";
  EXPECT_THAT(Drain(), ElementsAre("R1000+16", "R4992+16", "W1016"));
}

TEST_F(NoopTest, MergesDescendingReadsToOne) {
  Read(9000);  // has last_merge
  for (uint64_t sector = 2104; sector >= 2048; sector -= 8) Read(sector);
  EXPECT_THAT(Drain(), ElementsAre("R9000", "R2048+64"));
}

TEST_F(NoopTest, TakesTheYoungestMatch) {
  Read(9000);
  Read(1000);
  Read(5000);
  Read(1000);
  EXPECT_EQ(Read(1008).kind, MergeKind::kBack);
  EXPECT_THAT(Drain(), ElementsAre("R9000", "R1000", "R5000", "R1000+16"));
}

TEST_F(NoopTest, LastMergeGoesBeforeTheYoungestMatch) {
  Read(1000);  // has last_merge
  Read(1000);
  EXPECT_EQ(Read(1008).kind, MergeKind::kBack);
  EXPECT_THAT(Drain(), ElementsAre("R1000+16", "R1000"));
}

TEST_F(NoopTest, LastMergeIsTheRequestThatGrewLast) {
  Read(9000);
  Read(1000);
  Read(1000);
  Read(1008);  // the second R1000 grows, and has last_merge now
  Read(1000, 16);
  Read(1016);
  EXPECT_THAT(Drain(), ElementsAre("R9000", "R1000", "R1000+24", "R1000+16"));
}

TEST_F(NoopTest, ABioMayBridgeNeighboursInTheQueueOnly) {
  Read(1000);
  Read(1016);
  const MergeOutcome bridged = Read(1008);
  EXPECT_NE(bridged.swallowed, nullptr);
  Read(2000);
  Read(9000);
  Read(2016);
  EXPECT_EQ(Read(2008).swallowed, nullptr);
  EXPECT_THAT(Drain(), ElementsAre("R1000+24", "R2000", "R9000", "R2008+16"));
}

TEST_F(NoopTest, DoesNotMergeWithWhatItHasDispatched) {
  Read(1000);
  ASSERT_NE(queue_.Dispatch(Tick(0)), nullptr);
  EXPECT_EQ(Read(1008).kind, MergeKind::kNone);
  EXPECT_THAT(Drain(), ElementsAre("R1008"));
  EXPECT_THAT(Drain(), IsEmpty());
}

}  // namespace
}  // namespace biotope
