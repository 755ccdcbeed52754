#include "layers/iosched/kyber.h"

#include <algorithm>

#include "sim/core/check.h"

namespace biotope {
namespace {

// kyber_depth, kyber_batch_size.
constexpr uint32_t kReadDepth = 256;
constexpr uint32_t kWriteDepth = 128;
constexpr uint32_t kReadBatch = 16;
constexpr uint32_t kWriteBatch = 8;

constexpr uint32_t kAsyncPercent = 75;

}  // namespace

KyberScheduler::KyberScheduler(const KyberTunables& tunables, uint32_t hz)
    : clock_(hz),
      hz_(hz),
      domains_{Domain(kReadDepth, kReadBatch, tunables.read_lat_nsec),
               Domain(kWriteDepth, kWriteBatch, tunables.write_lat_nsec)} {}

// kyber_limit_depth: a quarter of the tags is for those that somebody waits for.
uint32_t KyberScheduler::LimitDepth(const NewRequest& request, uint32_t nr_requests) const {
  if (!request.write || request.sync) return nr_requests;
  return std::max(1u, nr_requests * kAsyncPercent / 100);
}

// -- The queues

SoftwareQueue& KyberScheduler::SoftwareQueueOf(Domain& domain, uint16_t cpu) {
  while (domain.software_queues.size() <= cpu) domain.software_queues.emplace_back();
  return domain.software_queues[cpu];
}

// kyber_bio_merge.
MergeCandidate KyberScheduler::FindMerge(const Bio& bio) {
  return SoftwareQueueOf(domains_[bio.write], bio.cpu).FindMerge(bio);
}

void KyberScheduler::MergedRequests(Request& survivor, Request& gone) {
  BIOTOPE_CHECK(false, "kyber does not merge requests ({} and {})", survivor.id, gone.id);
}

// kyber_insert_requests.
void KyberScheduler::Insert(Request& request, Tick /*now*/) {
  SoftwareQueueOf(domains_[request.write], request.cpu).requests.push_back(request);
}

void KyberScheduler::InsertAtHead(Request& request, Tick /*now*/) {
  SoftwareQueueOf(domains_[request.write], request.cpu).requests.push_front(request);
}

bool KyberScheduler::Domain::HasWork() const {
  const auto has_work = [](const SoftwareQueue& queue) { return !queue.requests.empty(); };
  return !flushed.empty() || std::ranges::any_of(software_queues, has_work);
}

bool KyberScheduler::HasWork() const {
  return domains_[false].HasWork() || domains_[true].HasWork();
}

// -- Choosing

// kyber_dispatch_request: goes on with the batch, or starts one of the next domain that has a
// request and a token.
Request* KyberScheduler::Dispatch(Tick now) {
  RunTimer(now);
  if (batching_ < domains_[current_].batch_size) {
    if (Request* request = DispatchFromCurrent(now)) return request;
  }
  batching_ = 0;
  for (size_t i = 0; i < domains_.size(); ++i) {
    current_ = !current_;
    if (Request* request = DispatchFromCurrent(now)) return request;
  }
  return nullptr;
}

// kyber_dispatch_cur_domain: requests leave their software queues, where they may grow, only when
// there is a token for one of them.
Request* KyberScheduler::DispatchFromCurrent(Tick now) {
  Domain& domain = domains_[current_];
  if (!domain.HasWork() || domain.in_flight >= domain.depth) return nullptr;
  if (domain.flushed.empty()) {
    for (SoftwareQueue& queue : domain.software_queues) queue.MoveTo(domain.flushed);
  }
  Request& request = domain.flushed.front();
  domain.flushed.pop_front();
  ++domain.in_flight;
  ++batching_;
  if (dispatched_.size() <= request.slot) dispatched_.resize(request.slot + 1);
  dispatched_[request.slot] = now;
  return &request;
}

// -- Latencies

// kyber_completed_request and kyber_finish_request.
void KyberScheduler::Completed(const Request& request, Tick now) {
  RunTimer(now);
  Domain& domain = domains_[request.write];
  --domain.in_flight;
  const Tick io_time = now - dispatched_[request.slot];
  domain.latency.Add(KyberLatency::kTotal, (now - request.start_time) / kNanosecond);
  domain.latency.Add(KyberLatency::kIo, io_time / kNanosecond);
  const uint64_t expires = clock_.Jiffies(now) + hz_ / 10;
  timer_ = std::min(timer_.value_or(expires), expires);
}

// The timer, if its date has passed. What it does depends on completions alone, and nothing waits
// for it; so it need not run before somebody asks.
void KyberScheduler::RunTimer(Tick now) {
  if (!timer_ || clock_.Jiffies(now) < *timer_) return;
  AdjustDepths(*timer_);
  timer_.reset();
}

// kyber_timer_fn. The device is congested if one request of ten takes longer than it should from
// dispatch to completion. Then domains that do well are throttled, in proportion to how well;
// domains that do badly get more tokens in any case.
void KyberScheduler::AdjustDepths(uint64_t jiffies) {
  bool congested = false;
  for (Domain& domain : domains_) {
    const auto p90 = domain.latency.Percentile(KyberLatency::kIo, 90, jiffies, hz_);
    if (p90 && *p90 >= KyberLatency::kGoodBuckets) congested = true;
  }
  for (Domain& domain : domains_) {
    const auto p99 = domain.latency.TotalP99(congested, jiffies, hz_);
    if (!p99 || !(congested || *p99 >= KyberLatency::kGoodBuckets)) continue;
    const uint32_t depth = domain.depth * (*p99 + 1) >> KyberLatency::kShift;
    domain.depth = std::clamp(depth, 1u, domain.max_depth);
  }
}

}  // namespace biotope
