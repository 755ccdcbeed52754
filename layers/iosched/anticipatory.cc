#include "layers/iosched/anticipatory.h"

#include <algorithm>

#include "layers/iosched/try_merge.h"

namespace biotope {

// as_init_queue.
AnticipatoryScheduler::AnticipatoryScheduler(const AnticipatoryTunables& tunables, uint32_t hz)
    : clock_(hz), anticipation_(tunables.antic_expire_ms, hz) {
  sync_.fifo_expire = clock_.FromMs(tunables.read_expire_ms);
  async_.fifo_expire = clock_.FromMs(tunables.write_expire_ms);
  sync_.batch_expire = clock_.FromMs(tunables.read_batch_expire_ms);
  async_.batch_expire = clock_.FromMs(tunables.write_batch_expire_ms);
  batch_expires_ = sync_.batch_expire;
  // The kernel takes its default here, whatever is written to sysfs later.
  write_batch_count_ = std::max(hz / 8 / 10, 2u);
}

AnticipatoryScheduler::Entry& AnticipatoryScheduler::EntryOf(const Request& request) {
  if (request.slot >= entries_.size()) entries_.resize(request.slot + size_t{1});
  return entries_[request.slot];
}

// -- Merging

// as_merge.
MergeCandidate AnticipatoryScheduler::FindMerge(const Bio& bio) {
  MergeCandidate candidate = last_merge_.Try(bio);
  if (candidate.request == nullptr) {
    Request* request = hash_.Find(bio.sector);
    if (request != nullptr && IsMergeAllowed(*request, bio)) {
      candidate = {MergeKind::kBack, request};
    } else {
      // The oddity: the direction as the class.
      request = queues_[bio.write].sorted.Find(bio.end());
      if (request == nullptr || !IsMergeAllowed(*request, bio)) return {};
      candidate = {MergeKind::kFront, request};
    }
    last_merge_.Set(*candidate.request);
  }
  hash_.MakeHot(*candidate.request);
  return candidate;
}

// as_merged_request.
void AnticipatoryScheduler::Merged(Request& request, MergeKind kind) {
  hash_.Reposition(request);
  if (kind == MergeKind::kFront) {
    ClassQueue& queue = QueueOf(request);
    Request* next = queue.next == &request ? NextAfter(request) : queue.next;
    queue.sorted.Remove(request);
    if (Request* alias = queue.sorted.InsertUnlessAlias(request)) {
      queue.fifo.erase(queue.fifo.iterator_to(request));
      AddAlias(request, *alias);
      queue.next = next;
      return;
    }
  }
  last_merge_.Set(request);
}

// as_merged_requests.
void AnticipatoryScheduler::MergedRequests(Request& survivor, Request& gone) {
  hash_.Reposition(survivor);
  Entry& entry = EntryOf(survivor);
  Entry& gone_entry = EntryOf(gone);
  if (gone.deadline < survivor.deadline) {
    RequestFifo& fifo = QueueOf(survivor).fifo;
    fifo.erase(fifo.iterator_to(survivor));
    fifo.insert(fifo.iterator_to(gone), survivor);
    survivor.deadline = gone.deadline;
    std::swap(entry.task, gone_entry.task);
  }
  entry.aliases.splice(entry.aliases.end(), gone_entry.aliases);
  RemoveQueued(gone);
  // The request is freed, and as_completed_request takes that for the end of an I/O.
  if (gone.sync) anticipation_.EndedSync(gone_entry.task, now_);
}

// -- Queueing

// as_add_request.
void AnticipatoryScheduler::Insert(Request& request, Tick now) {
  now_ = now;
  anticipation_.RunTimer(now);
  ClassQueue& queue = QueueOf(request);
  EntryOf(request).task = request.task;
  anticipation_.Queued(request.task, request, now);
  if (Request* alias = queue.sorted.InsertUnlessAlias(request)) {
    AddAlias(request, *alias);
  } else {
    request.deadline = clock_.DateOf(clock_.Jiffies(now) + queue.fifo_expire);
    queue.fifo.push_back(request);
    if (request.Mergeable()) {
      hash_.Add(request);
      last_merge_.SetIfFree(request);
    }
    queue.next = ChooseRequest(&request, queue.next, queue.last_sector, kSeek);
  }
  anticipation_.Consider({&request, request.task}, heads(), now);
}

// as_add_aliased_request: behind the aliases that `alias` has already. It is not merged with any
// more.
void AnticipatoryScheduler::AddAlias(Request& request, Request& alias) {
  DispatchList& aliases = EntryOf(alias).aliases;
  aliases.push_back(request);
  aliases.splice(aliases.end(), EntryOf(request).aliases);  // it may have grown into an alias
  ForgetMerging(request);
}

// as_remove_merge_hints.
void AnticipatoryScheduler::ForgetMerging(Request& request) {
  MergeHash::Remove(request);
  last_merge_.Forget(request);
}

// as_find_next_arq.
Request* AnticipatoryScheduler::NextAfter(Request& request) {
  ClassQueue& queue = QueueOf(request);
  return ChooseNext(queue.sorted, request, queue.last_sector, kSeek);
}

// as_remove_queued_request.
void AnticipatoryScheduler::RemoveQueued(Request& request) {
  ClassQueue& queue = QueueOf(request);
  anticipation_.Unqueued(EntryOf(request).task);
  if (queue.next == &request) queue.next = NextAfter(request);
  queue.fifo.erase(queue.fifo.iterator_to(request));
  ForgetMerging(request);
  queue.sorted.Remove(request);
}

// as_move_to_dispatch.
void AnticipatoryScheduler::MoveToDispatch(Request& request) {
  ClassQueue& queue = QueueOf(request);
  Entry& entry = EntryOf(request);
  queue.last_sector = request.end();
  if (request.sync) {
    anticipation_.Start(entry.task);
  } else {
    anticipation_.Start(std::nullopt);
    if (current_write_count_ != 0) --current_write_count_;
  }
  queue.next = NextAfter(request);
  RemoveQueued(request);
  CountDispatched(request);
  dispatch_.push_back(request);
  // The oddity: Unqueued is not called for the aliases.
  for (const Request& alias : entry.aliases) CountDispatched(alias);
  dispatch_.splice(dispatch_.end(), entry.aliases);
}

void AnticipatoryScheduler::CountDispatched(const Request& request) {
  ++nr_dispatched_;
  anticipation_.Dispatched(EntryOf(request).task);
}

// -- Choosing

// as_next_request.
Request* AnticipatoryScheduler::Dispatch(Tick now) {
  now_ = now;
  anticipation_.RunTimer(now);
  anticipation_.ClearKick();
  if (dispatch_.empty()) {
    Request* chosen = Choose(now);
    if (chosen == nullptr) return nullptr;
    MoveToDispatch(*chosen);
  }
  Request& request = dispatch_.front();
  dispatch_.pop_front();
  return &request;
}

// as_dispatch_request.
Request* AnticipatoryScheduler::Choose(Tick now) {
  const bool reads = !sync_.fifo.empty(), writes = !async_.fifo.empty();
  if (batch_class_ == kAsync && !reads && (current_write_count_ == 0 || !writes)) {
    write_batch_idled_ = true;
  }
  if ((!reads && !writes) || anticipation_.waiting() || changed_batch_) return nullptr;

  Request* request = nullptr;
  bool overdue = false;
  if (!(reads && writes && IsBatchExpired(now))) {
    if (batch_class_ == kSync && anticipation_.enabled()) {
      overdue = IsFifoExpired(sync_, now);
      std::optional<Anticipation::Candidate> candidate;
      if (sync_.next != nullptr) candidate = {sync_.next, EntryOf(*sync_.next).task};
      if (!overdue && anticipation_.ShouldWait(candidate, heads(), now)) {
        anticipation_.Wait();
        return nullptr;
      }
    }
    request = queues_[batch_class_].next;
    if (request != nullptr && !overdue && reads && !writes) {
      batch_expires_ = clock_.Jiffies(now) + sync_.batch_expire;
    }
  }
  if (request == nullptr) request = StartBatch(reads, writes, now);
  if (overdue || IsFifoExpired(queues_[batch_class_], now)) {
    request = &queues_[batch_class_].fifo.front();
  }
  return BeginChangedBatch(now) ? request : nullptr;
}

// The class whose turn it is, and its first request.
Request* AnticipatoryScheduler::StartBatch(bool reads, bool writes, Tick now) {
  if (reads && !(writes && batch_class_ == kSync)) {
    if (batch_class_ == kAsync) changed_batch_ = true;
    batch_class_ = kSync;
    sync_.last_check_fifo = clock_.Jiffies(now);
    return &sync_.fifo.front();
  }
  if (batch_class_ == kSync) {
    changed_batch_ = true;
    new_batch_ = false;  // the reads may have run out before the first of them was finished
  }
  batch_class_ = kAsync;
  current_write_count_ = write_batch_count_;
  write_batch_idled_ = false;
  return async_.next;
}

// The end of as_dispatch_request: a batch of the other class begins when all of this one is
// finished. False: not yet.
bool AnticipatoryScheduler::BeginChangedBatch(Tick now) {
  if (!changed_batch_) return true;
  if (nr_dispatched_ > 0) return false;
  if (batch_class_ == kAsync) {
    batch_expires_ = clock_.Jiffies(now) + async_.batch_expire;
  } else {
    new_batch_ = true;
  }
  changed_batch_ = false;
  return true;
}

// as_fifo_expired: looks once per time-out only, so that many overdue requests do not make the head
// jump all the time.
bool AnticipatoryScheduler::IsFifoExpired(ClassQueue& queue, Tick now) {
  const uint64_t jiffies = clock_.Jiffies(now);
  if (queue.last_check_fifo && jiffies - *queue.last_check_fifo < queue.fifo_expire) return false;
  queue.last_check_fifo = jiffies;
  return !queue.fifo.empty() && clock_.IsAfter(now, queue.fifo.front().deadline);
}

// as_batch_expired.
bool AnticipatoryScheduler::IsBatchExpired(Tick now) const {
  if (changed_batch_ || new_batch_) return false;
  if (clock_.Jiffies(now) > batch_expires_) return true;
  return batch_class_ == kAsync && current_write_count_ == 0;
}

// -- Completion

// as_completed_request.
void AnticipatoryScheduler::Completed(const Request& request, Tick now) {
  now_ = now;
  anticipation_.RunTimer(now);
  if (changed_batch_ && nr_dispatched_ == 1) {
    anticipation_.Kick(now);
    changed_batch_ = false;
    if (batch_class_ == kSync) new_batch_ = true;
  }
  --nr_dispatched_;
  // A batch counts from when one of its requests has really been served.
  if (new_batch_ && batch_class_ == request.sync) {
    UpdateWriteBatch(now);
    batch_expires_ = clock_.Jiffies(now) + sync_.batch_expire;
    new_batch_ = false;
  }
  const uint16_t task = EntryOf(request).task;
  anticipation_.Finished(task, now);
  if (request.sync) anticipation_.EndedSync(task, now);
}

// update_write_batch: how long did the writes really take?
void AnticipatoryScheduler::UpdateWriteBatch(Tick now) {
  const auto target = static_cast<int64_t>(async_.batch_expire);
  const int64_t took = std::max<int64_t>(
      static_cast<int64_t>(clock_.Jiffies(now)) - static_cast<int64_t>(batch_expires_) + target, 0);
  if (took > target && !write_batch_idled_) {
    if (took > 3 * target) {
      write_batch_count_ /= 2;
    } else {
      --write_batch_count_;
    }
  } else if (took < target && current_write_count_ == 0) {
    if (target > 3 * took) {
      write_batch_count_ *= 2;
    } else {
      ++write_batch_count_;
    }
  }
  write_batch_count_ = std::max(write_batch_count_, 1u);
}

// as_may_queue.
MayQueue AnticipatoryScheduler::CheckMayQueue(const NewRequest& request) {
  return anticipation_.awaits(request.task) ? MayQueue::kMust : MayQueue::kMay;
}

void AnticipatoryScheduler::TaskExited(uint16_t task, Tick) { anticipation_.Exited(task); }

bool AnticipatoryScheduler::HasWork() const {
  return !sync_.fifo.empty() || !async_.fifo.empty() || !dispatch_.empty();
}

}  // namespace biotope
