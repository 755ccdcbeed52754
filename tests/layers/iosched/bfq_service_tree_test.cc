#include "layers/iosched/bfq_service_tree.h"

#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <vector>

namespace biotope {
namespace {

constexpr Jiffies kIdleClassTimeout = 200;

class BfqServiceTreesTest : public testing::Test {
 protected:
  BfqQueue& Make(uint32_t weight, int64_t budget,
                 IoPriorityClass priority_class = IoPriorityClass::kBestEffort) {
    BfqQueue& queue = queues_.emplace_back();
    queue.priority_class = queue.new_ioprio.priority_class = priority_class;
    queue.entity.new_weight = queue.entity.orig_weight = queue.entity.weight = weight;
    queue.entity.budget = budget;
    return queue;
  }
  void Activate(BfqQueue& queue) { trees_.Activate(queue, now_); }
  // The queues that are always busy receive `slots` full budgets: how much each.
  std::map<const BfqQueue*, int64_t> Serve(int slots) { return Serve(trees_, slots); }
  std::map<const BfqQueue*, int64_t> Serve(BfqServiceTrees& trees, int slots) {
    std::map<const BfqQueue*, int64_t> service;
    for (int i = 0; i < slots; ++i) {
      BfqQueue& queue = trees.TakeNext(now_);
      service[&queue] += queue.entity.budget;
      trees.Served(queue, queue.entity.budget);
      trees.Requeue(queue, true, now_);
      trees.ResetInService();
    }
    return service;
  }
  void Expire(BfqQueue& queue, bool backlogged) {
    if (backlogged) {
      trees_.Requeue(queue, true, now_);
    } else {
      trees_.Deactivate(queue, true, now_);
    }
    trees_.ResetInService();
  }

  std::deque<BfqQueue> queues_;
  BfqServiceTrees trees_{kIdleClassTimeout};
  Jiffies now_ = 0;
};

TEST_F(BfqServiceTreesTest, ServiceIsSharedByWeightWhateverTheBudgets) {
  const struct {
    uint32_t weights[3];
    int64_t budgets[3];
  } cases[] = {{{40, 40, 40}, {100, 100, 100}},
               {{40, 40, 40}, {100, 300, 50}},
               {{10, 20, 80}, {100, 100, 100}},
               {{80, 20, 10}, {1000, 100, 37}},
               {{1, 1000, 40}, {64, 64, 64}}};
  for (const auto& c : cases) {
    BfqServiceTrees trees(kIdleClassTimeout);
    std::vector<BfqQueue*> queues;
    uint32_t sum = 0;
    for (int i = 0; i < 3; ++i) {
      queues.push_back(&Make(c.weights[i], c.budgets[i]));
      trees.Activate(*queues.back(), now_);
      sum += c.weights[i];
    }
    const auto service = Serve(trees, 20'000);
    int64_t total = 0;
    for (const auto& [queue, sectors] : service) total += sectors;
    for (size_t i = 0; i < 3; ++i) {
      const double share = static_cast<double>(service.at(queues[i])) / static_cast<double>(total);
      EXPECT_NEAR(share, double{1} * c.weights[i] / sum, 0.01) << c.weights[i];
      trees.Deactivate(*queues[i], false, now_);
    }
  }
}

TEST_F(BfqServiceTreesTest, OfEqualOnesTheEarlierGoesFirst) {
  BfqQueue& first = Make(40, 100);
  BfqQueue& second = Make(40, 100);
  Activate(first);
  Activate(second);
  EXPECT_EQ(&trees_.TakeNext(now_), &first);
}

TEST_F(BfqServiceTreesTest, ASmallBudgetIsServedSooner) {
  BfqQueue& large = Make(40, 1000);
  BfqQueue& small = Make(40, 100);
  Activate(large);
  Activate(small);
  EXPECT_EQ(&trees_.TakeNext(now_), &small);
}

TEST_F(BfqServiceTreesTest, HigherClassesGoFirst) {
  BfqQueue& idle = Make(40, 100, IoPriorityClass::kIdle);
  Activate(idle);
  Activate(Make(40, 100));
  EXPECT_EQ(Serve(3).count(&idle), 0u);
}

TEST_F(BfqServiceTreesTest, TheIdleClassDoesNotWaitForEver) {
  BfqQueue& idle = Make(40, 100, IoPriorityClass::kIdle);
  BfqQueue& best_effort = Make(40, 100);
  Activate(best_effort);
  Activate(idle);
  EXPECT_EQ(Serve(10).count(&idle), 0u);
  for (const Jiffies timeout : {kIdleClassTimeout, kIdleClassTimeout + 1}) {
    ASSERT_EQ(&trees_.TakeNext(now_), &best_effort);
    now_ = timeout;
    Expire(best_effort, true);
  }
  EXPECT_EQ(&trees_.TakeNext(now_), &idle);
}

// Who leaves with more than its share does not get more by coming back.
TEST_F(BfqServiceTreesTest, TheIdleTreeRemembers) {
  BfqQueue& steady = Make(40, 100);
  BfqQueue& returning = Make(40, 100);
  Activate(steady);
  int64_t served = 0, total = 0;
  for (int i = 0; i < 3000; ++i) {
    if (returning.entity.tree != BfqEntity::Tree::kActive) Activate(returning);
    BfqQueue& queue = trees_.TakeNext(now_);
    trees_.Served(queue, 100);
    total += 100;
    if (&queue == &returning) served += 100;
    Expire(queue, &queue == &steady);
  }
  EXPECT_NEAR(static_cast<double>(served) / static_cast<double>(total), 0.5, 0.01);
}

TEST_F(BfqServiceTreesTest, ANewWeightCountsFromTheNextActivation) {
  BfqQueue& queue = Make(40, 400);
  Activate(queue);
  queue.wr_coeff = 30;
  queue.entity.prio_changed = true;
  EXPECT_EQ(queue.entity.weight, 40u);
  trees_.TakeNext(now_);
  Expire(queue, true);
  EXPECT_EQ(queue.entity.weight, 1200u);
}

TEST_F(BfqServiceTreesTest, VariedWeightsDoNotMatterToTheSmallest) {
  BfqQueue& small = Make(10, 100);
  BfqQueue& large = Make(80, 100);
  trees_.CountWeight(small);
  EXPECT_FALSE(trees_.HasVariedWeights(small));
  trees_.CountWeight(large);
  EXPECT_FALSE(trees_.HasVariedWeights(small));
  EXPECT_TRUE(trees_.HasVariedWeights(large));
  trees_.UncountWeight(small);
  EXPECT_FALSE(trees_.HasVariedWeights(large));
}

TEST_F(BfqServiceTreesTest, TagsAreSharedByWeightAndClass) {
  BfqQueue& small = Make(20, 100);
  BfqQueue& large = Make(60, 100);
  BfqQueue& idle = Make(80, 100, IoPriorityClass::kIdle);
  EXPECT_EQ(trees_.ShareOf(small, 256), 256u) << "alone";
  for (BfqQueue* queue : {&small, &large, &idle}) Activate(*queue);
  EXPECT_EQ(trees_.ShareOf(small, 256), 64u);
  EXPECT_EQ(trees_.ShareOf(large, 256), 192u);
  EXPECT_EQ(trees_.ShareOf(idle, 256), 28u) << "80 of 8 * 80 + 80";
}

}  // namespace
}  // namespace biotope
