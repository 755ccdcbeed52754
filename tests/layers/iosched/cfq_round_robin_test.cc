#include "layers/iosched/cfq_round_robin.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace biotope {
namespace {

class CfqRoundRobinTest : public testing::Test {
 protected:
  CfqTaskQueue& Add(uint8_t level, IoPriorityClass priority_class = IoPriorityClass::kBestEffort,
                    bool is_new = false) {
    CfqTaskQueue& queue = queues_.emplace_back();
    queue.ioprio = {priority_class, level};
    queue.is_new = is_new;
    round_robin_.Add(queue);
    return queue;
  }
  // The levels of the next turns; every queue goes back to the end of its list.
  std::string Turns(int count) {
    std::string levels;
    for (int i = 0; i < count; ++i) {
      CfqTaskQueue& queue = *round_robin_.Next();
      levels += static_cast<char>('0' + queue.ioprio.level);
      round_robin_.Resort(queue, false);
    }
    return levels;
  }

  std::deque<CfqTaskQueue> queues_;
  CfqRoundRobin round_robin_;
};

TEST_F(CfqRoundRobinTest, LowLevelsComeMoreOften) {
  for (uint8_t level = 0; level < 8; ++level) Add(level);
  EXPECT_EQ(Turns(36), "001012012301234012345012345601234567");
  EXPECT_EQ(Turns(3), "001") << "and from the beginning";
}

TEST_F(CfqRoundRobinTest, EmptyLevelsAreLeftOut) {
  Add(4);
  Add(7);
  EXPECT_EQ(Turns(8), "44447444") << "4 has four turns of a cycle, 7 has one";
}

TEST_F(CfqRoundRobinTest, ARoundIsAllQueuesOfALevel) {
  CfqTaskQueue& a = Add(4);
  CfqTaskQueue& b = Add(4);
  EXPECT_EQ(round_robin_.Next(), &a);
  round_robin_.Resort(a, false);
  EXPECT_EQ(round_robin_.Next(), &b);
  round_robin_.Resort(b, false);
  EXPECT_EQ(round_robin_.Next(), &a);
}

TEST_F(CfqRoundRobinTest, RealTimeJoinsTheRoundThatGoesOn) {
  CfqTaskQueue& a = Add(4);
  EXPECT_EQ(round_robin_.Next(), &a);
  CfqTaskQueue& urgent = Add(0, IoPriorityClass::kRealTime);
  round_robin_.Resort(a, false);
  EXPECT_EQ(round_robin_.Next(), &urgent);
  round_robin_.Resort(urgent, false);
  EXPECT_EQ(round_robin_.Next(), &urgent) << "before the level of best effort";
}

TEST_F(CfqRoundRobinTest, WhoHasRequestsAtTheDriverWaits) {
  CfqTaskQueue& a = Add(4);
  CfqTaskQueue& b = Add(7);
  a.on_dispatch[true] = 1;
  round_robin_.Resort(a, false);
  EXPECT_EQ(round_robin_.Next(), &b);
  round_robin_.Remove(b);
  EXPECT_EQ(round_robin_.Next(), &a) << "there is nobody else";
}

TEST_F(CfqRoundRobinTest, TheIdleClassIsAskedForByName) {
  EXPECT_EQ(round_robin_.NextIdle(), nullptr);
  CfqTaskQueue& idle = Add(7, IoPriorityClass::kIdle);
  EXPECT_EQ(round_robin_.Next(), nullptr);
  EXPECT_EQ(round_robin_.NextIdle(), &idle);
  EXPECT_EQ(round_robin_.size(), 1u);
}

// The kernel means to put new queues in front, behind other new ones.
TEST_F(CfqRoundRobinTest, ANewQueueGoesBeforeTheLastNewOneOrToTheEnd) {
  CfqTaskQueue& old = Add(4);
  CfqTaskQueue& only = Add(4, IoPriorityClass::kBestEffort, true);
  EXPECT_EQ(round_robin_.Next(), &old) << "to the end";
  round_robin_.Remove(old);
  round_robin_.Remove(only);
  CfqTaskQueue& first = Add(4, IoPriorityClass::kBestEffort, true);
  CfqTaskQueue& second = Add(4, IoPriorityClass::kBestEffort, true);
  EXPECT_EQ(round_robin_.Next(), &second);
  round_robin_.Remove(second);
  EXPECT_EQ(round_robin_.Next(), &first);
}

TEST_F(CfqRoundRobinTest, OneMayBePutInFront) {
  Add(0);
  CfqTaskQueue& b = Add(7);
  round_robin_.MoveToFront(b);
  EXPECT_EQ(round_robin_.Next(), &b);
}

}  // namespace
}  // namespace biotope
