#include "layers/aio/kioctx.h"

#include <algorithm>
#include <cerrno>

#include "sim/core/check.h"

namespace biotope {
namespace {

constexpr uint64_t kRingPage = 4096;
constexpr uint64_t kRingHeader = 32;  // sizeof(struct aio_ring)
constexpr uint64_t kEventSize = 32;   // sizeof(struct io_event)
constexpr uint64_t kMostBytes = 0x10000000;

// The number of events that the ring is made for.
uint64_t WantedEvents(AioRules::Ring rule, uint64_t nr_events, uint32_t cpus) {
  if (rule == AioRules::Ring::kExact) return nr_events;
  // Enough for a batch for each CPU, and twice, because half may lie with other CPUs.
  return std::max<uint64_t>(nr_events, uint64_t{4} * cpus) * 2;
}

}  // namespace

uint64_t RingEvents(AioRules::Ring rule, uint64_t nr_events, uint32_t cpus) {
  // Two more: one place stays free, and one for a reader that lags.
  const uint64_t events = WantedEvents(rule, nr_events, cpus) + 2;
  const uint64_t pages = (kRingHeader + kEventSize * events + kRingPage - 1) / kRingPage;
  return (kRingPage * pages - kRingHeader) / kEventSize;
}

int CheckNrEvents(const AioRules& rules, uint32_t nr_events, uint32_t cpus, uint32_t aio_max_nr) {
  if (static_cast<int32_t>(nr_events) == 0) return EINVAL;
  if (WantedEvents(rules.ring, nr_events, cpus) > kMostBytes / kEventSize) return EINVAL;
  if (rules.kiocb_size != 0 && nr_events > kMostBytes / rules.kiocb_size) return EINVAL;
  return nr_events > aio_max_nr ? EAGAIN : 0;
}

Kioctx::Kioctx(const AioRules& rules, uint32_t nr_events, uint32_t cpus)
    : rule_(rules.ring),
      nr_events_(nr_events),
      ring_size_(static_cast<uint32_t>(RingEvents(rules.ring, nr_events, cpus))),
      ring_(ring_size_),
      cpu_slots_(cpus) {
  available_ = ring_size_ - 1;
  batch_ = std::max<uint64_t>(1, available_ / (uint64_t{4} * cpus));
}

bool Kioctx::GetSlot(uint32_t cpu) {
  if (rule_ == AioRules::Ring::kExact) {
    if (active_ + in_ring_ >= ring_size_ - 1) return false;
  } else if (!GetFromCpu(cpu)) {
    Refill(cpu);
    if (!GetFromCpu(cpu)) return false;
  }
  ++active_;
  return true;
}

// get_reqs_available.
bool Kioctx::GetFromCpu(uint32_t cpu) {
  uint64_t& slots = cpu_slots_[cpu];
  if (slots == 0) {
    if (available_ < batch_) return false;
    available_ -= batch_;
    slots = batch_;
  }
  --slots;
  return true;
}

// put_reqs_available.
void Kioctx::PutToCpu(uint32_t cpu, uint64_t slots) {
  cpu_slots_[cpu] += slots;
  while (cpu_slots_[cpu] >= batch_ * 2) {
    cpu_slots_[cpu] -= batch_;
    available_ += batch_;
  }
}

// user_refill_reqs_available: the slots of events that have been reaped come back.
void Kioctx::Refill(uint32_t cpu) {
  const uint64_t reaped = completed_ - std::min<uint64_t>(completed_, in_ring_);
  completed_ -= reaped;
  PutToCpu(cpu, reaped);
}

void Kioctx::PutSlot(uint32_t cpu) {
  BIOTOPE_CHECK(active_ > 0, "a slot comes back that nobody has");
  --active_;
  if (rule_ == AioRules::Ring::kPerCpuBatches) PutToCpu(cpu, 1);
}

void Kioctx::Complete(const IoEvent& event) {
  BIOTOPE_CHECK(active_ > 0, "an event without an I/O");
  BIOTOPE_CHECK(in_ring_ < ring_size_ - 1, "the ring of {} events is full", ring_size_);
  ring_[(head_ + in_ring_) % ring_size_] = event;
  ++in_ring_;
  --active_;
  ++completed_;
}

void Kioctx::Pop() {
  BIOTOPE_CHECK(in_ring_ > 0, "the ring is empty");
  head_ = (head_ + 1) % ring_size_;
  --in_ring_;
}

}  // namespace biotope
