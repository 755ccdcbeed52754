#include "layers/iosched/none.h"

#include <algorithm>

#include "sim/core/check.h"

namespace biotope {

SoftwareQueue& NoneScheduler::QueueOf(uint16_t cpu) {
  while (software_queues_.size() <= cpu) software_queues_.emplace_back();
  return software_queues_[cpu];
}

MergeCandidate NoneScheduler::FindMerge(const Bio& bio) { return QueueOf(bio.cpu).FindMerge(bio); }

void NoneScheduler::MergedRequests(Request& survivor, Request& gone) {
  BIOTOPE_CHECK(false, "requests {} and {} have been merged without a scheduler", survivor.id,
                gone.id);
}

void NoneScheduler::Insert(Request& request, Tick /*now*/) {
  QueueOf(request.cpu).requests.push_back(request);
}

void NoneScheduler::InsertAtHead(Request& request, Tick /*now*/) {
  QueueOf(request.cpu).requests.push_front(request);
}

Request* NoneScheduler::Dispatch(Tick /*now*/) {
  if (flushed_.empty() && dispatch_busy_) return DequeueNext();
  if (flushed_.empty()) FlushAll();
  if (flushed_.empty()) return nullptr;
  Request& request = flushed_.front();
  flushed_.pop_front();
  return &request;
}

// blk_mq_flush_busy_ctxs.
void NoneScheduler::FlushAll() {
  for (SoftwareQueue& queue : software_queues_) queue.MoveTo(flushed_);
}

// blk_mq_do_dispatch_ctx: the next queue from dispatch_from on that has a request.
Request* NoneScheduler::DequeueNext() {
  for (size_t i = 0; i < software_queues_.size(); ++i) {
    const size_t cpu = (dispatch_from_ + i) % software_queues_.size();
    RequestFifo& requests = software_queues_[cpu].requests;
    if (requests.empty()) continue;
    Request& request = requests.front();
    requests.pop_front();
    dispatch_from_ = cpu + 1;
    return &request;
  }
  return nullptr;
}

bool NoneScheduler::HasWork() const {
  const auto has_work = [](const SoftwareQueue& queue) { return !queue.requests.empty(); };
  return !flushed_.empty() || std::ranges::any_of(software_queues_, has_work);
}

}  // namespace biotope
