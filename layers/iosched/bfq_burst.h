#ifndef BIOTOPE_LAYERS_IOSCHED_BFQ_BURST_H_
#define BIOTOPE_LAYERS_IOSCHED_BFQ_BURST_H_

#include <cstddef>
#include <vector>

#include "layers/iosched/bfq_queue.h"

namespace biotope {

// Many processes that begin together, as those of a parallel program, are not to be preferred to
// each other: their queues are in a large burst, and their weights are not raised.
// Models: bfq_handle_burst, bfq_reset_burst_list, bfq_add_to_burst (block/bfq-iosched.c,
// Linux 6.18). Left out on purpose: processes that end, groups.
class BfqBurst {
 public:
  // `interval`: queues that are created no later after each other than so many jiffies belong
  // together.
  explicit BfqBurst(Jiffies interval) : interval_(interval) {}

  // A queue has just been created; `others_busy`: some other one has requests.
  void Created(BfqQueue& queue, bool others_busy, Jiffies now);

  // The queue has been idle for so long that the burst does not matter to it any more.
  void Forget(BfqQueue& queue);

 private:
  static constexpr size_t kLarge = 8;

  void Reset(BfqQueue& queue, bool others_busy);
  void Add(BfqQueue& queue);

  const Jiffies interval_;
  std::vector<BfqQueue*> queues_;  // as long as it is not large
  size_t size_ = 0;
  bool large_ = false;
  Jiffies last_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_BFQ_BURST_H_
