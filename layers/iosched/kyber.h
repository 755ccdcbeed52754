#ifndef BIOTOPE_LAYERS_IOSCHED_KYBER_H_
#define BIOTOPE_LAYERS_IOSCHED_KYBER_H_

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/jiffy_clock.h"
#include "layers/iosched/kyber_latency.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/software_queue.h"

namespace biotope {

// /sys/block/*/queue/iosched/ of kyber, with the kernel's defaults: how long a request should take.
struct KyberTunables {
  uint64_t read_lat_nsec = 2'000'000;
  uint64_t write_lat_nsec = 10'000'000;
};

// Models: block/kyber-iosched.c (Linux 6.18). Left out on purpose: the domains of discards and of
// other operations, of which there are none here; several hardware queues; which token of a domain
// a request has (a domain that shrinks gives out no token until fewer are out than it now has; the
// kernel's may, when a low one happens to be free); the coarseness of the timer wheel.
//
// Kyber does not sort. Reads and writes are two domains with a number of tokens each; a request
// goes to the driver only with one. When requests of a domain take too long, the domain gets more
// tokens, and if the device is the reason, those that do well get fewer.
class KyberScheduler : public IoScheduler {
 public:
  // `hz`: timer interrupts per second.
  KyberScheduler(const KyberTunables& tunables, uint32_t hz);

  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& /*request*/, MergeKind /*kind*/) override {}
  // No neighbours: bios join requests, but requests do not join each other.
  Request* Former(Request& /*request*/) override { return nullptr; }
  Request* Latter(Request& /*request*/) override { return nullptr; }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  void Completed(const Request& request, Tick now) override;
  bool HasWork() const override;

  uint32_t LimitDepth(const NewRequest& request, uint32_t nr_requests) const override;
  void InsertAtHead(Request& request, Tick now) override;

  // Requests of this direction that may be in flight now.
  uint32_t depth(bool write) const { return domains_[write].depth; }

 private:
  // The requests of one direction.
  struct Domain {
    Domain(uint32_t all_tokens, uint32_t batch, uint64_t target_ns)
        : max_depth(all_tokens), batch_size(batch), depth(all_tokens), latency(target_ns) {}

    const uint32_t max_depth;
    const uint32_t batch_size;
    uint32_t depth;  // tokens
    uint32_t in_flight = 0;
    KyberLatency latency;
    std::deque<SoftwareQueue> software_queues;  // by CPU: may still grow
    RequestFifo flushed;                        // go to the driver in this order

    bool HasWork() const;
  };

  SoftwareQueue& SoftwareQueueOf(Domain& domain, uint16_t cpu);
  Request* DispatchFromCurrent(Tick now);
  void RunTimer(Tick now);
  void AdjustDepths(uint64_t jiffies);

  const JiffyClock clock_;
  const uint32_t hz_;
  std::array<Domain, 2> domains_;  // by Request::write
  std::vector<Tick> dispatched_;   // when, by slot
  bool current_ = false;           // cur_domain: that of writes
  uint32_t batching_ = 0;
  std::optional<uint64_t> timer_;  // jiffies
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_KYBER_H_
