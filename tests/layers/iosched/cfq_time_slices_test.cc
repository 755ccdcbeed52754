#include "layers/iosched/cfq_time_slices.h"

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

constexpr Tick Ms(uint64_t ms) { return kMillisecond * ms; }
constexpr IoPriority kIdleClass = {IoPriorityClass::kIdle, 7};
constexpr IoPriority kRealTime = {IoPriorityClass::kRealTime, 4};

class CfqTimeSlicesTest : public testing::Test {
 protected:
  void Use(const CfqTimeSlicesTunables& tunables, const TestQueue::Options& options = {}) {
    auto scheduler = std::make_unique<CfqTimeSlicesScheduler>(tunables, 1000);
    scheduler_ = scheduler.get();
    queue_ = std::make_unique<TestQueue>(std::move(scheduler), options);
    now_ = Ms(1000);
  }
  void SetUp() override { Use({}); }

  void Read(uint64_t sector, uint16_t task = 1, IoPriority ioprio = {}) {
    queue_->Submit({.sector = sector, .task = task, .ioprio = ioprio}, now_);
  }
  void Write(uint64_t sector, uint16_t task = 1, IoPriority ioprio = {}) {
    queue_->Submit({.write = true, .sector = sector, .task = task, .sync = false, .ioprio = ioprio},
                   now_);
  }
  std::string Next() {
    last_ = queue_->Dispatch(now_);
    return last_ == nullptr ? "none" : Show(*last_);
  }
  void Complete(Tick duration) { queue_->Complete(*last_, now_ += duration); }
  std::string Serve(Tick duration = Ms(5)) {
    const std::string request = Next();
    if (last_ != nullptr) Complete(duration);
    return request;
  }
  // How many requests of each task leave in a row until `end`; there are always enough.
  std::vector<std::pair<uint16_t, int>> Turns(Tick end, Tick duration = Ms(10)) {
    std::vector<std::pair<uint16_t, int>> turns;
    while (now_ < end) {
      if (Next() == "none") {
        now_ = scheduler_->NextWakeup().value_or(end);
        continue;
      }
      if (turns.empty() || turns.back().first != last_->task) turns.emplace_back(last_->task, 0);
      ++turns.back().second;
      Complete(duration);
    }
    return turns;
  }

  std::unique_ptr<TestQueue> queue_;
  CfqTimeSlicesScheduler* scheduler_ = nullptr;
  Request* last_ = nullptr;
  Tick now_;
};

// -- Slices

TEST_F(CfqTimeSlicesTest, ATaskHasTheDiskForItsSlice) {
  Use({.quantum = 1}, {.limits = {.max_sectors = 8}});
  for (uint64_t i = 0; i < 100; ++i) {
    Read(8 * i, 1);
    Read(1'000'000 + 8 * i, 2);
  }
  // 100 ms, and what has been chosen when they are over: the slice is over after 100 ms, not at
  // them. Of two new tasks the second is first.
  EXPECT_THAT(Turns(Ms(1440)),
              ElementsAre(std::pair(2, 11), std::pair(1, 11), std::pair(2, 11), std::pair(1, 11)));
}

TEST_F(CfqTimeSlicesTest, TheLevelOfTheTaskScalesItsSlice) {
  const struct {
    uint8_t level;
    int requests;  // of 10 ms
  } cases[] = {{0, 19}, {2, 15}, {4, 11}, {7, 5}};
  for (const auto& c : cases) {
    Use({.quantum = 1}, {.limits = {.max_sectors = 8}});
    for (uint64_t i = 0; i < 100; ++i) {
      Read(8 * i, 1, {IoPriorityClass::kBestEffort, c.level});
      Read(1'000'000 + 8 * i, 2, {IoPriorityClass::kBestEffort, c.level});
    }
    EXPECT_EQ(Turns(Ms(1300)).front(), std::pair(uint16_t{2}, c.requests)) << int{c.level};
  }
}

TEST_F(CfqTimeSlicesTest, LowLevelsHaveMoreTurns) {
  Use({.quantum = 1}, {.limits = {.max_sectors = 8}, .nr_requests = 4096});
  for (uint64_t i = 0; i < 1000; ++i) {
    Read(8 * i, 1, {IoPriorityClass::kBestEffort, 0});
    Read(1'000'000 + 8 * i, 2, {IoPriorityClass::kBestEffort, 7});
  }
  // Level 0 has eight turns of 19 for the one of level 7.
  const auto turns = Turns(Ms(4000));
  ASSERT_GE(turns.size(), 3u);
  EXPECT_EQ(turns[0], std::pair(uint16_t{1}, 8 * 19));
  EXPECT_EQ(turns[1], std::pair(uint16_t{2}, 5));
}

TEST_F(CfqTimeSlicesTest, RealTimeGoesFirstAndIdleLast) {
  Use({.quantum = 1});
  Read(9000, 3, kIdleClass);
  Read(1000, 1);
  Read(5000, 2, kRealTime);
  EXPECT_EQ(Serve(), "R5000");
  scheduler_->TaskExited(2, now_);
  EXPECT_EQ(Serve(), "R1000");
  scheduler_->TaskExited(1, now_);
  EXPECT_EQ(Next(), "none");
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(now_ + Ms(100))) << "the grace of the idle class";
  now_ += Ms(99);
  EXPECT_EQ(Next(), "none");
  now_ += Ms(1);
  EXPECT_EQ(Next(), "R9000");
}

TEST_F(CfqTimeSlicesTest, TheIdleClassGivesOneRequestAtATimeAndIsPreempted) {
  Read(1000, 3, kIdleClass);
  Read(90'000, 3, kIdleClass);
  EXPECT_EQ(Next(), "R1000");
  Complete(Ms(5));
  Read(5000, 1);
  EXPECT_EQ(Next(), "R5000");
}

TEST_F(CfqTimeSlicesTest, TheIdleClassIsNeverWaitedFor) {
  for (uint64_t i = 0; i < 6; ++i) {
    Read(1000 + 8 * i, 1, kIdleClass);
    Serve(Ms(1));
    EXPECT_EQ(scheduler_->NextWakeup(), std::nullopt) << i;
  }
}

TEST_F(CfqTimeSlicesTest, AsynchronousRequestsOfAllTasksShareAQueue) {
  Use({.quantum = 1, .slice_async_rq = 1}, {.limits = {.max_sectors = 8}});
  for (uint16_t i = 0; i < 40; ++i) Write(8 * i, static_cast<uint16_t>(1 + i % 3));
  std::string kinds = Serve(Ms(1)).substr(0, 1);
  Read(1'000'000, 9);
  for (int i = 0; i < 10; ++i) kinds += Serve(Ms(1))[0];
  // 2 * (1 + 1 * (7 - 4)) of them, then somebody else, who is waited for.
  EXPECT_EQ(kinds, "WWWWWWWWRnn");
}

TEST_F(CfqTimeSlicesTest, EachPriorityHasAnAsynchronousQueueOfItsOwn) {
  Use({.quantum = 4}, {.limits = {.max_sectors = 8}});
  Write(90'000, 1, {IoPriorityClass::kBestEffort, 7});
  Write(80'000, 2, {IoPriorityClass::kBestEffort, 0});
  EXPECT_EQ(Next(), "W80000");
}

// -- Idling

TEST_F(CfqTimeSlicesTest, WaitsForTheNextRequestOfTheTask) {
  Read(1000, 1);
  EXPECT_EQ(Next(), "R1000");
  Read(900'000, 2);
  Complete(Ms(5));
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(now_ + Ms(8)));
  EXPECT_EQ(Next(), "none");
  now_ += Ms(3);
  Read(1008, 1);
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(now_)) << "the driver is called";
  EXPECT_EQ(Serve(), "R1008");
}

TEST_F(CfqTimeSlicesTest, ButNotLongerThanSliceIdle) {
  Read(1000, 1);
  EXPECT_EQ(Next(), "R1000");
  Read(900'000, 2);
  Complete(Ms(5));
  now_ += Ms(8);
  EXPECT_EQ(Next(), "R900000");
}

TEST_F(CfqTimeSlicesTest, AskedInTheMeantimeItBeginsToWaitAnew) {
  Read(1000, 1);
  EXPECT_EQ(Next(), "R1000");
  Read(900'000, 2);
  Complete(Ms(5));
  now_ += Ms(8) - kPicosecond;
  EXPECT_EQ(Next(), "none");
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(Ms(1005 + 7 + 8)));
}

TEST_F(CfqTimeSlicesTest, DoesNotWaitWhileRequestsOfTheTaskAreAtTheDevice) {
  Use({.quantum = 1});
  Read(1000, 1);
  Read(90'000, 1);
  EXPECT_EQ(Next(), "R1000");
  Request* first = last_;
  Read(900'000, 2);
  EXPECT_EQ(Next(), "R90000");
  EXPECT_EQ(Next(), "none");
  EXPECT_EQ(scheduler_->NextWakeup(), std::nullopt);
  queue_->Complete(*first, now_ += Ms(1));
}

TEST_F(CfqTimeSlicesTest, DoesNotWait) {
  const struct {
    const char* why;
    CfqTimeSlicesTunables tunables;
    bool exited;
    Tick think;
    bool waits;
  } cases[] = {
      {"", {}, false, Ms(1), true},
      {"slice_idle is 0", {.slice_idle_ms = 0}, false, Ms(1), false},
      {"the task has exited", {}, true, Ms(1), false},
      {"it thinks longer than that", {}, false, Ms(15), false},
      {"as long as that is all right", {}, false, Ms(8), true},
  };
  for (const auto& c : cases) {
    Use(c.tunables);
    for (uint64_t i = 0; i < 10; ++i) {
      Read(1000 + 8 * i, 1);
      if (Next() == "none") Next();
      ASSERT_NE(last_, nullptr) << c.why;
      Complete(Ms(1));
      now_ += c.think;
    }
    Read(2000, 1);
    Next();
    if (c.exited) scheduler_->TaskExited(1, now_);
    Read(900'000, 2);
    Complete(Ms(1));
    EXPECT_EQ(Next() == "none", c.waits) << c.why;
  }
}

TEST_F(CfqTimeSlicesTest, WaitsOnlyAMomentForATaskThatSeeks) {
  for (uint64_t i = 0; i < 10; ++i) {
    Read(10'000'000 * (i % 2), 1);
    Serve(Ms(1));
  }
  Read(900'000, 2);
  EXPECT_EQ(Next(), "none");
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(now_ + Ms(2)));
}

TEST_F(CfqTimeSlicesTest, DoesNotWaitForASeekingTaskOnADeviceThatQueues) {
  for (const bool deep : {false, true}) {
    Use({.quantum = 8});
    std::vector<Request*> requests;
    for (uint64_t i = 0; i < (deep ? 5u : 4u); ++i) {
      Read(10'000'000 * i, 1);
      Next();
      requests.push_back(last_);
    }
    for (Request* request : requests) queue_->Complete(*request, now_ += Ms(1));
    Read(0, 1);
    Next();
    ASSERT_NE(last_, nullptr);
    Read(900'000, 2);
    Complete(Ms(1));
    EXPECT_EQ(Next() == "none", !deep);
  }
}

TEST_F(CfqTimeSlicesTest, AnAsynchronousRequestOfTheTaskEndsTheWaiting) {
  Read(1000, 1);
  Serve();
  Read(900'000, 2);
  EXPECT_EQ(Next(), "none");
  Write(5000, 1);
  EXPECT_THAT(scheduler_->NextWakeup(), Optional(now_));
  EXPECT_EQ(Next(), "W5000") << "the newer of two new queues";
}

TEST_F(CfqTimeSlicesTest, WhoIsWaitedForMustGetARequestOnce) {
  Read(1000, 1);
  EXPECT_EQ(scheduler_->CheckMayQueue({.sync = true, .task = 1}), MayQueue::kMay);
  Serve();
  EXPECT_EQ(scheduler_->CheckMayQueue({.sync = true, .task = 2}), MayQueue::kMay);
  EXPECT_EQ(scheduler_->CheckMayQueue({.sync = true, .task = 1}), MayQueue::kMust);
  EXPECT_EQ(scheduler_->CheckMayQueue({.sync = true, .task = 1}), MayQueue::kMay);
}

// -- Which request

TEST_F(CfqTimeSlicesTest, TheNearestThenUpwardsFromWhereTheSweepStands) {
  Read(50'000);
  Next();
  for (const uint64_t sector : {60'000, 100, 49'990, 70'000}) Read(sector);
  // The nearest four; those above the end of the last one that left come first.
  EXPECT_EQ(Next(), "R60000");
  EXPECT_EQ(Next(), "R70000");
  EXPECT_EQ(Next(), "R100");
  EXPECT_EQ(Next(), "R49990");
}

TEST_F(CfqTimeSlicesTest, AnOverdueRequestOncePerSlice) {
  Use({.quantum = 1, .fifo_expire_sync_ms = 10});
  Read(50'000);
  Serve(Ms(1));
  for (const uint64_t sector : {90'000, 80'000, 50'100, 50'200}) Read(sector);
  now_ += Ms(11);
  EXPECT_EQ(Serve(Ms(1)), "R90000");
  EXPECT_EQ(Serve(Ms(1)), "R50100");
  now_ = Ms(1101);  // the slice is over
  EXPECT_EQ(Serve(Ms(1)), "R80000");
}

TEST_F(CfqTimeSlicesTest, EachKindIsOverdueAfterItsOwnTime) {
  const struct {
    bool write;
    Tick overdue;
  } cases[] = {{false, Ms(126)}, {true, Ms(251)}};
  for (const auto& c : cases) {
    for (const bool overdue : {false, true}) {
      Use({.quantum = 1});
      Read(50'000, 3);
      Serve(Ms(0));
      for (const uint64_t sector : {90'000, 50'100}) {
        queue_->Submit({.write = c.write, .sector = sector, .task = 1, .sync = false}, now_);
      }
      scheduler_->TaskExited(3, now_);
      now_ += overdue ? c.overdue : c.overdue - Ms(1);
      Next();
      ASSERT_NE(last_, nullptr);
      EXPECT_EQ(last_->sector == Sector(90'000), overdue) << c.write;
    }
  }
}

// -- Merging and aliases

TEST_F(CfqTimeSlicesTest, MergesOnlyWithinAQueue) {
  const auto merge = [this](const BioSpec& first, const BioSpec& second) {
    Use({});
    queue_->Submit({.sector = 900'000, .task = 1}, now_);  // has last_merge
    queue_->Submit({.sector = 600'000, .task = 2}, now_);
    queue_->Submit({.write = true, .sector = 800'000, .task = 2, .sync = false}, now_);
    queue_->Submit({.write = true, .sector = 700'000, .task = 1, .sync = false}, now_);
    queue_->Submit(first, now_);
    return queue_->Submit(second, now_).kind;
  };
  EXPECT_EQ(merge({.sector = 1000, .task = 1}, {.sector = 1008, .task = 1}), MergeKind::kBack);
  EXPECT_EQ(merge({.sector = 1000, .task = 1}, {.sector = 992, .task = 1}), MergeKind::kFront);
  EXPECT_EQ(merge({.sector = 1000, .task = 1}, {.sector = 1008, .task = 2}), MergeKind::kNone);
  EXPECT_EQ(merge({.sector = 1000, .task = 1}, {.sector = 992, .task = 2}), MergeKind::kNone);
  EXPECT_EQ(merge({.write = true, .sector = 1000, .task = 1, .sync = false},
                  {.write = true, .sector = 1008, .task = 2, .sync = false}),
            MergeKind::kBack)
      << "the asynchronous ones of all tasks are in one queue";
}

TEST_F(CfqTimeSlicesTest, TheOlderOfTwoThatStartTogetherGoesAtOnce) {
  Use({.quantum = 1});
  Read(50'000);
  Next();
  Read(8192);
  Read(60'000);
  Read(8192);
  EXPECT_EQ(Next(), "R8192");
  EXPECT_EQ(Next(), "R8192") << "the head is there";
  EXPECT_EQ(Next(), "R60000");
}

TEST_F(CfqTimeSlicesTest, AFrontMergeMayPushOutTheNextOne) {
  Use({.quantum = 1});
  queue_->Submit({.sector = 1000, .nr_sectors = 4}, now_);
  Read(1008);
  Read(1000);
  EXPECT_EQ(Next(), "R1000+4");
  EXPECT_EQ(Next(), "R1000+16");
}

}  // namespace
}  // namespace biotope
