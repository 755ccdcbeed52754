#include "layers/iosched/none.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;

constexpr Tick kNow{0};

class NoneTest : public testing::Test {
 protected:
  MergeKind Submit(uint64_t sector, uint16_t cpu = 0) {
    return queue_.Submit({.sector = sector, .cpu = cpu}, kNow).kind;
  }
  std::string Next() {
    Request* request = queue_.Dispatch(kNow);
    return request == nullptr ? "none" : Show(*request);
  }
  std::vector<std::string> Drain() { return queue_.Drain(kNow, Tick(0)); }

  TestQueue queue_{std::make_unique<NoneScheduler>()};
};

TEST_F(NoneTest, EachCpuIsFirstInFirstOutAndTheyFollowEachOther) {
  Submit(900, 1);
  Submit(500);
  Submit(100, 1);
  Submit(300);
  EXPECT_THAT(Drain(), ElementsAre("R500", "R300", "R900", "R100"));
}

TEST_F(NoneTest, AllLeaveTheirSoftwareQueuesAtOnce) {
  Submit(500);
  Submit(300);
  EXPECT_EQ(Next(), "R500");
  Submit(100);
  EXPECT_EQ(Submit(308), MergeKind::kNone) << "on its way to the driver";
  EXPECT_EQ(Submit(108), MergeKind::kBack);
  EXPECT_THAT(Drain(), ElementsAre("R300", "R100+16", "R308"));
}

TEST_F(NoneTest, WhenTheDriverIsBusyOneLeavesAtATimeFromEachCpuInTurn) {
  queue_.scheduler().SetDispatchBusy(true);
  for (const uint64_t sector : {100, 200, 300}) Submit(sector);
  for (const uint64_t sector : {1100, 1200}) Submit(sector, 1);
  Submit(2100, 3);
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Submit(208), MergeKind::kBack) << "still in its software queue";
  EXPECT_THAT(Drain(), ElementsAre("R1100", "R2100", "R200+16", "R1200", "R300"));
}

TEST_F(NoneTest, BiosJoinOneOfTheLastEightRequestsOfTheirCpu) {
  Submit(100);
  EXPECT_EQ(Submit(108), MergeKind::kBack);
  EXPECT_EQ(Submit(92), MergeKind::kFront);
  EXPECT_EQ(Submit(116, 1), MergeKind::kNone);
  for (uint64_t i = 0; i < 8; ++i) Submit(1000 + 100 * i);
  EXPECT_EQ(Submit(116), MergeKind::kNone);
}

TEST_F(NoneTest, RequestsDoNotJoinEachOther) {
  Submit(100);
  Submit(116);
  EXPECT_EQ(queue_.Submit({.sector = 108}, kNow).swallowed, nullptr);
  EXPECT_THAT(Drain(), ElementsAre("R100", "R108+16"));
}

TEST_F(NoneTest, TheHeadIsTheHead) {
  Submit(100);
  Request requeued;
  queue_.scheduler().InsertAtHead(requeued, kNow);
  EXPECT_EQ(queue_.scheduler().Dispatch(kNow), &requeued);
}

TEST_F(NoneTest, HasWorkUntilTheLastHasLeft) {
  EXPECT_FALSE(queue_.scheduler().HasWork());
  Submit(100);
  Submit(200, 2);
  EXPECT_TRUE(queue_.scheduler().HasWork());
  Next();
  EXPECT_TRUE(queue_.scheduler().HasWork());
  Next();
  EXPECT_FALSE(queue_.scheduler().HasWork());
}

}  // namespace
}  // namespace biotope
