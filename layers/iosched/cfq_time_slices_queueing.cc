// The part of CfqTimeSlicesScheduler that is about what comes in: queues, merging, new requests.

#include <algorithm>
#include <utility>

#include "layers/iosched/cfq_time_slices.h"
#include "layers/iosched/try_merge.h"

namespace biotope {
namespace {

// cfq_init_prio_data: the idle class has no levels.
IoPriority EffectivePriority(IoPriority ioprio) {
  if (ioprio.priority_class == IoPriorityClass::kNone) return IoPriority();
  if (ioprio.priority_class == IoPriorityClass::kIdle) ioprio.level = kIoPriorityLevels - 1;
  return ioprio;
}

}  // namespace

// -- Queues

CfqTimeSlicesScheduler::IoContext& CfqTimeSlicesScheduler::ContextOf(uint16_t task) {
  if (task >= contexts_.size()) contexts_.resize(task + size_t{1});
  return contexts_[task];
}

// cfq_get_queue, for a new one.
std::unique_ptr<CfqTaskQueue> CfqTimeSlicesScheduler::NewQueue(IoPriority ioprio,
                                                               bool async) const {
  auto queue = std::make_unique<CfqTaskQueue>();
  queue->async = async;
  queue->ioprio = ioprio;
  queue->slice_left = 2 * slice_idle_;  // so that a new task may preempt
  queue->idle_window = !queue->is_idle_class();
  return queue;
}

CfqTaskQueue& CfqTimeSlicesScheduler::AsyncQueueOf(IoPriority ioprio) {
  const auto found = std::ranges::find_if(
      async_queues_, [&](const auto& queue) { return queue->ioprio == ioprio; });
  if (found != async_queues_.end()) return **found;
  return *async_queues_.emplace_back(NewQueue(ioprio, true));
}

// cfq_set_request.
CfqTaskQueue& CfqTimeSlicesScheduler::QueueForRequest(const Request& request, Tick now) {
  IoContext& context = ContextOf(request.task);
  if (!context.known) {
    context.known = true;
    context.last_end_request = clock_.Jiffies(now);
  }
  const IoPriority ioprio = EffectivePriority(request.ioprio);
  if (!request.sync) return *(context.async_queue = &AsyncQueueOf(ioprio));
  if (context.sync_queue == nullptr) context.sync_queue = NewQueue(ioprio, false);
  SetPriority(*context.sync_queue, ioprio);
  return *context.sync_queue;
}

void CfqTimeSlicesScheduler::SetPriority(CfqTaskQueue& queue, IoPriority ioprio) {
  if (queue.ioprio == ioprio) return;
  queue.ioprio = ioprio;
  if (queue.is_idle_class()) queue.idle_window = false;
  if (queue.on_rr()) round_robin_.Resort(queue, false);
}

// The queue that the bio's request would go to, if there is that queue.
CfqTaskQueue* CfqTimeSlicesScheduler::QueueForBio(const Bio& bio) {
  IoContext& context = ContextOf(bio.task);
  return !bio.write || bio.sync ? context.sync_queue.get() : context.async_queue;
}

// -- Merging

// elv_merge, cfq_merge and cfq_allow_merge: a bio joins only a request of its own queue.
MergeCandidate CfqTimeSlicesScheduler::FindMerge(const Bio& bio) {
  CfqTaskQueue* queue = QueueForBio(bio);
  if (queue == nullptr) return {};
  const auto is_allowed = [&](const Request* request) {
    return request != nullptr && IsMergeAllowed(*request, bio) && &QueueOf(*request) == queue;
  };
  const MergeCandidate hinted = last_merge_.Try(bio);
  if (is_allowed(hinted.request)) return hinted;
  if (Request* request = hash_.Find(bio.sector); is_allowed(request)) {
    return {MergeKind::kBack, request};
  }
  if (Request* request = queue->sorted.Find(bio.end()); is_allowed(request)) {
    return {MergeKind::kFront, request};
  }
  return {};
}

// elv_merged_request and cfq_merged_request.
void CfqTimeSlicesScheduler::Merged(Request& request, MergeKind kind) {
  if (kind == MergeKind::kFront) {
    CfqTaskQueue& queue = QueueOf(request);
    queue.sorted.Remove(request);
    AddSorted(request);
    // The next one may have left as an alias. Linux 2.6.20 crashes then; 2.6.21 does this.
    if (queue.next == nullptr) queue.next = &request;
  } else {
    hash_.Reposition(request);
  }
  last_merge_.Set(request);
}

// elv_merge_requests and cfq_merged_requests. The queue has given the survivor the earlier date
// already, so the kernel never finds the other one to be older and leaves the FIFO as it is.
void CfqTimeSlicesScheduler::MergedRequests(Request& survivor, Request& gone) {
  RemoveQueued(gone);
  hash_.Reposition(survivor);
  last_merge_.Set(survivor);
}

// -- New requests

// elv_insert and cfq_insert_request.
void CfqTimeSlicesScheduler::Insert(Request& request, Tick now) {
  RunTimers(now);
  CfqTaskQueue& queue = QueueForRequest(request, now);
  if (request.slot >= queues_.size()) queues_.resize(request.slot + size_t{1});
  queues_[request.slot] = &queue;
  if (request.Mergeable()) {
    hash_.Add(request);
    last_merge_.SetIfFree(request);
  }
  AddSorted(request);
  queue.fifo.push_back(request);
  Enqueued(queue, request, now);
}

// cfq_add_rq_rb. An older request of the same start leaves at once.
void CfqTimeSlicesScheduler::AddSorted(Request& request) {
  CfqTaskQueue& queue = QueueOf(request);
  while (Request* alias = queue.sorted.InsertUnlessAlias(request)) MoveToDispatch(*alias);
  if (!queue.on_rr()) round_robin_.Add(queue);
}

// cfq_remove_request.
void CfqTimeSlicesScheduler::RemoveQueued(Request& request) {
  CfqTaskQueue& queue = QueueOf(request);
  if (queue.next == &request) queue.next = ChooseNext(queue.sorted, request, last_sector_, seek_);
  queue.fifo.erase(queue.fifo.iterator_to(request));
  MergeHash::Remove(request);
  last_merge_.Forget(request);
  queue.sorted.Remove(request);
  if (queue.sorted.empty() && queue.on_rr()) round_robin_.Remove(queue);
}

// cfq_rq_enqueued.
void CfqTimeSlicesScheduler::Enqueued(CfqTaskQueue& queue, Request& request, Tick now) {
  queue.next = ChooseRequest(queue.next, &request, last_sector_, seek_);
  if (!request.sync) {
    // The task that was waited for does something else.
    if (active_task_ == request.task && slice_timer_) {
      slice_timer_.reset();
      ExpireSlice(false, now);
      kick_ = now;
    }
    return;
  }
  IoContext& context = ContextOf(request.task);
  context.think_time.Add(std::min(clock_.Jiffies(now) - context.last_end_request, 2 * slice_idle_));
  context.seek.Add(context.seek.To(request));
  UpdateIdleWindow(queue, context);
  context.seek.SetLast(request);

  if (&queue == active_) {
    if (queue.wait_request) {
      queue.must_dispatch = true;
      slice_timer_.reset();
      kick_ = now;
    }
  } else if (ShouldPreempt(queue, request)) {
    Preempt(queue, now);
    queue.must_dispatch = true;
    kick_ = now;
  }
}

// cfq_update_idle_window.
void CfqTimeSlicesScheduler::UpdateIdleWindow(CfqTaskQueue& queue, const IoContext& context) {
  if (context.exited || slice_idle_ == 0 || (hw_tag_ && context.seek.mean() > kSeeky)) {
    queue.idle_window = false;
  } else if (context.think_time.samples() > kEnoughSamples) {
    queue.idle_window = context.think_time.mean() <= slice_idle_;
  }
}

// cfq_should_preempt. Only the active queue is ever waited for, and the idle class has no slice
// that lasts, so in fact this never says yes.
bool CfqTimeSlicesScheduler::ShouldPreempt(const CfqTaskQueue& queue,
                                           const Request& request) const {
  if (queue.is_idle_class() || active_ == nullptr) return false;
  if (active_->is_idle_class()) return true;
  if (!queue.wait_request || queue.slice_left < slice_idle_) return false;
  return request.sync && !active_->sync();
}

// cfq_preempt_queue. The rest of its old slice, which the kernel gives it, is forgotten when its
// turn comes.
void CfqTimeSlicesScheduler::Preempt(CfqTaskQueue& queue, Tick now) {
  ExpireSlice(true, now);
  round_robin_.MoveToFront(queue);
}

// cfq_may_queue: who is waited for shall not wait for a request.
MayQueue CfqTimeSlicesScheduler::CheckMayQueue(const NewRequest& request) {
  IoContext& context = ContextOf(request.task);
  CfqTaskQueue* queue = request.sync ? context.sync_queue.get() : context.async_queue;
  if (queue == nullptr || !queue->wait_request || queue->must_alloc_slice) return MayQueue::kMay;
  queue->must_alloc_slice = true;
  return MayQueue::kMust;
}

}  // namespace biotope
