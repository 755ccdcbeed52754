#ifndef BIOTOPE_LAYERS_DRIVER_NVME_QUEUE_PAIR_H_
#define BIOTOPE_LAYERS_DRIVER_NVME_QUEUE_PAIR_H_

// Models a submission and completion queue of Linux 6.8, drivers/nvme/host/pci.c: nvme_sq_copy_cmd,
// nvme_write_sq_db, nvme_commit_rqs, nvme_poll_cq, and the device's side of the rings (NVM
// Express 1.4, sections 4.1 and 4.6). Both queues have the same size.
//
// Left out on purpose: what is in an entry beside the command's identifier, the lock, shadow
// doorbells, and the admin queue.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

class NvmeQueuePair {
 public:
  // `size` entries, at least 2: io_queue_depth + 1 at most what the device allows.
  explicit NvmeQueuePair(uint16_t size);

  // -- The driver.

  // Commands that can be outstanding: one entry stays empty, so that full and empty differ.
  uint16_t depth() const { return static_cast<uint16_t>(size_ - 1); }
  // Puts a command into the submission queue, which has room. Returns whether the doorbell was
  // written: it is when the command is the `last` of its batch, or when the ring would overrun the
  // entries that the device does not know of.
  bool Submit(uint16_t command, bool last);
  // The batch has ended without a last one. Returns whether the doorbell was written.
  bool Commit();
  // The interrupt handler: takes finished commands while the phase bit says that entries are new,
  // and writes the completion doorbell once if there were any.
  size_t Reap(std::span<uint16_t> commands);
  bool sq_full() const { return Next(sq_tail_) == sq_head_seen_; }

  // -- The device.

  // Entries that the doorbell has announced and that were not fetched.
  uint16_t pending() const { return Distance(sq_head_, sq_doorbell_); }
  // Fetches the next of them.
  uint16_t Fetch();
  // No room for a completion entry until the driver has reaped.
  bool cq_full() const { return Next(cq_tail_) == cq_doorbell_; }
  // Posts a completion entry; it tells how far the submission queue was fetched.
  void Post(uint16_t command);

  uint64_t sq_doorbell_writes() const { return sq_doorbell_writes_; }
  uint64_t cq_doorbell_writes() const { return cq_doorbell_writes_; }

 private:
  struct CompletionEntry {
    uint16_t command = 0;
    uint16_t sq_head = 0;
    bool phase = false;
  };

  uint16_t Next(uint16_t index) const {
    return index + 1 == size_ ? uint16_t{0} : static_cast<uint16_t>(index + 1);
  }
  uint16_t Distance(uint16_t from, uint16_t to) const {
    return static_cast<uint16_t>(to >= from ? to - from : to + size_ - from);
  }
  void WriteSqDoorbell();

  const uint16_t size_;
  std::vector<uint16_t> sq_;
  std::vector<CompletionEntry> cq_;
  // The driver's.
  uint16_t sq_tail_ = 0;
  uint16_t sq_head_seen_ = 0;  // as the last completion entry told
  uint16_t cq_head_ = 0;
  bool cq_phase_ = true;
  // The registers.
  uint16_t sq_doorbell_ = 0;  // last_sq_tail
  uint16_t cq_doorbell_ = 0;
  // The device's.
  uint16_t sq_head_ = 0;
  uint16_t cq_tail_ = 0;
  bool post_phase_ = true;
  uint64_t sq_doorbell_writes_ = 0;
  uint64_t cq_doorbell_writes_ = 0;
};

// When a completion queue's interrupt is raised (NVM Express 1.4, section 5.21.1.8, feature 08h):
// when so many entries have been posted since the last one, or when the first of them has waited so
// long. Linux leaves the feature at its reset value, which delays nothing.
class NvmeInterruptCoalescing {
 public:
  // `threshold` as in the feature, 0-based; `time` in its units of 100 us. Time 0: no delay.
  NvmeInterruptCoalescing(uint8_t threshold, uint8_t time);

  // An entry was posted. Returns whether the interrupt is raised now.
  bool Posted(Tick now);
  // When it is raised if nothing more is posted; kNever if none is due.
  Tick deadline() const { return deadline_; }
  // The deadline is there: the interrupt is raised.
  void Raise();

 private:
  const uint32_t entries_;
  const Tick time_;
  uint32_t waiting_ = 0;
  Tick deadline_ = kNever;
};

// The queue of a CPU if there are fewer queues than CPUs, or as many: neighbours share one.
constexpr uint32_t NvmeQueueOfCpu(uint32_t cpu, uint32_t nr_cpus, uint32_t nr_queues) {
  return nr_queues >= nr_cpus ? cpu : cpu * nr_queues / nr_cpus;
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DRIVER_NVME_QUEUE_PAIR_H_
