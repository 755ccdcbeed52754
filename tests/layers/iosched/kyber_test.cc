#include "layers/iosched/kyber.h"

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

class KyberTest : public testing::Test {
 protected:
  void Submit(bool write, uint64_t count, uint64_t sector = 0) {
    for (uint64_t i = 0; i < count; ++i) {
      queue_->Submit({.write = write, .sector = sector + 100 * i}, now_);
    }
  }
  // "R16 W8": how many of each direction leave in a row.
  std::string Batches() {
    std::string batches;
    char direction = 0;
    int count = 0;
    const auto flush = [&] {
      if (count > 0) batches += (batches.empty() ? "" : " ") + (direction + std::to_string(count));
      count = 0;
    };
    for (const std::string& request : queue_->Drain(now_, Tick(0))) {
      if (request.front() != direction) flush();
      direction = request.front();
      ++count;
    }
    flush();
    return batches;
  }
  // `count` requests, each served in `latency`.
  void Serve(bool write, uint64_t count, Tick latency) {
    for (uint64_t i = 0; i < count; ++i) {
      queue_->Submit({.write = write, .sector = 100}, now_);
      Request* request = queue_->Dispatch(now_);
      now_ += latency;
      queue_->Complete(*request, now_);
    }
  }
  // Lets the timer run.
  void RunTimer() {
    now_ += 200 * kMillisecond;
    queue_->Dispatch(now_);
  }

  // Five hundred requests, a hundred at a time, each served in `latency`.
  void ServeMany(bool write, Tick latency) {
    for (int round = 0; round < 5; ++round) {
      Submit(write, 100);
      std::vector<Request*> in_flight;
      while (Request* request = queue_->Dispatch(now_)) in_flight.push_back(request);
      now_ += latency;
      for (Request* request : in_flight) queue_->Complete(*request, now_);
    }
  }
  // Writes that take too long, and reads, all in one interval of the timer.
  void ServeCongested(Tick read_latency) {
    ServeMany(true, 11 * kMillisecond);
    ServeMany(false, read_latency);
    RunTimer();
  }
  void Restart() {
    kyber_ = new KyberScheduler(KyberTunables{}, 1000);
    queue_ = std::make_unique<TestQueue>(std::unique_ptr<IoScheduler>(kyber_));
  }

  KyberScheduler* kyber_ = new KyberScheduler(KyberTunables{}, 1000);
  std::unique_ptr<TestQueue> queue_ =
      std::make_unique<TestQueue>(std::unique_ptr<IoScheduler>(kyber_));
  Tick now_ = kNow;
};

TEST_F(KyberTest, DoesNotSort) {
  for (const uint64_t sector : {500, 100, 300}) queue_->Submit({.sector = sector}, now_);
  EXPECT_THAT(queue_->Drain(now_, Tick(0)), ElementsAre("R500", "R100", "R300"));
}

TEST_F(KyberTest, SixteenReadsThenEightWrites) {
  Submit(false, 40);
  Submit(true, 20);
  EXPECT_EQ(Batches(), "R16 W8 R16 W8 R8 W4");
}

TEST_F(KyberTest, ABatchEndsWhenItsDomainIsEmpty) {
  Submit(false, 3);
  Submit(true, 20);
  EXPECT_EQ(Batches(), "R3 W20") << "nobody else wants to go";
}

TEST_F(KyberTest, EachDomainHasItsTokens) {
  EXPECT_EQ(kyber_->depth(false), 256u);
  EXPECT_EQ(kyber_->depth(true), 128u);
  Submit(true, 200);
  std::vector<Request*> in_flight;
  while (Request* request = queue_->Dispatch(now_)) in_flight.push_back(request);
  EXPECT_EQ(in_flight.size(), 128u);
  EXPECT_TRUE(kyber_->HasWork());
  Submit(false, 1, 1'000'000);
  EXPECT_EQ(Show(*queue_->Dispatch(now_)), "R1000000");
  queue_->Complete(*in_flight.front(), now_);
  EXPECT_NE(queue_->Dispatch(now_), nullptr);
  EXPECT_EQ(queue_->Dispatch(now_), nullptr);
}

// -- Merging

TEST_F(KyberTest, BiosJoinTheLastEightOfTheirCpu) {
  const auto submit = [this](uint64_t sector, uint16_t cpu = 0) {
    return queue_->Submit({.sector = sector, .cpu = cpu}, now_).kind;
  };
  submit(100);
  EXPECT_EQ(submit(108), MergeKind::kBack);
  EXPECT_EQ(submit(92), MergeKind::kFront);
  EXPECT_EQ(submit(116, 1), MergeKind::kNone) << "another CPU";
  for (uint64_t i = 0; i < 7; ++i) submit(1000 + 100 * i);
  EXPECT_EQ(submit(84), MergeKind::kFront) << "the eighth from the end";
  submit(5000);
  EXPECT_EQ(submit(76), MergeKind::kNone);
}

TEST_F(KyberTest, WhatHasLeftItsSoftwareQueueDoesNotGrow) {
  Submit(false, 2);
  ASSERT_NE(queue_->Dispatch(now_), nullptr);
  EXPECT_EQ(queue_->Submit({.sector = 108}, now_).kind, MergeKind::kNone);
}

TEST_F(KyberTest, WithoutATokenRequestsStayWhereTheyMayGrow) {
  Submit(true, 128);
  while (queue_->Dispatch(now_) != nullptr) {
  }
  queue_->Submit({.write = true, .sector = 900'000}, now_);
  ASSERT_EQ(queue_->Dispatch(now_), nullptr);
  EXPECT_EQ(queue_->Submit({.write = true, .sector = 900'008}, now_).kind, MergeKind::kBack);
}

// -- Depths

TEST_F(KyberTest, GoodLatenciesChangeNothing) {
  Serve(false, 600, kMillisecond);
  RunTimer();
  EXPECT_EQ(kyber_->depth(false), 256u);
  EXPECT_EQ(kyber_->depth(true), 128u);
}

// Writes take more than their 10 ms at the device. Reads, at a quarter or half of their target,
// make room: they get that part of their tokens.
TEST_F(KyberTest, CongestionThrottlesThoseThatDoWell) {
  const struct {
    Tick read_latency;
    uint32_t depth;
  } cases[] = {{400 * kMicrosecond, 64},
               {900 * kMicrosecond, 128},
               {1400 * kMicrosecond, 192},
               {1900 * kMicrosecond, 256}};
  for (const auto& c : cases) {
    Restart();
    ServeCongested(c.read_latency);
    EXPECT_EQ(kyber_->depth(false), c.depth);
  }
}

// Few samples count only after a second. Then the p99 of the reads is the one that was known
// before.
TEST_F(KyberTest, FiveHundredSamplesOrASecond) {
  ServeMany(false, 400 * kMicrosecond);
  RunTimer();
  Serve(true, 5, 15 * kMillisecond);
  RunTimer();
  EXPECT_EQ(kyber_->depth(false), 256u);
  now_ += kSecond;
  Serve(true, 1, 15 * kMillisecond);
  RunTimer();
  EXPECT_EQ(kyber_->depth(false), 64u);
  now_ += kSecond;
  Serve(true, 5, 15 * kMillisecond);
  RunTimer();
  now_ += kSecond;
  Serve(true, 1, 15 * kMillisecond);
  RunTimer();
  EXPECT_EQ(kyber_->depth(false), 64u) << "it is used once";
}

TEST_F(KyberTest, ADomainThatDoesBadlyGetsMoreTokens) {
  ServeCongested(400 * kMicrosecond);
  ASSERT_EQ(kyber_->depth(false), 64u);
  // Now reads wait for long before they are dispatched: the device is not the reason.
  for (int round = 0; round < 10; ++round) {
    Submit(false, 50);
    now_ += 4 * kMillisecond;
    std::vector<Request*> in_flight;
    while (Request* request = queue_->Dispatch(now_)) in_flight.push_back(request);
    for (Request* request : in_flight) queue_->Complete(*request, now_);
  }
  RunTimer();
  EXPECT_EQ(kyber_->depth(false), 128u) << "twice, for the largest bucket";
}

TEST_F(KyberTest, AQuarterOfTheTagsIsForThoseThatAreWaitedFor) {
  const auto limit = [this](bool write, bool sync) {
    return kyber_->LimitDepth({.write = write, .sync = sync, .ioprio = {}}, 256);
  };
  EXPECT_EQ(limit(false, true), 256u);
  EXPECT_EQ(limit(true, true), 256u);
  EXPECT_EQ(limit(true, false), 192u);
}

}  // namespace
}  // namespace biotope
