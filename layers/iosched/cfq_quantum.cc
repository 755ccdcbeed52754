#include "layers/iosched/cfq_quantum.h"

#include <algorithm>
#include <cstddef>

#include "layers/iosched/try_merge.h"

namespace biotope {
namespace {

// CFQ_MAX_TAG: a device that has so many requests at a time is taken to queue them itself.
constexpr uint32_t kMaxTag = 4;
// max_queued: no task may have more requests of one direction; 1/16 of the 1024 that the kernel
// gives the queue.
constexpr uint32_t kMaxQueued = 64;

}  // namespace

CfqQuantumScheduler::CfqQuantumScheduler(const CfqQuantumTunables& tunables, uint32_t hz,
                                         uint32_t nr_requests)
    : tunables_(tunables),
      clock_(hz),
      seek_{.back_max = uint64_t{tunables.back_seek_max_kb} * 2,
            .back_penalty = tunables.back_seek_penalty},
      nr_requests_(nr_requests),
      // cfq_check_fifo: the queue of the asynchronous requests is compared with the time-out of the
      // synchronous ones, and the other way round.
      fifo_expire_{clock_.FromMs(tunables.fifo_expire_sync_ms),
                   clock_.FromMs(tunables.fifo_expire_async_ms)},
      fifo_batch_expire_(clock_.FromMs(tunables.fifo_batch_expire_ms)) {}

CfqQuantumScheduler::TaskQueue& CfqQuantumScheduler::QueueOfTask(uint16_t task) {
  if (task >= queues_.size()) queues_.resize(task + size_t{1});
  if (queues_[task] == nullptr) queues_[task] = std::make_unique<TaskQueue>();
  return *queues_[task];
}

CfqQuantumScheduler::Entry& CfqQuantumScheduler::EntryOf(const Request& request) {
  if (request.slot >= entries_.size()) entries_.resize(request.slot + size_t{1});
  return entries_[request.slot];
}

// -- Merging

// cfq_merge: at the back with anybody's request, at the front with one of the same task.
MergeCandidate CfqQuantumScheduler::FindMerge(const Bio& bio) {
  MergeCandidate candidate = last_merge_.Try(bio);
  if (candidate.request != nullptr) return candidate;
  Request* request = hash_.Find(bio.sector);
  if (request != nullptr && IsMergeAllowed(*request, bio)) {
    candidate = {MergeKind::kBack, request};
  } else {
    request = QueueOfTask(bio.task).sorted.Find(bio.end());
    if (request == nullptr || !IsMergeAllowed(*request, bio)) return {};
    candidate = {MergeKind::kFront, request};
  }
  last_merge_.Set(*candidate.request);
  return candidate;
}

// cfq_merged_request.
void CfqQuantumScheduler::Merged(Request& request, MergeKind kind) {
  hash_.Reposition(request);
  if (kind == MergeKind::kFront) {
    TaskQueue& queue = QueueOf(request);
    if (queue.next == &request) {
      queue.next = ChooseNext(queue.sorted, request, last_sector_, seek_);
    }
    queue.sorted.Remove(request);
    AddSorted(request, now_);
  }
  last_merge_.Set(request);
}

// cfq_merged_requests.
void CfqQuantumScheduler::MergedRequests(Request& survivor, Request& gone) {
  hash_.Reposition(survivor);
  last_merge_.Set(survivor);
  Entry& entry = EntryOf(survivor);
  const Entry& gone_entry = EntryOf(gone);
  if (gone_entry.queue_start < entry.queue_start) {
    TaskQueue& queue = QueueOf(survivor);
    queue.fifos[survivor.sync].erase(queue.fifos[survivor.sync].iterator_to(survivor));
    queue.fifos[gone.sync].insert(queue.fifos[gone.sync].iterator_to(gone), survivor);
    entry.queue_start = gone_entry.queue_start;
  }
  RemoveQueued(gone);
}

// -- Queueing

// cfq_enqueue.
void CfqQuantumScheduler::Insert(Request& request, Tick now) {
  now_ = now;
  AddSorted(request, now);
  EntryOf(request) = {.queue_start = clock_.Jiffies(now)};
  QueueOf(request).fifos[request.sync].push_back(request);
  if (request.Mergeable()) {
    hash_.Add(request);
    last_merge_.SetIfFree(request);
  }
}

// cfq_add_crq_rb. An older request of the same start leaves at once.
void CfqQuantumScheduler::AddSorted(Request& request, Tick now) {
  TaskQueue& queue = QueueOf(request);
  while (Request* alias = queue.sorted.InsertUnlessAlias(request)) MoveToDispatch(*alias);
  if (!queue.on_rr()) AddToRr(queue, now);
  queue.next = ChooseRequest(queue.next, &request, last_sector_, seek_);
}

// cfq_del_crq_rb.
void CfqQuantumScheduler::RemoveSorted(Request& request) {
  TaskQueue& queue = QueueOf(request);
  if (queue.next == &request) {
    queue.next = ChooseNext(queue.sorted, request, last_sector_, seek_);
  }
  queue.sorted.Remove(request);
  if (queue.sorted.empty() && queue.on_rr()) rr_list_.erase(rr_list_.iterator_to(queue));
}

// cfq_remove_request.
void CfqQuantumScheduler::RemoveQueued(Request& request) {
  RemoveSorted(request);
  MergeHash::Remove(request);
  last_merge_.Forget(request);
  RequestFifo& fifo = QueueOf(request).fifos[request.sync];
  fifo.erase(fifo.iterator_to(request));
}

// cfq_add_cfqq_rr: service of long ago counts less.
void CfqQuantumScheduler::AddToRr(TaskQueue& queue, Tick now) {
  if (IsServicePeriodOver(queue, now)) queue.service_used /= 8;
  SortIntoRr(queue);
}

// cfq_sort_rr_list: before all that have had as much service or more. (The kernel also looks at the
// requests in flight of those that have had the same, to no effect.)
void CfqQuantumScheduler::SortIntoRr(TaskQueue& queue) {
  auto position = rr_list_.end();
  while (position != rr_list_.begin()) {
    auto former = position;
    --former;
    if (former->service_used < queue.service_used) break;
    position = former;
  }
  rr_list_.insert(position, queue);
}

// cfq_check_sort_rr_list: only if it is out of order.
void CfqQuantumScheduler::ResortRr(TaskQueue& queue) {
  if (!queue.on_rr()) return;
  const auto position = rr_list_.iterator_to(queue);
  const auto latter = std::next(position);
  const bool above = latter != rr_list_.end() && queue.service_used > latter->service_used;
  const bool below =
      position != rr_list_.begin() && queue.service_used < std::prev(position)->service_used;
  if (!above && !below) return;
  rr_list_.erase(position);
  SortIntoRr(queue);
}

// -- Choosing

// cfq_next_request.
Request* CfqQuantumScheduler::Dispatch(Tick now) {
  now_ = now;
  // The driver asks for another one, so it has taken what it has looked at.
  std::erase_if(dispatch_, [this](const Request* request) { return EntryOf(*request).accounted; });
  if (dispatch_.empty()) DispatchRound(now);
  return dispatch_.empty() ? nullptr : &LookAtFirst(now);
}

Request& CfqQuantumScheduler::Reconsider(Request&, Tick now) {
  now_ = now;
  return LookAtFirst(now);
}

Request& CfqQuantumScheduler::LookAtFirst(Tick now) {
  Request& request = *dispatch_.front();
  AccountDispatch(request, now);
  return request;
}

void CfqQuantumScheduler::Removed(Request& request) { std::erase(dispatch_, &request); }

// cfq_dispatch_requests. A pass over the queues is never cut short, so there may be more than
// `quantum`.
void CfqQuantumScheduler::DispatchRound(Tick now) {
  uint32_t moved = 0;
  bool first_pass = true;
  for (;;) {
    bool more = false;
    for (auto it = rr_list_.begin(); it != rr_list_.end();) {
      TaskQueue& queue = *it++;
      if (first_pass && queue.in_flight > 0) continue;
      DispatchFrom(queue, now);
      ++moved;
      if (!queue.sorted.empty()) more = true;
    }
    if (moved >= tunables_.quantum || (!more && !first_pass)) return;
    first_pass = false;
  }
}

// cfq_dispatch_request.
void CfqQuantumScheduler::DispatchFrom(TaskQueue& queue, Tick now) {
  Request* request = CheckFifo(queue, now);
  if (request == nullptr) request = tunables_.find_best_crq ? queue.next : queue.sorted.First();
  last_sector_ = request->end();
  MoveToDispatch(*request);
}

// cfq_check_fifo: the overdue request, if it is time to look for one. Asynchronous ones first.
Request* CfqQuantumScheduler::CheckFifo(TaskQueue& queue, Tick now) {
  const uint64_t jiffies = clock_.Jiffies(now);
  if (queue.last_fifo_expire && jiffies < *queue.last_fifo_expire + fifo_batch_expire_) {
    return nullptr;
  }
  for (const bool sync : {false, true}) {
    if (queue.fifos[sync].empty()) continue;
    Request& oldest = queue.fifos[sync].front();
    if (jiffies <= EntryOf(oldest).queue_start + fifo_expire_[sync]) continue;
    queue.last_fifo_expire = jiffies;
    return &oldest;
  }
  return nullptr;
}

// cfq_dispatch_sort: from the tail, behind the first with a lower sector, or where the sweep wraps
// around. As the head has just been put to the end of the request itself, that is nearly always the
// tail; an alias, whose end it is not, may go before others.
void CfqQuantumScheduler::MoveToDispatch(Request& request) {
  RemoveQueued(request);
  size_t position = dispatch_.size();
  for (; position > 0; --position) {
    const Sector sector = dispatch_[position - 1]->sector;
    if (request.sector > sector) break;
    if (sector > last_sector_ && request.sector < last_sector_) {
      last_sector_ = request.sector;
      break;
    }
  }
  ++QueueOf(request).in_flight;
  dispatch_.insert(dispatch_.begin() + static_cast<std::ptrdiff_t>(position), &request);
}

// -- Service

// Over which service is averaged: cfq_service, one second.
bool CfqQuantumScheduler::IsServicePeriodOver(const TaskQueue& queue, Tick now) const {
  return queue.service_start && clock_.Jiffies(now) > *queue.service_start + clock_.FromMs(1000);
}

// cfq_account_dispatch: the driver looks at the request for the first time.
void CfqQuantumScheduler::AccountDispatch(const Request& request, Tick now) {
  Entry& entry = EntryOf(request);
  if (entry.accounted) return;
  TaskQueue& queue = QueueOf(request);
  if (!queue.service_start) queue.service_start = clock_.Jiffies(now);
  if (tagged_) {
    if (IsServicePeriodOver(queue, now)) {
      queue.service_start = clock_.Jiffies(now);
      queue.service_used /= 10;
    }
    ++queue.service_used;
    ResortRr(queue);
  }
  entry.accounted = true;
  entry.service_start = clock_.Jiffies(now);
  if (++rq_in_driver_ >= kMaxTag) tagged_ = true;
}

// cfq_completed_request.
void CfqQuantumScheduler::Completed(const Request& request, Tick now) {
  now_ = now;
  --QueueOf(request).in_flight;
  AccountCompletion(request, now);
}

// cfq_account_completion.
void CfqQuantumScheduler::AccountCompletion(const Request& request, Tick now) {
  --rq_in_driver_;
  if (tagged_) return;
  TaskQueue& queue = QueueOf(request);
  if (IsServicePeriodOver(queue, now)) {
    queue.service_start = clock_.Jiffies(now);
    queue.service_used /= 8;
  }
  queue.service_used += clock_.Jiffies(now) - EntryOf(request).service_start;
  ResortRr(queue);
}

// cfq_set_request.
void CfqQuantumScheduler::SetRequest(const NewRequest& request) {
  ++QueueOfTask(request.task).allocated[request.write];
}

// cfq_may_queue: the more tasks, the fewer requests for each.
MayQueue CfqQuantumScheduler::CheckMayQueue(const NewRequest& request) {
  const uint32_t allocated = QueueOfTask(request.task).allocated[request.write];
  if (allocated < tunables_.queued) return MayQueue::kMust;
  uint32_t limit = kMaxQueued;
  if (!rr_list_.empty()) limit = nr_requests_ / static_cast<uint32_t>(rr_list_.size());
  limit = limit < tunables_.queued ? tunables_.queued : std::min(limit, kMaxQueued);
  return allocated < limit ? MayQueue::kMay : MayQueue::kNo;
}

bool CfqQuantumScheduler::HasWork() const {
  return !rr_list_.empty() || std::ranges::any_of(dispatch_, [this](const Request* request) {
    return !entries_[request->slot].accounted;
  });
}

}  // namespace biotope
