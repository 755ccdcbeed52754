#include "layers/driver/nvme_queue_pair.h"

#include "sim/core/check.h"

namespace biotope {

NvmeQueuePair::NvmeQueuePair(uint16_t size) : size_(size), sq_(size), cq_(size) {
  BIOTOPE_CHECK(size >= 2, "an NVMe queue of {} entries", size);
}

void NvmeQueuePair::WriteSqDoorbell() {
  sq_doorbell_ = sq_tail_;
  ++sq_doorbell_writes_;
}

bool NvmeQueuePair::Submit(uint16_t command, bool last) {
  BIOTOPE_CHECK(!sq_full(), "the submission queue has no room for command {}", command);
  sq_[sq_tail_] = command;
  sq_tail_ = Next(sq_tail_);
  if (!last && Next(sq_tail_) != sq_doorbell_) return false;
  WriteSqDoorbell();
  return true;
}

bool NvmeQueuePair::Commit() {
  if (sq_tail_ == sq_doorbell_) return false;
  WriteSqDoorbell();
  return true;
}

uint16_t NvmeQueuePair::Fetch() {
  BIOTOPE_CHECK(pending() > 0, "nothing was announced");
  const uint16_t command = sq_[sq_head_];
  sq_head_ = Next(sq_head_);
  return command;
}

void NvmeQueuePair::Post(uint16_t command) {
  BIOTOPE_CHECK(!cq_full(), "the completion queue has no room for command {}", command);
  cq_[cq_tail_] = {.command = command, .sq_head = sq_head_, .phase = post_phase_};
  cq_tail_ = Next(cq_tail_);
  if (cq_tail_ == 0) post_phase_ = !post_phase_;
}

size_t NvmeQueuePair::Reap(std::span<uint16_t> commands) {
  size_t count = 0;
  while (count < commands.size() && cq_[cq_head_].phase == cq_phase_) {
    commands[count++] = cq_[cq_head_].command;
    sq_head_seen_ = cq_[cq_head_].sq_head;
    cq_head_ = Next(cq_head_);
    if (cq_head_ == 0) cq_phase_ = !cq_phase_;
  }
  if (count > 0) {
    cq_doorbell_ = cq_head_;
    ++cq_doorbell_writes_;
  }
  return count;
}

NvmeInterruptCoalescing::NvmeInterruptCoalescing(uint8_t threshold, uint8_t time)
    : entries_(uint32_t{threshold} + 1), time_(100 * kMicrosecond * time) {}

bool NvmeInterruptCoalescing::Posted(Tick now) {
  ++waiting_;
  if (waiting_ >= entries_ || time_ == Tick(0)) {
    Raise();
    return true;
  }
  if (waiting_ == 1) deadline_ = now + time_;
  return false;
}

void NvmeInterruptCoalescing::Raise() {
  waiting_ = 0;
  deadline_ = kNever;
}

}  // namespace biotope
