#ifndef BIOTOPE_LAYERS_AIO_KIOCTX_H_
#define BIOTOPE_LAYERS_AIO_KIOCTX_H_

#include <cstdint>
#include <vector>

#include "layers/aio/aio_rules.h"
#include "layers/aio/iocb.h"

namespace biotope {

// Events that the ring of io_setup(nr_events) has, one of them always free: the request, enlarged
// as the rule says, rounded up to whole pages, of which the first begins with a header.
uint64_t RingEvents(AioRules::Ring rule, uint64_t nr_events, uint32_t cpus);

// What io_setup(nr_events) would fail with because the number is too large, whatever others have:
// 0, EINVAL or EAGAIN.
int CheckNrEvents(const AioRules& rules, uint32_t nr_events, uint32_t cpus, uint32_t aio_max_nr);

// An asynchronous I/O context (struct kioctx): the ring of completed events, and the slots, one for
// each I/O from its submission until its event has been taken out of the ring. The slots are fewer
// than the ring's places, so that a completion always finds room.
// Models: fs/aio.c aio_setup_ring, aio_get_req, get_reqs_available, put_reqs_available,
// refill_reqs_available, aio_complete, aio_read_evt. Left out on purpose: pages, ring head moved by
// the program itself.
class Kioctx {
 public:
  Kioctx(const AioRules& rules, uint32_t nr_events, uint32_t cpus);

  uint32_t nr_events() const { return nr_events_; }    // as io_setup was asked
  uint32_t ring_events() const { return ring_size_; }  // ctx->nr_events of later kernels
  uint32_t in_ring() const { return in_ring_; }        // completed, not reaped
  uint32_t outstanding() const { return active_; }     // submitted, not completed

  // A slot for one more, on this CPU. False: EAGAIN.
  bool GetSlot(uint32_t cpu);
  // The I/O did not come about.
  void PutSlot(uint32_t cpu);
  // An I/O has ended; its event goes to the end of the ring.
  void Complete(const IoEvent& event);
  // The oldest event, which stays; in_ring() must not be 0.
  const IoEvent& Front() const { return ring_[head_]; }
  // Takes the oldest event out.
  void Pop();

 private:
  bool GetFromCpu(uint32_t cpu);
  void PutToCpu(uint32_t cpu, uint64_t slots);
  void Refill(uint32_t cpu);

  const AioRules::Ring rule_;
  const uint32_t nr_events_;
  const uint32_t ring_size_;
  std::vector<IoEvent> ring_;
  uint32_t head_ = 0;
  uint32_t in_ring_ = 0;
  uint32_t active_ = 0;

  // kPerCpuBatches.
  uint64_t batch_ = 1;               // req_batch
  uint64_t available_ = 0;           // reqs_available
  uint64_t completed_ = 0;           // completed_events: whose slots have not come back
  std::vector<uint64_t> cpu_slots_;  // kioctx_cpu.reqs_available
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_KIOCTX_H_
