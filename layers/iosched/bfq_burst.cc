#include "layers/iosched/bfq_burst.h"

namespace biotope {

void BfqBurst::Created(BfqQueue& queue, bool others_busy, Jiffies now) {
  if (size_ == 0 && others_busy) return;
  if (queue.in_burst_list || queue.in_large_burst) return;
  if (last_ + interval_ < now) {
    large_ = false;
    Reset(queue, others_busy);
  } else if (large_) {
    queue.in_large_burst = true;
  } else {
    Add(queue);
  }
  last_ = now;
}

// bfq_reset_burst_list: the burst is over. While others are busy no new one begins.
void BfqBurst::Reset(BfqQueue& queue, bool others_busy) {
  for (BfqQueue* member : queues_) member->in_burst_list = false;
  queues_.clear();
  size_ = 0;
  if (!others_busy) Add(queue);
}

// bfq_add_to_burst.
void BfqBurst::Add(BfqQueue& queue) {
  queues_.push_back(&queue);
  queue.in_burst_list = true;
  if (++size_ < kLarge) return;
  large_ = true;
  for (BfqQueue* member : queues_) {
    member->in_burst_list = false;
    member->in_large_burst = true;
  }
  queues_.clear();
}

void BfqBurst::Forget(BfqQueue& queue) {
  if (queue.in_burst_list) std::erase(queues_, &queue);
  queue.in_burst_list = false;
  queue.in_large_burst = false;
}

}  // namespace biotope
