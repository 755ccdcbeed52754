#include "layers/iosched/bfq_service_tree.h"

#include "sim/core/check.h"

namespace biotope {
namespace {

constexpr int kServiceShift = 22;

// bfq_delta: how far virtual time goes when a queue, or all of them together, receive `sectors`.
uint64_t Delta(int64_t sectors, uint64_t weight) {
  return (static_cast<uint64_t>(sectors) << kServiceShift) / weight;
}

// bfq_gt.
bool IsAfter(uint64_t a, uint64_t b) { return static_cast<int64_t>(a - b) > 0; }

void SetFinish(BfqEntity& entity, int64_t sectors) {
  entity.finish = entity.start + Delta(sectors, entity.weight);
}

}  // namespace

size_t BfqServiceTrees::IndexOf(const BfqQueue& queue) {
  switch (queue.priority_class) {
    case IoPriorityClass::kRealTime:
      return 0;
    case IoPriorityClass::kNone:
    case IoPriorityClass::kBestEffort:
      return 1;
    case IoPriorityClass::kIdle:
      return 2;
  }
  BIOTOPE_CHECK(false, "no I/O priority class {}", static_cast<int>(queue.priority_class));
}

// -- Into the trees and out of them

void BfqServiceTrees::Activate(BfqQueue& queue, Jiffies now) {
  if (&queue == in_service_ || queue.entity.tree == BfqEntity::Tree::kActive) {
    RequeueActive(queue);
  } else {
    ActivateIdle(queue);
  }
  queue.non_blocking_wait_rq = false;
  UpdateNextInService(&queue, false, now);
}

// __bfq_activate_entity. Who was expired while it waited for its process, and is back soon, goes on
// as if it had never been away.
void BfqServiceTrees::ActivateIdle(BfqQueue& queue) {
  BfqEntity& entity = queue.entity;
  ServiceTree& tree = TreeOf(queue);
  const bool backshifted = queue.non_blocking_wait_rq && IsAfter(tree.vtime, entity.finish);
  const uint64_t earliest = backshifted ? entity.finish : tree.vtime;
  if (entity.tree == BfqEntity::Tree::kIdle) {
    Extract(queue);
    entity.start = IsAfter(earliest, entity.finish) ? earliest : entity.finish;
  } else {
    entity.start = earliest;
    tree.wsum += entity.weight;
    entity.on_service_tree = true;
  }
  EnqueueActive(queue, backshifted);
}

// __bfq_requeue_entity: who was in service starts where its service has ended.
void BfqServiceTrees::RequeueActive(BfqQueue& queue) {
  BfqEntity& entity = queue.entity;
  if (&queue == in_service_) {
    SetFinish(entity, entity.service);
    entity.start = entity.finish;
  } else {
    Extract(queue);
  }
  EnqueueActive(queue, false);
}

// bfq_update_fin_time_enqueue. Timestamps of the past are moved up until they end now, those of a
// raised queue by less.
void BfqServiceTrees::EnqueueActive(BfqQueue& queue, bool backshifted) {
  UpdateWeight(queue, true);
  BfqEntity& entity = queue.entity;
  ServiceTree& tree = TreeOf(queue);
  SetFinish(entity, entity.budget);
  if (backshifted && IsAfter(tree.vtime, entity.finish)) {
    const uint64_t delta = (tree.vtime - entity.finish) / queue.wr_coeff;
    entity.start += delta;
    entity.finish += delta;
  }
  tree.active.insert(queue);
  entity.tree = BfqEntity::Tree::kActive;
}

void BfqServiceTrees::Requeue(BfqQueue& queue, bool expiration, Jiffies now) {
  RequeueActive(queue);
  UpdateNextInService(&queue, expiration, now);
}

// bfq_deactivate_entity.
void BfqServiceTrees::Deactivate(BfqQueue& queue, bool expiration, Jiffies now) {
  BfqEntity& entity = queue.entity;
  if (!entity.on_service_tree) return;
  if (&queue == in_service_) {
    SetFinish(entity, entity.service);
    in_service_ = nullptr;
  } else {
    Extract(queue);
  }
  ServiceTree& tree = TreeOf(queue);
  if (IsAfter(entity.finish, tree.vtime)) {
    tree.idle.insert(queue);
    entity.tree = BfqEntity::Tree::kIdle;
  } else {
    Forget(queue);
  }
  if (next_in_service_ == &queue) UpdateNextInService(nullptr, expiration, now);
}

void BfqServiceTrees::Extract(BfqQueue& queue) {
  ServiceTree& tree = TreeOf(queue);
  Tree& from = queue.entity.tree == BfqEntity::Tree::kActive ? tree.active : tree.idle;
  from.erase(from.iterator_to(queue));
  queue.entity.tree = BfqEntity::Tree::kNone;
}

// bfq_forget_entity.
void BfqServiceTrees::Forget(BfqQueue& queue) {
  queue.entity.on_service_tree = false;
  TreeOf(queue).wsum -= queue.entity.weight;
}

// bfq_forget_idle: one queue at a time.
void BfqServiceTrees::ForgetIdle(ServiceTree& tree) {
  if (tree.idle.empty()) return;
  const uint64_t last_finish = tree.idle.rbegin()->entity.finish;
  if (tree.active.empty() && !IsAfter(last_finish, tree.vtime)) tree.vtime = last_finish;
  BfqQueue& first = *tree.idle.begin();
  if (IsAfter(first.entity.finish, tree.vtime)) return;
  tree.idle.erase(tree.idle.begin());
  first.entity.tree = BfqEntity::Tree::kNone;
  first.entity.on_service_tree = false;
  tree.wsum -= first.entity.weight;
}

// -- Who is next

// bfq_update_next_in_service: `changed` has new timestamps.
void BfqServiceTrees::UpdateNextInService(BfqQueue* changed, bool expiration, Jiffies now) {
  if (changed != nullptr && changed != next_in_service_) {
    if (next_in_service_ == nullptr ||
        (IndexOf(*changed) == IndexOf(*next_in_service_) &&
         !IsAfter(changed->entity.start, TreeOf(*changed).vtime) &&
         IsAfter(next_in_service_->entity.finish, changed->entity.finish))) {
      next_in_service_ = changed;
      return;
    }
  }
  next_in_service_ = LookUpNext(in_service_ != nullptr && !expiration, now);
}

// bfq_lookup_next_entity: the highest class, but now and then the idle one.
BfqQueue* BfqServiceTrees::LookUpNext(bool in_service, Jiffies now) {
  size_t index = 0;
  if (idle_class_last_service_ + idle_class_timeout_ < now) {
    if (!trees_.back().active.empty()) index = kNrClasses - 1;
    idle_class_last_service_ = now;
  }
  for (; index < kNrClasses; ++index) {
    if (BfqQueue* queue = FirstEligible(trees_[index], in_service)) return queue;
  }
  return nullptr;
}

// __bfq_lookup_next_entity: of those that have started in virtual time, the one that ends first. If
// none has, virtual time jumps to the first start; it really does if nobody is in service.
BfqQueue* BfqServiceTrees::FirstEligible(ServiceTree& tree, bool in_service) {
  if (tree.active.empty()) return nullptr;
  uint64_t first_start = tree.active.begin()->entity.start;
  for (const BfqQueue& queue : tree.active) {
    if (IsAfter(first_start, queue.entity.start)) first_start = queue.entity.start;
  }
  const uint64_t vtime = IsAfter(first_start, tree.vtime) ? first_start : tree.vtime;
  if (!in_service && vtime > tree.vtime) {
    tree.vtime = vtime;
    ForgetIdle(tree);
  }
  for (BfqQueue& queue : tree.active) {
    if (!IsAfter(queue.entity.start, vtime)) return &queue;
  }
  return nullptr;
}

BfqQueue& BfqServiceTrees::TakeNext(Jiffies now) {
  BIOTOPE_CHECK(next_in_service_ != nullptr && in_service_ == nullptr, "no queue to serve");
  BfqQueue& queue = *next_in_service_;
  in_service_ = &queue;
  queue.entity.service = 0;
  Extract(queue);
  next_in_service_ = LookUpNext(true, now);
  return queue;
}

void BfqServiceTrees::Served(BfqQueue& queue, int64_t sectors) {
  if (queue.is_raised()) queue.service_from_wr += static_cast<uint64_t>(sectors);
  queue.service_from_backlogged += static_cast<uint64_t>(sectors);
  queue.entity.service += sectors;
  ServiceTree& tree = TreeOf(queue);
  tree.vtime += Delta(sectors, tree.wsum);
  ForgetIdle(tree);
}

// -- Weights

void BfqServiceTrees::UpdateWeight(BfqQueue& queue, bool class_too) {
  BfqEntity& entity = queue.entity;
  if (!entity.prio_changed) return;
  ServiceTree& old_tree = TreeOf(queue);
  old_tree.wsum -= entity.weight;
  entity.orig_weight = entity.new_weight;
  if (class_too) queue.priority_class = queue.new_ioprio.priority_class;
  entity.prio_changed = queue.priority_class != queue.new_ioprio.priority_class;

  const uint32_t weight = entity.orig_weight * queue.wr_coeff;
  const bool changed = weight != entity.weight;
  if (changed) UncountWeight(queue);
  entity.weight = weight;
  if (changed && !queue.is_raised()) CountWeight(queue);
  ServiceTree& new_tree = TreeOf(queue);
  new_tree.wsum += entity.weight;
  if (&new_tree != &old_tree) entity.start = new_tree.vtime;
}

void BfqServiceTrees::CountWeight(BfqQueue& queue) {
  if (queue.counted_weight) return;
  queue.counted_weight = queue.entity.weight;
  ++weight_counts_[queue.entity.weight];
}

void BfqServiceTrees::UncountWeight(BfqQueue& queue) {
  if (!queue.counted_weight) return;
  const auto count = weight_counts_.find(*queue.counted_weight);
  if (--count->second == 0) weight_counts_.erase(count);
  queue.counted_weight.reset();
}

bool BfqServiceTrees::HasVariedWeights(const BfqQueue& queue) const {
  if (weight_counts_.size() < 2) return false;
  return queue.counted_weight != weight_counts_.begin()->first;
}

uint64_t BfqServiceTrees::ShareOf(const BfqQueue& queue, uint64_t limit) const {
  if (!queue.entity.on_service_tree) return limit;
  uint64_t wsum = 0;
  for (size_t index = 0; index <= IndexOf(queue); ++index) {
    wsum = wsum * kIoPriorityLevels + trees_[index].wsum;
  }
  return wsum == 0 ? limit : (limit * queue.entity.weight + wsum / 2) / wsum;
}

}  // namespace biotope
