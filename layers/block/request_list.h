#ifndef BIOTOPE_LAYERS_BLOCK_REQUEST_LIST_H_
#define BIOTOPE_LAYERS_BLOCK_REQUEST_LIST_H_

#include <array>
#include <cstdint>
#include <vector>

namespace biotope {

// How many requests a queue may have, and who may have one: the accounting of struct request_list.
// Models: drivers/block/ll_rw_blk.c get_request, freed_request, ioc_batching (Linux 2.6.11).
// Left out on purpose: the elevator's veto (may_queue), the reserve of the memory pool.
//
// Each direction has nr_requests. When it is full, tasks wait; the one that is woken, or that
// filled it, is a "batcher" for a moment: it may take a batch of requests beyond the limit, so that
// its requests come in a row.
class RequestList {
 public:
  struct Limits {
    uint32_t nr_requests = 128;
    uint32_t nr_batching = 32;    // requests of a batch (BLK_BATCH_REQ)
    uint64_t batch_jiffies = 20;  // and its longest duration (BLK_BATCH_TIME = HZ/50)
  };
  enum Direction { kRead = 0, kWrite = 1 };

  explicit RequestList(const Limits& limits);

  // Takes a request for `task` if it may have one.
  bool TryGet(Direction direction, uint16_t task, uint64_t jiffies);

  // Gives one back. True: one waiter of that direction may be woken.
  bool Put(Direction direction);

  // The task has waited for a request: it may now take a batch (ioc_set_batching).
  void SetBatching(uint16_t task, uint64_t jiffies);

  uint32_t count(Direction direction) const { return count_[direction]; }
  uint32_t total() const { return count_[kRead] + count_[kWrite]; }
  // Drives bdi_read_congested and bdi_write_congested.
  bool congested(Direction direction) const { return congested_[direction]; }

  // 7/8 of nr_requests switch congestion on, 13/16 switch it off.
  uint32_t congestion_on() const { return limits_.nr_requests - limits_.nr_requests / 8 + 1; }
  uint32_t congestion_off() const;

 private:
  struct IoContext {
    uint32_t batch_left = 0;
    uint64_t last_waited = 0;
  };

  bool IsBatching(const IoContext& context, uint64_t jiffies) const;
  IoContext& ContextOf(uint16_t task);

  const Limits limits_;
  std::array<uint32_t, 2> count_{};
  std::array<bool, 2> full_{};
  std::array<bool, 2> congested_{};
  std::vector<IoContext> contexts_;  // by task
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_REQUEST_LIST_H_
