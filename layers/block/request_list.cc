#include "layers/block/request_list.h"

#include "sim/core/check.h"

namespace biotope {

RequestList::RequestList(const Limits& limits) : limits_(limits) {}

uint32_t RequestList::congestion_off() const {
  const uint32_t off = limits_.nr_requests - limits_.nr_requests / 8 - limits_.nr_requests / 16;
  return off > 0 ? off - 1 : 0;
}

RequestList::IoContext& RequestList::ContextOf(uint16_t task) {
  if (task >= contexts_.size()) contexts_.resize(task + 1u);
  return contexts_[task];
}

bool RequestList::IsBatching(const IoContext& context, uint64_t jiffies) const {
  if (context.batch_left == limits_.nr_batching) return true;
  return context.batch_left > 0 && jiffies < context.last_waited + limits_.batch_jiffies;
}

void RequestList::SetBatching(uint16_t task, uint64_t jiffies) {
  IoContext& context = ContextOf(task);
  if (IsBatching(context, jiffies)) return;
  context.batch_left = limits_.nr_batching;
  context.last_waited = jiffies;
}

bool RequestList::TryGet(Direction direction, uint16_t task, uint64_t jiffies) {
  if (count_[direction] + 1 >= limits_.nr_requests && !full_[direction]) {
    // This one fills the direction. Its task may go on for a batch; the others will wait.
    SetBatching(task, jiffies);
    full_[direction] = true;
  }
  IoContext& context = ContextOf(task);
  if (full_[direction] && !IsBatching(context, jiffies)) return false;
  ++count_[direction];
  if (count_[direction] >= congestion_on()) congested_[direction] = true;
  if (IsBatching(context, jiffies)) --context.batch_left;
  return true;
}

bool RequestList::Put(Direction direction) {
  BIOTOPE_CHECK(count_[direction] > 0, "more requests freed than allocated");
  --count_[direction];
  if (count_[direction] < congestion_off()) congested_[direction] = false;
  if (count_[direction] + 1 > limits_.nr_requests) return false;
  full_[direction] = false;
  return true;
}

}  // namespace biotope
