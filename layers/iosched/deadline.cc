#include "layers/iosched/deadline.h"

#include "layers/iosched/try_merge.h"

namespace biotope {

DeadlineScheduler::DeadlineScheduler(const DeadlineTunables& tunables, uint32_t hz)
    : tunables_(tunables), clock_(hz) {
  reads_.expire = clock_.FromMs(tunables.read_expire_ms);
  writes_.expire = clock_.FromMs(tunables.write_expire_ms);
}

// -- Merging

// deadline_merge. The hash finds one request that ends where the bio starts; if that one has the
// other direction, the kernel does not look for a second.
MergeCandidate DeadlineScheduler::FindMerge(const Bio& bio) {
  MergeCandidate candidate = last_merge_.Try(bio);
  if (candidate.request == nullptr) {
    Request* request = hash_.Find(bio.sector);
    if (request != nullptr && IsMergeAllowed(*request, bio)) {
      candidate = {MergeKind::kBack, request};
    } else if (tunables_.front_merges) {
      request = queues_[bio.write].sorted.Find(bio.end());
      if (request != nullptr && IsMergeAllowed(*request, bio)) {
        candidate = {MergeKind::kFront, request};
      }
    }
    if (candidate.request == nullptr) return {};
    last_merge_.Set(*candidate.request);
  }
  hash_.MakeHot(*candidate.request);
  return candidate;
}

// deadline_merged_request.
void DeadlineScheduler::Merged(Request& request, MergeKind kind) {
  hash_.Reposition(request);
  if (kind == MergeKind::kFront) {
    RemoveSorted(request);
    AddSorted(request);
  }
  last_merge_.Set(request);
}

// deadline_merged_requests: the survivor is as urgent as the more urgent of the two.
void DeadlineScheduler::MergedRequests(Request& survivor, Request& gone) {
  hash_.Reposition(survivor);
  if (gone.deadline < survivor.deadline) {
    RequestFifo& fifo = QueueOf(survivor).fifo;
    fifo.erase(fifo.iterator_to(survivor));
    fifo.insert(fifo.iterator_to(gone), survivor);
    survivor.deadline = gone.deadline;
  }
  Remove(gone);
}

// -- The queues of a direction

// deadline_add_request.
void DeadlineScheduler::Insert(Request& request, Tick now) {
  DirectionQueue& queue = QueueOf(request);
  AddSorted(request);
  request.deadline = clock_.DateOf(clock_.Jiffies(now) + queue.expire);
  queue.fifo.push_back(request);
  if (request.Mergeable()) {
    hash_.Add(request);
    last_merge_.SetIfFree(request);
  }
}

// deadline_add_drq_rb: two requests of one start sector do not fit into the tree. The older one
// goes to the driver at once.
void DeadlineScheduler::AddSorted(Request& request) {
  while (Request* alias = QueueOf(request).sorted.InsertUnlessAlias(request)) {
    MoveToDispatch(*alias);
  }
}

// deadline_del_drq_rb. That a front merge takes its request out of the tree and puts it back lets
// `next` skip it: it then waits for the sweep after this one.
void DeadlineScheduler::RemoveSorted(Request& request) {
  DirectionQueue& queue = QueueOf(request);
  if (queue.next == &request) queue.next = queue.sorted.Latter(request);
  queue.sorted.Remove(request);
}

// deadline_remove_request.
void DeadlineScheduler::Remove(Request& request) {
  RequestFifo& fifo = QueueOf(request).fifo;
  fifo.erase(fifo.iterator_to(request));
  MergeHash::Remove(request);
  last_merge_.Forget(request);
  RemoveSorted(request);
}

// deadline_move_request.
void DeadlineScheduler::MoveToDispatch(Request& request) {
  DirectionQueue& queue = QueueOf(request);
  reads_.next = writes_.next = nullptr;
  queue.next = queue.sorted.Latter(request);
  last_sector_ = request.end();
  Remove(request);
  dispatch_.push_back(request);
}

// -- Choosing

// deadline_next_request.
Request* DeadlineScheduler::Dispatch(Tick now) {
  if (dispatch_.empty()) {
    Request* chosen = Choose(now);
    if (chosen == nullptr) return nullptr;
    ++batching_;
    MoveToDispatch(*chosen);
  }
  Request& request = dispatch_.front();
  dispatch_.pop_front();
  return &request;
}

// deadline_dispatch_requests: goes on with the batch, or selects a direction.
Request* DeadlineScheduler::Choose(Tick now) {
  Request* next = writes_.next != nullptr ? writes_.next : reads_.next;
  if (next != nullptr) {
    if (next->sector != last_sector_) batching_ += tunables_.fifo_batch;
    if (batching_ < tunables_.fifo_batch) return next;
  }
  const bool has_writes = !writes_.fifo.empty();
  if (!reads_.fifo.empty() && !(has_writes && starved_++ >= tunables_.writes_starved)) {
    return ChooseFrom(reads_, now);
  }
  if (!has_writes) return nullptr;
  starved_ = 0;
  return ChooseFrom(writes_, now);
}

// The label dispatch_find_request: the overdue one, the next one upwards, or the lowest one.
Request* DeadlineScheduler::ChooseFrom(DirectionQueue& queue, Tick now) {
  Request& oldest = queue.fifo.front();
  if (clock_.IsAfter(now, oldest.deadline)) {
    batching_ = 0;
    return &oldest;
  }
  if (queue.next != nullptr) return queue.next;
  batching_ = 0;
  return queue.sorted.First();
}

bool DeadlineScheduler::HasWork() const {
  return !queues_[false].fifo.empty() || !queues_[true].fifo.empty() || !dispatch_.empty();
}

}  // namespace biotope
