#include "layers/iosched/bfq.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

using testing::ElementsAre;

constexpr Tick kStart = 10 * kSecond;

class BfqTest : public testing::Test {
 protected:
  void Use(const BfqTunables& tunables, const BfqScheduler::Surroundings& surroundings) {
    queue_ = std::make_unique<TestQueue>(std::make_unique<BfqScheduler>(tunables, surroundings),
                                         TestQueue::Options{.limits = {.max_sectors = 8}});
  }
  void Use(const BfqTunables& tunables) { Use(tunables, {.hz = 1000}); }

  void Read(uint64_t sector, uint16_t task = 1, IoPriority ioprio = {}) {
    queue_->Submit({.sector = sector, .task = task, .ioprio = ioprio}, now_);
  }
  void Write(uint64_t sector, uint16_t task = 1, bool sync = false) {
    queue_->Submit({.write = true, .sector = sector, .task = task, .sync = sync}, now_);
  }
  std::string Next() {
    Request* request = queue_->Dispatch(now_);
    if (request == nullptr) return "none";
    last_ = request;
    return Show(*request);
  }
  void CompleteLast(Tick service = kMillisecond) {
    now_ += service;
    queue_->Complete(*last_, now_);
  }
  std::vector<std::string> Drain(Tick step = kMillisecond) {
    std::vector<std::string> order;
    for (int i = 0; i < 1000 && queue_->scheduler().HasWork(); ++i) {
      const std::string next = Next();
      if (next == "none") {
        const auto wakeup = queue_->scheduler().NextWakeup();
        if (!wakeup) break;
        now_ = *wakeup;
        continue;
      }
      order.push_back(next);
      CompleteLast(step);
    }
    return order;
  }
  // Processes that read what is theirs one after the other, sequentially, each request when the one
  // before has been completed and `think` has passed. Sectors per process.
  struct Process {
    uint16_t task;
    IoPriority ioprio = {};
    Tick think = 100 * kMicrosecond;
    uint64_t stride = 8;
    Tick service = kMillisecond;
  };
  std::map<uint16_t, uint64_t> RunReaders(const std::vector<Process>& processes, Tick duration);

  static constexpr BfqTunables kFair = {.low_latency = false};

  std::unique_ptr<TestQueue> queue_;
  Request* last_ = nullptr;
  Tick now_ = kStart;
};

std::map<uint16_t, uint64_t> BfqTest::RunReaders(const std::vector<Process>& processes,
                                                 Tick duration) {
  std::map<uint16_t, uint64_t> sectors;
  std::map<uint16_t, Tick> due;  // when its next request comes
  std::map<uint16_t, uint64_t> position;
  for (const Process& process : processes) due[process.task] = now_;
  const Tick end = now_ + duration;
  while (now_ < end) {
    Tick next = end;
    for (const Process& process : processes) {
      if (due.count(process.task) == 0) continue;
      if (due[process.task] > now_) {
        next = std::min(next, due[process.task]);
        continue;
      }
      due.erase(process.task);
      const uint64_t offset = position[process.task];
      position[process.task] += process.stride;
      Read(process.task * 100'000'000ull + offset, process.task, process.ioprio);
    }
    if (Next() != "none") {
      sectors[last_->task] += last_->nr_sectors;
      const uint16_t task = last_->task;
      for (const Process& process : processes) {
        if (process.task != task) continue;
        CompleteLast(process.service);
        due[task] = now_ + process.think;
      }
      continue;
    }
    if (const auto wakeup = queue_->scheduler().NextWakeup()) next = std::min(next, *wakeup);
    now_ = std::max(next, now_ + kNanosecond);
  }
  return sectors;
}

// -- The order within a queue

TEST_F(BfqTest, TheNearestGoesFirstAndWaysBackCostTwice) {
  Use(kFair);
  Read(100'000);
  EXPECT_EQ(Next(), "R100000");
  const struct {
    uint64_t ahead, behind;
    bool goes_back;
  } cases[] = {{100, 51, false}, {100, 49, true}, {100'000, 32 * 1024, true}};
  for (const auto& c : cases) {
    Use(kFair);
    Read(100'000);
    Next();
    Read(100'008 + c.ahead);
    Read(100'008 - c.behind);
    EXPECT_EQ(last_->sector, Sector(100'000));
    Request* first = queue_->Dispatch(now_);
    EXPECT_EQ(first->sector < Sector(100'000), c.goes_back) << c.ahead << " " << c.behind;
  }
}

TEST_F(BfqTest, TooFarBackComesLastFromTheLowestOn) {
  Use({.back_seek_max_kb = 4, .low_latency = false});
  Read(100'000);
  Next();
  for (const uint64_t sector : {90'000ull, 80'000ull, 900'000ull}) Read(sector);
  EXPECT_THAT(Drain(), ElementsAre("R900000", "R80000", "R90000"));
}

TEST_F(BfqTest, AnOverdueRequestGoesOnceInAServiceSlot) {
  const std::vector<uint64_t> sectors = {90'000'000, 70'000'000, 1'000, 2'000, 3'000};
  Use({.timeout_sync_ms = 1000, .low_latency = false});
  for (const uint64_t sector : sectors) Read(sector);
  now_ += 124 * kMillisecond;
  EXPECT_EQ(Next(), "R1000");
  now_ += kMillisecond;
  EXPECT_EQ(Next(), "R2000") << "was not overdue when it was looked at";
  EXPECT_EQ(Next(), "R3000");

  Use({.timeout_sync_ms = 1000, .low_latency = false});
  for (const uint64_t sector : sectors) Read(sector);
  now_ += 125 * kMillisecond;
  EXPECT_EQ(Next(), "R1000");
  EXPECT_EQ(Next(), "R90000000");
  EXPECT_EQ(Next(), "R2000") << "from the lowest one on: 70000000 is too far back as well";
}

TEST_F(BfqTest, ReadsAndSynchronousWritesAreOneQueue) {
  Use(kFair);
  Read(1000);
  Write(1008, 1, true);
  Write(1016, 1, false);
  Read(1024);
  EXPECT_EQ(Next(), "R1000");
  EXPECT_EQ(Next(), "W1008");
  EXPECT_EQ(Next(), "R1024") << "W1016 is in another queue";
}

// -- Service slots

TEST_F(BfqTest, ProcessesAreServedOneAfterTheOtherForATimeout) {
  Use(kFair);
  for (uint64_t i = 0; i < 40; ++i) Read(1000 + 16 * i, 1);
  for (uint64_t i = 0; i < 40; ++i) Read(9'000'000 + 16 * i, 2);
  std::string runs;
  for (const std::string& request : Drain(10 * kMillisecond)) {
    const char process = request.size() > 6 ? '2' : '1';
    if (runs.empty() || runs.back() != process) runs += process;
  }
  // 40 requests take 400 ms, a slot is 125 ms.
  EXPECT_THAT(runs, testing::AnyOf("12121212", "21212121", "1212121", "2121212"));
}

TEST_F(BfqTest, ABudgetEndsASlotAsWell) {
  Use({.max_budget = 64, .timeout_sync_ms = 10'000, .low_latency = false});
  // The automatic budget holds until a dozen slots have been given.
  RunReaders({{.task = 8}, {.task = 9}}, 4 * kSecond);
  const size_t requests = 60;
  for (uint64_t i = 0; i < requests; ++i) Read(1000 + 16 * i, 1);
  for (uint64_t i = 0; i < requests; ++i) Read(9'000'000 + 16 * i, 2);
  size_t longest = 0, run = 0;
  std::string before;
  for (const std::string& request : Drain()) {
    const std::string process = request.size() > 6 ? "2" : "1";
    run = process == before ? run + 1 : 1;
    before = process;
    longest = std::max(longest, run);
  }
  EXPECT_LT(longest, requests / 2) << "neither timeout nor emptiness ended it";
}

// -- Fairness

TEST_F(BfqTest, SequentialReadersGetTheSame) {
  Use(kFair);
  auto sectors = RunReaders({{.task = 1}, {.task = 2}, {.task = 3}}, 60 * kSecond);
  for (const uint16_t task : {uint16_t{2}, uint16_t{3}}) {
    EXPECT_NEAR(static_cast<double>(sectors[task]) / static_cast<double>(sectors[1]), 1, 0.1);
  }
}

TEST_F(BfqTest, ReadersGetWhatTheirPriorityGivesThem) {
  Use(kFair);
  auto sectors = RunReaders(
      {{.task = 1, .ioprio = {.level = 0}}, {.task = 2, .ioprio = {.level = 6}}}, 120 * kSecond);
  // Weights 80 and 20.
  EXPECT_NEAR(static_cast<double>(sectors[1]) / static_cast<double>(sectors[2]), 4, 0.4);
}

TEST_F(BfqTest, TheIdleClassGetsWhatIsLeftAndALittle) {
  Use(kFair);
  auto sectors = RunReaders(
      {{.task = 1}, {.task = 2, .ioprio = {.priority_class = IoPriorityClass::kIdle, .level = 7}}},
      30 * kSecond);
  EXPECT_GT(sectors[2], 0u);
  EXPECT_LT(sectors[2], sectors[1] / 20);
}

TEST_F(BfqTest, ARealTimeReaderIsNotHeldUp) {
  Use(kFair);
  auto sectors = RunReaders(
      {{.task = 1}, {.task = 2, .ioprio = {.priority_class = IoPriorityClass::kRealTime}}},
      30 * kSecond);
  EXPECT_GT(sectors[2], 20 * sectors[1]);
}

// One request at a time, with the same weights: who comes back soon preempts, so that all get the
// same number of requests, however long these take.
TEST_F(BfqTest, OneAtATimeAllGetTheSameNumberOfRequests) {
  Use(kFair);
  auto sectors = RunReaders(
      {{.task = 1}, {.task = 2, .stride = 100'000, .service = 10 * kMillisecond}}, 60 * kSecond);
  EXPECT_NEAR(static_cast<double>(sectors[2]) / static_cast<double>(sectors[1]), 1, 0.2);
}

// Against somebody who always has requests, a seek is charged as what could have been read
// meanwhile.
TEST_F(BfqTest, WhoSeeksIsChargedForHisTime) {
  Use(kFair);
  for (uint64_t i = 0; i < 40; ++i) Read(1000 + 16 * i);
  Read(700'000'000, 2);
  uint64_t seeks = 0;
  const Tick end = now_ + 5 * kSecond;
  for (uint64_t i = 40; now_ < end; ++i) {
    if (Next() == "none") {
      now_ = *queue_->scheduler().NextWakeup();
      continue;
    }
    const bool seek = last_->task == 2;
    CompleteLast((seek ? 10 : 1) * kMillisecond);
    seeks += seek ? 1 : 0;
    seek ? Read(700'000'000 + 100'000 * i, 2) : Read(1000 + 16 * i);
  }
  // Half of the time, not half of the sectors, for which it would need ten times as much.
  EXPECT_GT(seeks, 150u);
  EXPECT_LT(seeks, 330u);
}

TEST_F(BfqTest, WhatNobodyWaitsForCostsThreeTimesAsMuch) {
  Use(kFair);
  uint64_t reads = 0, writes = 0;
  for (uint64_t i = 0; i < 40; ++i) {
    Read(1000 + 16 * i);
    Write(900'000'000 + 16 * i, 2);
  }
  for (uint64_t i = 40; i < 60'000; ++i) {
    while (Next() == "none") now_ = *queue_->scheduler().NextWakeup();
    const bool write = last_->write;
    if (i > 30'000) ++(write ? writes : reads);  // the peak rate is known
    CompleteLast();
    write ? Write(900'000'000 + 16 * i, 2) : Read(1000 + 16 * i);
  }
  EXPECT_NEAR(static_cast<double>(reads) / static_cast<double>(writes), 3, 0.6);
}

// -- Preemption

TEST_F(BfqTest, AHigherClassPreemptsALowerOne) {
  Use(kFair);
  RunReaders({{.task = 1}}, kSecond);
  Drain();
  for (uint64_t i = 0; i < 8; ++i) Read(100'700'000 + 16 * i, 1);
  EXPECT_EQ(Next(), "R100700000");
  Read(9'000, 2);
  EXPECT_EQ(Next(), "R100700016");
  Read(7'000, 3, {.priority_class = IoPriorityClass::kRealTime});
  EXPECT_EQ(Next(), "R7000");
}

// Its queue was expired while its process was thinking. Back soon, it goes on as if it had not
// been.
TEST_F(BfqTest, WhoComesBackSoonPreempts) {
  Use({.max_budget = 16'384, .low_latency = false});
  RunReaders({{.task = 1}}, kSecond);
  Drain();
  Read(100'700'000, 1);
  ASSERT_EQ(Next(), "R100700000");
  CompleteLast();
  for (uint64_t i = 0; i < 8; ++i) Read(300'700'000 + 16 * i, 3);
  now_ += 8 * kMillisecond;
  EXPECT_EQ(Next(), "R300700000");
  now_ += 10 * kMillisecond;
  Read(100'700'008, 1);
  EXPECT_EQ(Next(), "R100700008");
}

// -- Idling

TEST_F(BfqTest, TheDeviceWaitsForASequentialReader) {
  Use(kFair);
  RunReaders({{.task = 1}}, kSecond);
  Drain();
  Read(100'700'000, 1);
  ASSERT_EQ(Next(), "R100700000");
  CompleteLast();
  Read(500'000'008, 2);
  EXPECT_EQ(Next(), "none");
  ASSERT_TRUE(queue_->scheduler().NextWakeup().has_value());
  EXPECT_EQ(*queue_->scheduler().NextWakeup(), now_ + 8 * kMillisecond);
  EXPECT_TRUE(queue_->scheduler().HasWork());
}

TEST_F(BfqTest, WhenItHasWaitedInVainItGoesOn) {
  Use(kFair);
  RunReaders({{.task = 1}}, kSecond);
  Drain();
  Read(100'700'000, 1);
  ASSERT_EQ(Next(), "R100700000");
  CompleteLast();
  Read(500'000'008, 2);
  now_ += 8 * kMillisecond - kNanosecond;
  EXPECT_EQ(Next(), "none");
  now_ += kNanosecond;
  EXPECT_EQ(Next(), "R500000008");
}

TEST_F(BfqTest, WhoSeeksIsNotWaitedFor) {
  Use(kFair);
  RunReaders({{.task = 1, .stride = 100'000}}, kSecond);
  Drain();
  Read(700'000'000, 1);
  ASSERT_EQ(Next(), "R700000000");
  CompleteLast();
  Read(500'000'008, 2);
  EXPECT_EQ(Next(), "R500000008");
}

TEST_F(BfqTest, ForWhoSeeksTheDeviceWaitsLessLong) {
  for (const uint64_t stride : {uint64_t{8}, uint64_t{100'000}}) {
    Use(kFair);
    RunReaders({{.task = 1, .stride = stride}}, kSecond);
    Drain();
    Read(700'000'000, 1);
    Next();
    CompleteLast();
    EXPECT_EQ(*queue_->scheduler().NextWakeup(), now_ + (stride == 8 ? 8 : 2) * kMillisecond);
  }
}

TEST_F(BfqTest, WithoutSliceIdleItNeverWaits) {
  Use({.slice_idle_ms = 0, .low_latency = false});
  RunReaders({{.task = 1}}, kSecond);
  Drain();
  Read(100'700'000, 1);
  ASSERT_EQ(Next(), "R100700000");
  CompleteLast();
  Read(500'000'008, 2);
  EXPECT_EQ(Next(), "R500000008");
}

TEST_F(BfqTest, StrictGuaranteesMeanOneRequestAtATime) {
  Use({.strict_guarantees = true, .low_latency = false});
  Read(1000);
  Read(2000);
  EXPECT_EQ(Next(), "R1000");
  EXPECT_EQ(Next(), "none");
  CompleteLast();
  EXPECT_EQ(Next(), "R2000");
}

// -- Low latency

TEST_F(BfqTest, ANewProcessIsRaisedAboveAnOldOne) {
  for (const bool low_latency : {false, true}) {
    Use({.low_latency = low_latency});
    now_ = kStart;
    RunReaders({{.task = 1}}, 30 * kSecond);  // no longer raised
    auto sectors = RunReaders({{.task = 1}, {.task = 2}}, 2 * kSecond);
    if (low_latency) {
      EXPECT_GT(sectors[2], 4 * sectors[1]);
    } else {
      EXPECT_LT(sectors[2], 2 * sectors[1]);
    }
  }
}

TEST_F(BfqTest, RaisingEnds) {
  Use({.low_latency = true});
  RunReaders({{.task = 1}}, 30 * kSecond);
  RunReaders({{.task = 1}, {.task = 2}}, 30 * kSecond);
  auto sectors = RunReaders({{.task = 1}, {.task = 2}}, 30 * kSecond);
  EXPECT_NEAR(static_cast<double>(sectors[2]) / static_cast<double>(sectors[1]), 1, 0.2);
}

// The slower the device seems, the longer: 7 s at the rate of the reference disk, 10.5 s at two
// thirds of that, which is where it starts.
TEST_F(BfqTest, RaisingLastsForItsDuration) {
  Use({.low_latency = true});
  const auto is_raised = [this] {
    return queue_->scheduler().LimitDepth({.write = true, .sync = false, .task = 99, .ioprio = {}},
                                          256) < 128;
  };
  RunReaders({{.task = 1, .service = 3 * kMillisecond}}, 10 * kSecond);
  Read(1, 1);
  EXPECT_TRUE(is_raised());
  RunReaders({{.task = 1, .service = 3 * kMillisecond}}, 20 * kSecond);
  Read(1, 1);
  EXPECT_FALSE(is_raised());
}

TEST_F(BfqTest, ManyThatBeginTogetherAreNotRaised) {
  for (const uint16_t beginners : {uint16_t{3}, uint16_t{12}}) {
    Use({.low_latency = true});
    now_ = kStart;
    std::vector<Process> crowd;
    for (uint16_t i = 0; i < beginners; ++i)
      crowd.push_back({.task = static_cast<uint16_t>(10 + i)});
    RunReaders(crowd, 500 * kMillisecond);
    const bool raised = queue_->scheduler().LimitDepth(
                            {.write = true, .sync = false, .task = 99, .ioprio = {}}, 256) < 128;
    EXPECT_EQ(raised, beginners == 3);
  }
}

// -- Merging

TEST_F(BfqTest, BiosJoinOnlyRequestsOfTheirProcess) {
  queue_ = std::make_unique<TestQueue>(
      std::make_unique<BfqScheduler>(kFair, BfqScheduler::Surroundings{.hz = 1000}));
  const auto submit = [this](uint64_t sector, uint16_t task, bool sync = true) {
    return queue_->Submit({.write = true, .sector = sector, .task = task, .sync = sync}, now_).kind;
  };
  submit(1000, 1);
  EXPECT_EQ(submit(1008, 1), MergeKind::kBack);
  EXPECT_EQ(submit(992, 1), MergeKind::kFront);
  EXPECT_EQ(submit(1016, 2), MergeKind::kNone);
  submit(5000, 1, false);
  EXPECT_EQ(submit(5008, 2, false), MergeKind::kBack) << "what nobody waits for has one queue";
  EXPECT_EQ(submit(5016, 1, true), MergeKind::kNone);
}

// -- Tags

TEST_F(BfqTest, WritesGetAPartOfTheTags) {
  Use(kFair);
  const auto limit = [this](bool write, bool sync, uint16_t task = 9) {
    return queue_->scheduler().LimitDepth(
        {.write = write, .sync = sync, .task = task, .ioprio = {}}, 256);
  };
  EXPECT_EQ(limit(false, true), 256u);
  EXPECT_EQ(limit(true, true), 192u);
  EXPECT_EQ(limit(true, false), 128u);
  for (uint64_t i = 0; i < 128; ++i) Read(1000 + 16 * i, 1);
  Read(9'000'000, 2);
  EXPECT_EQ(limit(false, true, 1), 1u) << "has its half already";
  EXPECT_EQ(limit(false, true, 2), 256u);
}

TEST_F(BfqTest, WhileSomebodyIsRaisedWritesGetFewerTags) {
  Use({.low_latency = true});
  Read(1000, 1);
  const auto limit = [this](bool sync) {
    return queue_->scheduler().LimitDepth({.write = true, .sync = sync, .task = 9, .ioprio = {}},
                                          256);
  };
  EXPECT_EQ(limit(true), 96u);
  EXPECT_EQ(limit(false), 48u);
}

}  // namespace
}  // namespace biotope
