#include "layers/iosched/mq_deadline.h"

#include <algorithm>

#include "layers/iosched/try_merge.h"
#include "sim/core/check.h"

namespace biotope {

MqDeadlineScheduler::MqDeadlineScheduler(const MqDeadlineTunables& tunables, uint32_t hz)
    : tunables_(tunables),
      clock_(hz),
      prio_aging_expire_(static_cast<int64_t>(clock_.FromMs(tunables.prio_aging_expire_ms))),
      fifo_expire_{static_cast<int64_t>(clock_.FromMs(tunables.read_expire_ms)),
                   static_cast<int64_t>(clock_.FromMs(tunables.write_expire_ms))} {}

// ioprio_class_to_prio.
MqDeadlineScheduler::PriorityIndex MqDeadlineScheduler::IndexOf(const IoPriority& ioprio) {
  switch (ioprio.priority_class) {
    case IoPriorityClass::kRealTime:
      return kRealTime;
    case IoPriorityClass::kNone:
    case IoPriorityClass::kBestEffort:
      return kBestEffort;
    case IoPriorityClass::kIdle:
      return kIdle;
  }
  BIOTOPE_CHECK(false, "no I/O priority class {}", static_cast<int>(ioprio.priority_class));
}

// dd_limit_depth: writes must not keep reads from getting a tag, synchronous ones neither.
uint32_t MqDeadlineScheduler::LimitDepth(const NewRequest& request, uint32_t nr_requests) const {
  if (!request.write) return nr_requests;
  return std::min(tunables_.async_depth.value_or(nr_requests), nr_requests);
}

// -- Merging

// elv_merge and dd_request_merge.
MergeCandidate MqDeadlineScheduler::FindMerge(const Bio& bio) {
  const MergeCandidate candidate = merge_.Find(bio, [](const Request&) { return true; });
  if (candidate.request != nullptr || !tunables_.front_merges) return candidate;
  Request* request = priorities_[IndexOf(bio.ioprio)].queues[bio.write].sorted.Find(bio.end());
  if (request == nullptr || !IsMergeAllowed(*request, bio)) return {};
  return {MergeKind::kFront, request};
}

// dd_request_merged.
void MqDeadlineScheduler::Merged(Request& request, MergeKind kind) {
  if (kind == MergeKind::kFront) {
    RequestTree& sorted = QueueOf(request).sorted;
    sorted.Remove(request);
    sorted.Insert(request);
  }
  merge_.Merged(request);
}

// dd_merged_requests: the survivor is as urgent as the more urgent of the two. `gone` is not queued
// if it was about to be inserted.
void MqDeadlineScheduler::MergedRequests(Request& survivor, Request& gone) {
  merge_.Merged(survivor);
  if (!gone.fifo_hook.is_linked()) return;
  if (gone.deadline < survivor.deadline) {
    RequestFifo& fifo = QueueOf(survivor).fifo;
    fifo.erase(fifo.iterator_to(survivor));
    fifo.insert(fifo.iterator_to(gone), survivor);
    survivor.deadline = gone.deadline;
  }
  --PriorityOf(gone).queued;
  Remove(gone);
}

// -- The queues

// dd_insert_request.
void MqDeadlineScheduler::Insert(Request& request, Tick now) {
  DirectionQueue& queue = QueueOf(request);
  ++PriorityOf(request).queued;
  queue.sorted.Insert(request);
  merge_.Inserted(request);
  request.deadline =
      clock_.DateOf(clock_.Jiffies(now) + static_cast<uint64_t>(fifo_expire_[request.write]));
  queue.fifo.push_back(request);
}

void MqDeadlineScheduler::InsertAtHead(Request& request, Tick /*now*/) {
  ++PriorityOf(request).queued;
  dispatch_.push_front(request);
}

// The jiffy in which it was inserted, as started_after reckons it: a request that took over the
// deadline of a swallowed one is as old as that one.
int64_t MqDeadlineScheduler::InsertedAt(const Request& request) const {
  return static_cast<int64_t>(clock_.Jiffies(request.deadline)) - fifo_expire_[request.write];
}

// deadline_remove_request.
void MqDeadlineScheduler::Remove(Request& request) {
  DirectionQueue& queue = QueueOf(request);
  queue.fifo.erase(queue.fifo.iterator_to(request));
  queue.sorted.Remove(request);
  merge_.Removed(request);
}

// dd_finish_request.
void MqDeadlineScheduler::Completed(const Request& request, Tick /*now*/) {
  --PriorityOf(request).queued;
}

bool MqDeadlineScheduler::HasWork() const {
  const auto has_work = [](const Priority& priority) {
    return !priority.queues[false].fifo.empty() || !priority.queues[true].fifo.empty();
  };
  return !dispatch_.empty() || std::ranges::any_of(priorities_, has_work);
}

// -- Choosing

// dd_dispatch_request: higher classes first. A class counts as long as a request of it is in
// flight.
Request* MqDeadlineScheduler::Dispatch(Tick now) {
  if (!dispatch_.empty()) {
    Request& request = dispatch_.front();
    dispatch_.pop_front();
    return Start(request);
  }
  const auto jiffies = static_cast<int64_t>(clock_.Jiffies(now));
  if (Request* aged = DispatchAged(jiffies)) return aged;
  for (Priority& priority : priorities_) {
    Request* request = DispatchFrom(priority, jiffies, jiffies);
    if (request != nullptr || priority.queued > 0) return request;
  }
  return nullptr;
}

// dd_start_request.
Request* MqDeadlineScheduler::Start(Request& request) {
  QueueOf(request).latest_pos = request.sector;
  return &request;
}

// dd_dispatch_prio_aged_requests: the selection below leaves its marks on the batch even if what it
// selects is not old enough.
Request* MqDeadlineScheduler::DispatchAged(int64_t jiffies) {
  const auto is_queued = [](const Priority& priority) { return priority.queued > 0; };
  if (std::ranges::count_if(priorities_, is_queued) < 2) return nullptr;
  for (const PriorityIndex index : {kBestEffort, kIdle}) {
    Request* request = DispatchFrom(priorities_[index], jiffies, jiffies - prio_aging_expire_);
    if (request != nullptr) return request;
  }
  return nullptr;
}

// __dd_dispatch_request: goes on with the batch or starts one. Null as well if what it selects was
// inserted after `latest_start`.
Request* MqDeadlineScheduler::DispatchFrom(Priority& priority, int64_t jiffies,
                                           int64_t latest_start) {
  Request* request = priority.queues[last_write_].Next();
  if (request == nullptr || batching_ >= tunables_.fifo_batch) {
    request = StartBatch(priority, jiffies);
  }
  if (request == nullptr || InsertedAt(*request) > latest_start) return nullptr;
  ++batching_;
  Remove(*request);
  return Start(*request);
}

// The label dispatch_find_request: upwards, unless the oldest is overdue or nothing lies above.
Request* MqDeadlineScheduler::StartBatch(Priority& priority, int64_t jiffies) {
  const std::optional<bool> write = ChooseDirection(priority);
  if (!write) return nullptr;
  DirectionQueue& queue = priority.queues[*write];
  Request& oldest = queue.fifo.front();
  Request* next = queue.Next();
  last_write_ = *write;
  batching_ = 0;
  const bool overdue = static_cast<int64_t>(clock_.Jiffies(oldest.deadline)) <= jiffies;
  return overdue || next == nullptr ? &oldest : next;
}

// Reads, unless they have gone before waiting writes too often. Empty: there are none.
std::optional<bool> MqDeadlineScheduler::ChooseDirection(Priority& priority) {
  const bool has_writes = !priority.queues[true].fifo.empty();
  if (!priority.queues[false].fifo.empty() &&
      !(has_writes && starved_++ >= tunables_.writes_starved)) {
    return false;
  }
  if (!has_writes) return std::nullopt;
  starved_ = 0;
  return true;
}

}  // namespace biotope
