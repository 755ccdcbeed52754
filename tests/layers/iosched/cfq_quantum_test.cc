#include "layers/iosched/cfq_quantum.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;

constexpr Tick Ms(uint64_t ms) { return kMillisecond * ms; }

class CfqQuantumTest : public testing::Test {
 protected:
  void Use(const CfqQuantumTunables& tunables, uint32_t nr_requests = 1024) {
    queue_ = std::make_unique<TestQueue>(
        std::make_unique<CfqQuantumScheduler>(tunables, 1000, nr_requests));
  }
  void SetUp() override { Use({}); }

  MergeOutcome Read(uint64_t sector, uint16_t task = 1, Tick now = Ms(0)) {
    return queue_->Submit({.sector = sector, .task = task}, now);
  }
  MergeOutcome Write(uint64_t sector, bool sync, uint16_t task = 1, Tick now = Ms(0)) {
    return queue_->Submit({.write = true, .sector = sector, .task = task, .sync = sync}, now);
  }
  std::string Next(Tick now = Ms(0)) {
    last_ = queue_->Dispatch(now);
    return last_ == nullptr ? "none" : Show(*last_);
  }
  std::string Serve(Tick now, Tick duration) {
    const std::string request = Next(now);
    if (last_ != nullptr) queue_->Complete(*last_, now + duration);
    return request;
  }
  std::vector<std::string> Drain(Tick now = Ms(0), Tick step = Tick(0)) {
    return queue_->Drain(now, step);
  }
  // The tasks of the requests in the order in which they leave.
  std::vector<uint16_t> DrainTasks(Tick now, Tick step) {
    std::vector<uint16_t> tasks;
    while (Next(now) != "none") {
      tasks.push_back(last_->task);
      queue_->Complete(*last_, now += step);
    }
    return tasks;
  }

  std::unique_ptr<TestQueue> queue_;
  Request* last_ = nullptr;
};

// -- Whose turn it is

TEST_F(CfqQuantumTest, ARoundIsFourRequestsInTurnTheNewestTaskFirst) {
  for (uint16_t task = 1; task <= 2; ++task) {
    for (uint64_t i = 0; i < 3; ++i) Read(1000 * (task + 10 * i), task);
  }
  EXPECT_EQ(Serve(Ms(0), Ms(0)), "R2000");
  Read(3000, 3);  // comes when the round has been chosen
  EXPECT_THAT(DrainTasks(Ms(0), Ms(0)), ElementsAre(1, 2, 1, 3, 2, 1));
}

TEST_F(CfqQuantumTest, APassIsNeverCutShort) {
  Use({.quantum = 1});
  for (uint16_t task = 1; task <= 5; ++task) Read(100'000u * task, task);
  Next();
  Read(1, 6);
  EXPECT_THAT(DrainTasks(Ms(0), Ms(0)), ElementsAre(4, 3, 2, 1, 6));
}

TEST_F(CfqQuantumTest, WhoHasHadLessServiceIsFirst) {
  Use({.quantum = 1});
  // Task 1 is served for 30 ms, task 2 for 10 ms.
  Read(1000, 1);
  Serve(Ms(0), Ms(30));
  Read(2000, 2, Ms(30));
  Serve(Ms(30), Ms(10));
  // Each pass takes one of each; the less served goes first and so decides where the head is.
  Read(500'000, 1, Ms(40));
  Read(400'000, 2, Ms(40));
  EXPECT_EQ(Next(Ms(40)), "R400000");
  EXPECT_EQ(Next(Ms(40)), "R500000");
}

TEST_F(CfqQuantumTest, TheFirstPassLeavesOutTasksThatHaveRequestsAtTheDriver) {
  Use({.quantum = 1});
  Read(1000, 1);
  EXPECT_EQ(Next(), "R1000");
  Read(9000, 2);
  Read(5000, 1);  // the newest in the list
  EXPECT_EQ(Next(), "R9000");
  EXPECT_EQ(Next(), "R5000") << "there is nobody else";
}

TEST_F(CfqQuantumTest, OneTaskGivesAsManyAsTheQuantum) {
  for (const uint32_t quantum : {1u, 4u, 6u}) {
    Use({.quantum = quantum});
    for (uint64_t i = 0; i < 8; ++i) Read(10'000 * (i + 1));
    Next();
    // What comes now is the nearest to the last one of the round, and goes after it.
    const uint64_t sector = 10'000 * quantum + 100;
    Read(sector);
    const std::vector<std::string> order = Drain();
    const auto place = std::ranges::find(order, "R" + std::to_string(sector)) - order.begin();
    EXPECT_EQ(static_cast<uint32_t>(place), quantum - 1);
  }
}

TEST_F(CfqQuantumTest, ServiceOfLongAgoCountsAnEighth) {
  Use({.quantum = 1});
  Read(1000, 1);
  Serve(Ms(0), Ms(80));
  Read(2000, 2, Ms(2000));
  Serve(Ms(2000), Ms(20));
  // Task 1 has 80 / 8 = 10 now, task 2 has 20.
  Read(500'000, 2, Ms(2020));
  Read(400'000, 1, Ms(2020));
  Read(600'000, 1, Ms(2020));
  EXPECT_EQ(Next(Ms(2020)), "R400000");
}

TEST_F(CfqQuantumTest, WithFourAtTheDeviceServiceIsANumberOfRequests) {
  for (uint64_t i = 0; i < 4; ++i) Read(100 * i, 1);
  std::vector<Request*> requests;
  for (int i = 0; i < 4; ++i) {
    Next();
    requests.push_back(last_);
  }
  for (Request* request : requests) queue_->Complete(*request, Ms(500));
  // Since then task 1 has one request, which takes long, and task 2 has two.
  Read(1000, 1, Ms(500));
  Serve(Ms(500), Ms(400));
  Read(2000, 2, Ms(900));
  Serve(Ms(900), Ms(1));
  Read(3000, 2, Ms(901));
  Serve(Ms(901), Ms(1));
  Read(500'000, 1, Ms(902));
  Read(400'000, 2, Ms(902));
  EXPECT_EQ(Next(Ms(902)), "R500000");
}

// -- Which request

TEST_F(CfqQuantumTest, TheNearestOrTheLowest) {
  for (const bool find_best : {true, false}) {
    Use({.quantum = 1, .find_best_crq = find_best});
    Read(50'000);
    Next();
    for (const uint64_t sector : {100, 60'000, 49'000}) Read(sector);
    EXPECT_EQ(Next(), find_best ? "R49000" : "R100");
  }
}

TEST_F(CfqQuantumTest, HowFarBackIsATunable) {
  for (const uint32_t kb : {0u, 16384u}) {
    Use({.quantum = 1, .back_seek_max_kb = kb});
    Read(50'000);
    Next();
    for (const uint64_t sector : {60'000, 49'000}) Read(sector);
    EXPECT_EQ(Next(), kb == 0 ? "R60000" : "R49000");
  }
  for (const uint32_t penalty : {1u, 20u}) {
    Use({.quantum = 1, .back_seek_penalty = penalty});
    Read(50'000);
    Next();
    for (const uint64_t sector : {60'000, 49'000}) Read(sector);
    EXPECT_EQ(Next(), penalty == 20 ? "R60000" : "R49000");
  }
}

// The kernel compares the FIFO of the synchronous requests with the time-out of the others.
TEST_F(CfqQuantumTest, TheTimeOutsAreMixedUp) {
  const struct {
    bool write;
    Tick not_yet, overdue;
  } cases[] = {{false, Ms(5000), Ms(5001)}, {true, Ms(500), Ms(501)}};
  for (const auto& c : cases) {
    for (const bool overdue : {false, true}) {
      Use({.quantum = 1});
      Read(50'000);
      Next();
      queue_->Submit({.write = c.write, .sector = 90'000, .sync = false}, Ms(0));
      queue_->Submit({.write = c.write, .sector = 50'100, .sync = false}, Ms(0));
      const std::string oldest = (c.write ? "W" : "R") + std::string("90000");
      EXPECT_EQ(Next(overdue ? c.overdue : c.not_yet) == oldest, overdue) << oldest;
    }
  }
}

TEST_F(CfqQuantumTest, AnOverdueRequestOnceInFifoBatchExpire) {
  Use({.quantum = 1, .fifo_expire_async_ms = 10});
  Read(50'000);
  Next();
  for (const uint64_t sector : {90'000, 80'000, 50'100, 50'200, 50'300}) Read(sector);
  EXPECT_EQ(Next(Ms(20)), "R90000");
  EXPECT_EQ(Next(Ms(30)), "R50100") << "was the next one before, and still is";
  EXPECT_EQ(Next(Ms(144)), "R50200");
  EXPECT_EQ(Next(Ms(145)), "R80000");
}

// -- The dispatch list

TEST_F(CfqQuantumTest, ARoundLeavesInTheOrderInWhichItWasChosen) {
  const auto read_all = [this] {
    for (const uint64_t sector : {543'928, 516'632, 500'416, 486'552}) Read(sector);
  };
  read_all();
  EXPECT_THAT(Drain(), ElementsAre("R486552", "R500416", "R516632", "R543928"));
  // The head is at 543936 now. A request goes behind one that lies beyond its own end, so there is
  // no sorting.
  read_all();
  EXPECT_THAT(Drain(), ElementsAre("R543928", "R516632", "R500416", "R486552"));
}

// -- Merging and aliases

TEST_F(CfqQuantumTest, MergesAtTheBackWithAnybodyAndAtTheFrontWithinATask) {
  Read(90'000);  // has last_merge
  Read(1000, 1);
  EXPECT_EQ(Read(1008, 2).kind, MergeKind::kBack);
  Read(5000, 1);
  EXPECT_EQ(Read(4992, 2).kind, MergeKind::kNone) << "5000 is another task's";
  Read(7000, 1);
  EXPECT_EQ(Read(6992, 1).kind, MergeKind::kFront);
}

TEST_F(CfqQuantumTest, ABioMayJoinTwo) {
  Read(90'000);
  Read(1016);
  Read(1000);
  EXPECT_NE(Read(1008).swallowed, nullptr);
  EXPECT_THAT(Drain(), ElementsAre("R1000+24", "R90000"));
}

TEST_F(CfqQuantumTest, JoinedRequestsAreAsOldAsTheOlder) {
  Use({.quantum = 1, .fifo_expire_async_ms = 100});
  Read(50'000);
  Next();
  Read(90'016, 1, Ms(0));
  Read(80'000, 1, Ms(50));
  Read(90'000, 1, Ms(90));
  Read(90'008, 1, Ms(90));  // joins 90000, which is young, and 90016
  Read(50'100, 1, Ms(90));
  EXPECT_EQ(Next(Ms(101)), "R90000+24");
}

TEST_F(CfqQuantumTest, TheOlderOfTwoThatStartTogetherGoesAtOnce) {
  Read(50'000);
  Next();
  Read(8192);
  Read(60'000);
  Read(8192);
  EXPECT_EQ(Next(), "R8192");
  EXPECT_THAT(Drain(), ElementsAre("R60000", "R8192"));
}

TEST_F(CfqQuantumTest, AnAliasMayOvertakeTheOneThatTheDriverLooksAt) {
  Read(60'000);
  Request* looked_at = queue_->Peek(Ms(0));
  ASSERT_EQ(Show(*looked_at), "R60000");
  Read(8192);
  Read(8192);
  Request* first = queue_->Peek(Ms(0));
  EXPECT_EQ(Show(*first), "R8192");
  queue_->Take(*first);
  EXPECT_EQ(queue_->Peek(Ms(0)), looked_at) << "it is still chosen";
  EXPECT_EQ(Read(60'008).kind, MergeKind::kNone) << "and not merged with any more";
  queue_->Take(*looked_at);
  EXPECT_THAT(Drain(), ElementsAre("R60008", "R8192"));
}

// -- Who may have a request

TEST_F(CfqQuantumTest, RequestsAreSharedAmongTheTasks) {
  const struct {
    uint32_t nr_requests;
    uint16_t busy_tasks;
    uint32_t has;
    MayQueue answer;
  } cases[] = {
      {1024, 1, 7, MayQueue::kMust},  {1024, 1, 8, MayQueue::kMay}, {1024, 1, 63, MayQueue::kMay},
      {1024, 1, 64, MayQueue::kNo},   {128, 4, 31, MayQueue::kMay}, {128, 4, 32, MayQueue::kNo},
      {128, 100, 7, MayQueue::kMust}, {128, 100, 8, MayQueue::kNo},
  };
  for (const auto& c : cases) {
    Use({}, c.nr_requests);
    for (uint16_t task = 1; task <= c.busy_tasks; ++task) Read(100u * task, task);
    for (uint32_t i = 0; i < c.has; ++i) queue_->scheduler().SetRequest({.task = 1});
    EXPECT_EQ(queue_->scheduler().CheckMayQueue({.task = 1}), c.answer)
        << c.nr_requests << " requests, " << c.busy_tasks << " tasks, has " << c.has;
    EXPECT_EQ(queue_->scheduler().CheckMayQueue({.write = true, .task = 1}), MayQueue::kMust)
        << "each direction for itself";
  }
  Request request;
  request.task = 1;
  queue_->scheduler().PutRequest(request);
  EXPECT_EQ(queue_->scheduler().CheckMayQueue({.task = 1}), MayQueue::kMust);
}

TEST_F(CfqQuantumTest, HasWorkUntilTheLastHasLeft) {
  EXPECT_FALSE(queue_->scheduler().HasWork());
  Read(1000);
  Read(1000);
  EXPECT_TRUE(queue_->scheduler().HasWork());
  Next();
  EXPECT_TRUE(queue_->scheduler().HasWork());
  Next();
  EXPECT_FALSE(queue_->scheduler().HasWork());
}

}  // namespace
}  // namespace biotope
