#include "layers/iosched/anticipatory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;
using testing::Optional;
using Status = Anticipation::Status;

constexpr Tick Ms(uint64_t ms) { return kMillisecond * ms; }

class AnticipatoryTest : public testing::Test {
 protected:
  void Use(const AnticipatoryTunables& tunables, uint32_t hz = 1000,
           const TestQueue::Options& options = {}) {
    auto scheduler = std::make_unique<AnticipatoryScheduler>(tunables, hz);
    scheduler_ = scheduler.get();
    queue_ = std::make_unique<TestQueue>(std::move(scheduler), options);
  }
  void SetUp() override { Use({}); }

  MergeOutcome Read(uint64_t sector, Tick now, uint16_t task = 1) {
    return queue_->Submit({.sector = sector, .task = task}, now);
  }
  MergeOutcome Write(uint64_t sector, Tick now, bool sync = false, uint16_t task = 9) {
    return queue_->Submit({.write = true, .sector = sector, .task = task, .sync = sync}, now);
  }
  std::string Next(Tick now) {
    last_ = queue_->Dispatch(now);
    return last_ == nullptr ? "none" : Show(*last_);
  }
  void Complete(Tick now) { queue_->Complete(*last_, now); }
  // Serves the next request.
  std::string Serve(Tick now, Tick duration = Ms(5)) {
    const std::string request = Next(now);
    if (last_ != nullptr) Complete(now + duration);
    return request;
  }
  // Everything that is there; waits when the scheduler wants to.
  std::vector<std::string> ServeAll(Tick now, Tick duration = Ms(5)) {
    std::vector<std::string> order;
    while (queue_->scheduler().HasWork()) {
      const std::string request = Serve(now, duration);
      if (last_ != nullptr) {
        order.push_back(request);
        now += duration;
      } else {
        now = *scheduler_->NextWakeup();
      }
    }
    return order;
  }
  Status status() const { return scheduler_->anticipation().status(); }

  std::unique_ptr<TestQueue> queue_;
  AnticipatoryScheduler* scheduler_ = nullptr;
  Request* last_ = nullptr;
};

// -- Order within a class

TEST_F(AnticipatoryTest, BeginsWithTheOldestAndServesTheNearestGoingBackOnlyALittle) {
  for (const uint64_t sector : {5000, 100, 5400, 4900, 90000}) Read(sector, Ms(0));
  EXPECT_THAT(ServeAll(Ms(0), Ms(1)), ElementsAre("R5000", "R4900", "R5400", "R100", "R90000"));
}

TEST_F(AnticipatoryTest, TheOldestGoesWhenItIsOverdueButOnlyOncePerTimeOut) {
  Use({}, 1000, {.limits = {.max_sectors = 8}});
  Read(80'000'000, Ms(0));
  Read(160'000'000, Ms(0));
  Read(120'000'000, Ms(0));
  for (uint64_t i = 1; i < 60; ++i) Read(80'000'000 + 8 * i, Ms(0));
  std::vector<Tick> far;
  for (uint64_t i = 0; i < 62; ++i) {
    const std::string request = Serve(Ms(10 * i), Ms(9));
    if (request == "R160000000" || request == "R120000000") far.push_back(Ms(10 * i));
  }
  // The first look is at 0 ms; the next ones not before 125 ms have passed.
  EXPECT_THAT(far, ElementsAre(Ms(130), Ms(260)));
}

// -- Anticipation

// Task 1 has read at 1000 and is known to come back at once; task 2 wants something far away.
class AnticipatingTest : public AnticipatoryTest {
 protected:
  void SetUp() override {
    Use({});
    Tick now;
    for (uint64_t i = 0; i < 6; ++i) {
      Read(1000 + 8 * i, now);
      Serve(now);
      now += Ms(5);
    }
    end_ = now;  // when the last was finished
  }
  Tick end_;
};

TEST_F(AnticipatingTest, KeepsTheDiskIdleForTheNextReadOfTheTask) {
  Read(900'000, end_, 2);
  EXPECT_EQ(Next(end_), "none");
  EXPECT_EQ(status(), Status::kWaitNext);
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(end_ + Ms(6)));
  Read(1048, end_ + Ms(2));
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(end_ + Ms(2))) << "the driver is called";
  EXPECT_EQ(Next(end_ + Ms(2)), "R1048");
}

TEST_F(AnticipatingTest, ButNotLongerThanAnticExpire) {
  Read(900'000, end_, 2);
  EXPECT_EQ(Next(end_), "none");
  EXPECT_EQ(Next(end_ + Ms(6) - kPicosecond), "none");
  EXPECT_EQ(Next(end_ + Ms(6)), "R900000");
}

TEST_F(AnticipatingTest, WaitsForTheTasksRequestToBeFinishedFirst) {
  Read(1048, end_);
  EXPECT_EQ(Next(end_), "R1048");
  Request* request = last_;
  Read(900'000, end_, 2);
  EXPECT_EQ(Next(end_ + Ms(1)), "none");
  EXPECT_EQ(status(), Status::kWaitReq);
  EXPECT_EQ(scheduler_->NextWakeup(), std::nullopt);
  queue_->Complete(*request, end_ + Ms(20));
  EXPECT_EQ(status(), Status::kWaitNext);
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(end_ + Ms(26)));
}

TEST_F(AnticipatingTest, WhatIsGoodEnoughEndsTheWaiting) {
  const struct {
    const char* what;
    uint64_t sector;
    uint16_t task;
    uint64_t at_ms;  // after the end of the last request
    bool goes;
  } cases[] = {
      {"the task itself, wherever", 5'000'000, 1, 1, true},
      {"another one, far away", 900'000, 2, 1, false},
      {"another one, within 64 sectors", 1048 + 64, 2, 1, true},
      {"another one, 65 sectors away", 1048 + 65, 2, 1, false},
      {"a little behind", 1048 - 32, 2, 1, true},
      {"too far behind", 1048 - 33, 2, 1, false},
      {"128 sectors after 2 ms", 1048 + 128, 2, 2, true},
      {"more than that after 2 ms", 1048 + 129, 2, 2, false},
      {"512 sectors after 4 ms", 1048 + 512, 2, 4, true},
      {"more than that after 4 ms", 1048 + 513, 2, 4, false},
  };
  for (const auto& c : cases) {
    SetUp();
    Read(2'000'000, end_, 3);
    EXPECT_EQ(Next(end_), "none");
    Read(c.sector, end_ + Ms(c.at_ms), c.task);
    EXPECT_EQ(status() == Status::kFinished, c.goes) << c.what;
  }
}

TEST_F(AnticipatingTest, DoesNotBeginAnewBeforeTheNextDispatch) {
  Read(900'000, end_, 2);
  Next(end_);
  EXPECT_EQ(Serve(end_ + Ms(6)), "R900000");
  // Nothing is known of task 2 but the seek distances of those before it: it is waited for.
  Read(100, end_ + Ms(11), 3);
  EXPECT_EQ(Next(end_ + Ms(11)), "none");
}

TEST_F(AnticipatingTest, NotAfterAnAsynchronousWrite) {
  Write(5000, end_);
  EXPECT_EQ(ServeAll(end_), std::vector<std::string>{"W5000"});
  Read(900'000, end_ + Ms(20), 2);
  EXPECT_EQ(Next(end_ + Ms(20)), "R900000");
}

TEST_F(AnticipatingTest, NotForATaskThatHasExited) {
  scheduler_->TaskExited(1, end_);
  Read(900'000, end_, 2);
  EXPECT_EQ(Next(end_), "R900000");
}

TEST_F(AnticipatingTest, NotIfAnticExpireIsZero) {
  Use({.antic_expire_ms = 0});
  Read(1000, Ms(0));
  Serve(Ms(0));
  Read(900'000, Ms(5), 2);
  EXPECT_EQ(Next(Ms(5)), "R900000");
}

TEST_F(AnticipatingTest, NotForATaskThatHasOtherRequests) {
  Read(1048, end_);
  Read(4'000'000, end_);
  EXPECT_EQ(Serve(end_), "R1048");
  Read(1'500'000, end_ + Ms(5), 2);
  EXPECT_EQ(Next(end_ + Ms(5)), "R1500000");
}

TEST_F(AnticipatingTest, NotForATaskThatThinksTooLong) {
  Tick now = end_;
  for (uint64_t i = 0; i < 20; ++i) {
    now += Ms(15);
    Read(1048 + 8 * i, now);
    Serve(now);
    now += Ms(5);
  }
  Read(900'000, now, 2);
  EXPECT_EQ(Next(now), "R900000");
}

TEST_F(AnticipatingTest, NotIfTheOtherIsNearerThanTheTaskUsuallyIs) {
  Tick now = end_;
  for (uint64_t i = 0; i < 20; ++i) {
    Read(10'000'000 * (i % 2), now);
    Serve(now);
    now += Ms(5);
  }
  Read(10'000'000 + 200'000, now, 2);
  EXPECT_EQ(Next(now), "R10200000");
}

TEST_F(AnticipatingTest, AnOverdueRequestDoesNotWait) {
  Read(900'000, end_ - Ms(1), 2);
  EXPECT_EQ(Next(end_), "none");
  Tick now = end_;
  for (uint64_t i = 0; i < 200 && now < end_ + Ms(300); ++i, now += Ms(10)) {
    Read(1048 + 8 * i, now);
    if (Serve(now, Ms(9)) == "R900000") break;
  }
  EXPECT_GE(now, end_ + Ms(125));
  EXPECT_LE(now, end_ + Ms(270)) << "it looks once in 125 ms";
}

// Tasks of which nothing is known are judged by how the others began.
TEST_F(AnticipatoryTest, NewTasksAreNotWaitedForWhenNewTasksDoNotComeBack) {
  Tick now;
  for (uint16_t task = 1; task <= 8; ++task) {
    Read(1'000'000u * task, now, task);
    Read(500'000'000, now, 100);  // keeps it waiting
    while (Next(now) == "none") now = *scheduler_->NextWakeup();
    Complete(now += Ms(5));
    while (queue_->scheduler().HasWork()) {
      if (Next(now) == "none") {
        now = *scheduler_->NextWakeup();
      } else {
        Complete(now += Ms(5));
      }
    }
  }
  EXPECT_GT(scheduler_->anticipation().exit_prob(), 128u);
}

TEST_F(AnticipatingTest, TheTaskThatIsWaitedForMustGetARequest) {
  EXPECT_EQ(scheduler_->CheckMayQueue({.task = 1}), MayQueue::kMay);
  Read(900'000, end_, 2);
  Next(end_);
  EXPECT_EQ(scheduler_->CheckMayQueue({.task = 1}), MayQueue::kMust);
  EXPECT_EQ(scheduler_->CheckMayQueue({.task = 2}), MayQueue::kMay);
}

// -- Batches

TEST_F(AnticipatoryTest, ReadsAndWritesTakeTurnsByTime) {
  Use({.antic_expire_ms = 0}, 1000, {.limits = {.max_sectors = 8}});
  for (uint64_t i = 0; i < 100; ++i) Write(1'000'000 + 8 * i, Ms(0));
  for (uint64_t i = 0; i < 100; ++i) Read(8 * i, Ms(0));
  std::string kinds;
  for (const std::string& request : ServeAll(Ms(0), Ms(10))) kinds += request[0];
  // Reads until 500 ms after the end of the first one, then writes for 125 ms.
  EXPECT_EQ(kinds.substr(0, 70), std::string(52, 'R') + std::string(13, 'W') + "RRRRR");
}

TEST_F(AnticipatoryTest, TheOtherClassBeginsWhenAllIsFinished) {
  Use({.antic_expire_ms = 0});
  Write(5000, Ms(0));
  EXPECT_EQ(Next(Ms(0)), "W5000");
  Request* write = last_;
  Write(9000, Ms(0));
  Read(100, Ms(200));
  EXPECT_EQ(Next(Ms(200)), "none");
  queue_->Complete(*write, Ms(201));
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(Ms(201)));
  EXPECT_EQ(Next(Ms(201)), "R100");
}

// How many writes go in a row if each takes so long, and how many the next time, at 1 ms each. The
// scheduler begins with 12 and takes its first read for the end of a quick batch: 24.
TEST_F(AnticipatoryTest, ABatchOfWritesAdaptsToTheTimeThatItTakes) {
  const struct {
    Tick service;
    size_t batch;
    size_t next_batch;
    const char* why;
  } cases[] = {
      {Ms(1), 24, 48, "much quicker than 125 ms: twice as many"},
      {Ms(2), 24, 25, "quicker: one more"},
      {Ms(5), 24, 23, "slower: one less"},
      {Ms(40), 4, 23, "slower, and its time is over"},
      {Ms(400), 1, 12, "much slower: half as many"},
  };
  for (const auto& c : cases) {
    Use({.antic_expire_ms = 0}, 1000, {.limits = {.max_sectors = 8}});
    for (uint64_t i = 0; i < 200; ++i) Write(1'000'000 + 8 * i, Ms(0));
    for (uint64_t i = 0; i < 200; ++i) Read(16 * i, Ms(0));
    std::vector<size_t> batches;
    std::string kinds = "R";
    for (Tick now; batches.size() < 3;) {
      kinds += Next(now)[0];
      ASSERT_NE(last_, nullptr);
      const bool write = kinds.back() == 'W';
      if (kinds.ends_with("RW")) batches.push_back(0);
      if (write) ++batches.back();
      now += !write ? Ms(10) : batches.size() == 1 ? c.service : Ms(1);
      Complete(now);
    }
    EXPECT_EQ(batches[0], c.batch) << c.why;
    EXPECT_EQ(batches[1], c.next_batch) << c.why;
  }
}

TEST_F(AnticipatoryTest, WritesThatSomebodyWaitsForAreInTheClassOfReads) {
  Use({.antic_expire_ms = 0});
  Read(1000, Ms(0));
  Write(2000, Ms(0), true);
  Read(3000, Ms(0));
  EXPECT_THAT(ServeAll(Ms(0)), ElementsAre("R1000", "W2000", "R3000"));
}

// -- Merging and aliases

TEST_F(AnticipatoryTest, MergesAtTheBackButReadsAtTheFrontOnlyWithTheLastMerge) {
  Read(9000, Ms(0));  // has last_merge
  Read(2056, Ms(0));
  EXPECT_EQ(Read(2048, Ms(0)).kind, MergeKind::kNone) << "looks among the asynchronous ones";
  EXPECT_EQ(Read(8992, Ms(0)).kind, MergeKind::kFront);
  EXPECT_EQ(Read(2064, Ms(0)).kind, MergeKind::kBack);
}

TEST_F(AnticipatoryTest, WritesAreMergedAtTheFrontOnlyWithSynchronousOnes) {
  Read(9000, Ms(0));
  Write(2056, Ms(0), false);
  EXPECT_EQ(Write(2048, Ms(0), false).kind, MergeKind::kNone);
  Write(5056, Ms(0), true);
  EXPECT_EQ(Write(5048, Ms(0), true).kind, MergeKind::kFront);
}

TEST_F(AnticipatoryTest, ABioMayJoinTwo) {
  Read(1000, Ms(0));
  Read(1016, Ms(0));
  EXPECT_NE(Read(1008, Ms(0)).swallowed, nullptr);
  EXPECT_THAT(ServeAll(Ms(0)), ElementsAre("R1000+24"));
}

TEST_F(AnticipatoryTest, JoinedRequestsBelongToTheTaskOfTheOlder) {
  Read(1016, Ms(0), 2);
  Read(1000, Ms(10), 1);
  Read(1008, Ms(20), 1);
  EXPECT_EQ(Serve(Ms(20)), "R1000+24");
  Read(900'000, Ms(25), 3);
  EXPECT_EQ(Next(Ms(25)), "none");
  EXPECT_TRUE(scheduler_->anticipation().awaits(2));
}

TEST_F(AnticipatoryTest, RequestsOfOneStartLeaveTogetherTheOldestFirst) {
  Read(4096, Ms(0), 1);
  Read(8192, Ms(0), 1);
  Read(8192, Ms(0), 2);
  Read(8192, Ms(0), 3);
  Read(16384, Ms(0), 1);
  std::vector<uint16_t> tasks;
  Tick now;
  for (int i = 0; i < 5; ++i, now += Ms(1)) {
    Next(now);
    ASSERT_NE(last_, nullptr);
    tasks.push_back(last_->task);
    Complete(now + Ms(1));
  }
  EXPECT_THAT(tasks, ElementsAre(1, 1, 2, 3, 1));
}

TEST_F(AnticipatingTest, ATaskThatHasHadAnAliasIsNotWaitedForAnyMore) {
  Read(1048, end_);
  Read(1048, end_);
  EXPECT_EQ(Serve(end_), "R1048");
  EXPECT_EQ(Serve(end_ + Ms(5)), "R1048");
  Read(900'000, end_ + Ms(10), 2);
  EXPECT_EQ(Next(end_ + Ms(10)), "R900000");
}

}  // namespace
}  // namespace biotope
