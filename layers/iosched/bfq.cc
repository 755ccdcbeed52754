#include "layers/iosched/bfq.h"

#include <algorithm>

#include "layers/iosched/try_merge.h"
#include "sim/core/check.h"

namespace biotope {
namespace {

constexpr uint32_t kWeightPerLevel = 10;

// Farther away than this, and it is a seek; a large request to a device without arm is none.
constexpr uint64_t kSeekThreshold = 8 * 100;
constexpr uint32_t kLargeNonRotational = 2 * 32;

}  // namespace

BfqScheduler::BfqScheduler(const BfqTunables& tunables, const Surroundings& surroundings)
    : tunables_(tunables),
      clock_(surroundings.hz),
      rotational_(surroundings.rotational),
      one_group_(surroundings.one_group),
      slice_idle_ns_(uint64_t{tunables.slice_idle_ms} * (kMillisecond / kNanosecond)),
      timeout_(tunables.timeout_sync_ms
                   ? static_cast<Jiffies>(clock_.FromMs(*tunables.timeout_sync_ms))
                   : Jiffies{surroundings.hz / 8}),
      trees_(Jiffies{surroundings.hz / 5}),
      peak_rate_(surroundings.rotational),
      raising_(tunables.low_latency, surroundings.rotational, clock_),
      burst_(static_cast<Jiffies>(clock_.FromMs(180))),
      max_budget_(tunables.max_budget) {
  if (max_budget_ == 0) max_budget_ = MaxBudget();
}

// -- Queues

// bic_to_bfqq, bfq_async_queue_prio.
BfqQueue* BfqScheduler::FindQueue(bool sync, uint16_t task, const IoPriority& ioprio) {
  const auto& queues =
      sync ? sync_queues_ : async_queues_[static_cast<size_t>(ioprio.priority_class)];
  const size_t index = sync ? task : ioprio.level;
  return index < queues.size() ? queues[index] : nullptr;
}

// bfq_init_rq. A process whose I/O priority has changed gets its new weight with the next
// activation.
BfqQueue& BfqScheduler::QueueFor(const Request& request) {
  BfqQueue* queue = FindQueue(request.sync, request.task, request.ioprio);
  if (queue == nullptr) queue = &CreateQueue(request);
  if (queue->new_ioprio != request.ioprio) {
    queue->new_ioprio = request.ioprio;
    queue->entity.new_weight = (kIoPriorityLevels - request.ioprio.level) * kWeightPerLevel;
    queue->entity.prio_changed = true;
  }
  if (queue->just_created && queue->sync) burst_.Created(*queue, nr_busy() > 0, jiffies());
  if (owners_.size() <= request.slot) owners_.resize(request.slot + 1);
  return *(owners_[request.slot] = queue);
}

// bfq_get_queue, bfq_init_bfqq.
BfqQueue& BfqScheduler::CreateQueue(const Request& request) {
  BfqQueue& queue = queues_.emplace_back();
  queue.sync = queue.just_created = request.sync;
  queue.new_ioprio = request.ioprio;
  queue.priority_class = request.ioprio.priority_class;
  queue.has_short_ttime = request.sync && !queue.is_idle_class();
  queue.entity.new_weight = (kIoPriorityLevels - request.ioprio.level) * kWeightPerLevel;
  queue.entity.weight = queue.entity.orig_weight = queue.entity.new_weight;
  queue.last_end_request_ns = now_ns() + 1;  // as the kernel has it: "minus infinity"
  queue.io_start_time_ns = now_ns();
  queue.max_budget = 2 * MaxBudget() / 3;
  queue.last_wr_start_finish = queue.soft_rt_next_start = jiffies();

  auto& queues = request.sync ? sync_queues_
                              : async_queues_[static_cast<size_t>(request.ioprio.priority_class)];
  const size_t index = request.sync ? request.task : request.ioprio.level;
  if (queues.size() <= index) queues.resize(index + 1);
  queues[index] = &queue;
  return queue;
}

// bfq_limit_depth, bfq_update_depths: writes must not keep reads from getting a tag, and nobody may
// have far more than his share.
uint32_t BfqScheduler::LimitDepth(const NewRequest& request, uint32_t nr_requests) const {
  constexpr uint32_t kSixteenths[2][2] = {{8, 12}, {3, 6}};  // by "somebody is raised" and sync
  const bool sync = request.sync || !request.write;
  uint32_t limit = nr_requests;
  if (request.write) {
    limit = std::max(1u, nr_requests * kSixteenths[raising_.busy_queues() > 0][sync] / 16);
  }
  const auto& queues =
      sync ? sync_queues_ : async_queues_[static_cast<size_t>(request.ioprio.priority_class)];
  const size_t index = sync ? request.task : request.ioprio.level;
  const BfqQueue* queue = index < queues.size() ? queues[index] : nullptr;
  if (queue == nullptr || !queue->entity.on_service_tree) return limit;
  return queue->queued + queue->dispatched >= trees_.ShareOf(*queue, limit) ? 1 : limit;
}

// -- Merging

// elv_merge, bfq_allow_bio_merge, bfq_request_merge: a bio joins only requests of its own queue.
MergeCandidate BfqScheduler::FindMerge(const Bio& bio) {
  const bool sync = bio.sync || !bio.write;
  BfqQueue* queue = FindQueue(sync, bio.task, bio.ioprio);
  if (queue == nullptr) return {};
  const auto allowed = [this, queue](const Request& request) { return &OwnerOf(request) == queue; };
  const MergeCandidate candidate = merge_.Find(bio, allowed);
  if (candidate.request != nullptr) return candidate;
  Request* request = queue->sorted.Find(bio.end());
  if (request == nullptr || !IsMergeAllowed(*request, bio)) return {};
  return {MergeKind::kFront, request};
}

// bfq_request_merged.
void BfqScheduler::Merged(Request& request, MergeKind kind) {
  merge_.Merged(request);
  if (kind != MergeKind::kFront) return;
  BfqQueue& queue = OwnerOf(request);
  const Request* former = queue.sorted.Former(request);
  if (former == nullptr || request.sector >= former->sector) return;
  queue.sorted.Remove(request);
  queue.sorted.Insert(request);
  Request* before = queue.next_request;
  queue.next_request = ChooseRequest(before, &request, last_position_);
  if (queue.next_request != before) UpdatedNextRequest(queue);
}

// bfq_requests_merged. `gone` is not queued if it was about to be inserted; its process may be
// another one.
void BfqScheduler::MergedRequests(Request& survivor, Request& gone) {
  merge_.Merged(survivor);
  if (!gone.fifo_hook.is_linked()) return;
  BfqQueue& queue = OwnerOf(survivor);
  if (&queue == &OwnerOf(gone) && gone.deadline < survivor.deadline) {
    queue.fifo.erase(queue.fifo.iterator_to(survivor));
    queue.fifo.insert(queue.fifo.iterator_to(gone), survivor);
    survivor.deadline = gone.deadline;
  }
  if (queue.next_request == &gone) queue.next_request = &survivor;
  RemoveRequest(gone);
}

// -- The requests of a queue

bool BfqScheduler::IsSeeky(Sector last, const Request& request) const {
  if (last == Sector(0)) return false;
  const Sector distance = request.sector > last ? request.sector - last : last - request.sector;
  return distance > Sector(kSeekThreshold) &&
         (rotational_ || request.nr_sectors < kLargeNonRotational);
}

// bfq_choose_req: those that are waited for first, then the nearest, with a penalty for ways back;
// what lies too far back comes last, from the lowest sector on.
Request* BfqScheduler::ChooseRequest(Request* a, Request* b, Sector last) const {
  if (a == nullptr || a == b) return b;
  if (b == nullptr) return a;
  if (a->sync != b->sync) return a->sync ? a : b;
  const Sector back_max(uint64_t{tunables_.back_seek_max_kb} * 2);
  // Empty: too far back.
  const auto distance = [&](const Request& request) -> std::optional<Sector> {
    if (request.sector >= last) return request.sector - last;
    if (request.sector + back_max < last) return std::nullopt;
    return (last - request.sector) * tunables_.back_seek_penalty;
  };
  const std::optional<Sector> to_a = distance(*a);
  const std::optional<Sector> to_b = distance(*b);
  if (!to_a && !to_b) return a->sector <= b->sector ? a : b;
  if (!to_a || !to_b) return to_a ? a : b;
  if (*to_a != *to_b) return *to_a < *to_b ? a : b;
  return a->sector >= b->sector ? a : b;
}

// bfq_find_next_rq: what follows `last`, which is about to leave: the oldest request of the queue
// if it is overdue, once in a service slot; else one of the two neighbours.
Request* BfqScheduler::FindNextRequest(BfqQueue& queue, Request& last) {
  if (Request* overdue = CheckFifo(queue, last)) return overdue;
  Request* next = queue.sorted.Latter(last);
  if (next == nullptr && queue.sorted.First() != &last) next = queue.sorted.First();
  return ChooseRequest(next, queue.sorted.Former(last), last.sector);
}

// bfq_check_fifo.
Request* BfqScheduler::CheckFifo(BfqQueue& queue, const Request& last) {
  if (queue.fifo_expire) return nullptr;
  queue.fifo_expire = true;
  Request& oldest = queue.fifo.front();
  return &oldest == &last || now_ < oldest.deadline ? nullptr : &oldest;
}

// bfq_remove_request.
void BfqScheduler::RemoveRequest(Request& request) {
  BfqQueue& queue = OwnerOf(request);
  if (queue.next_request == &request) {
    queue.next_request = FindNextRequest(queue, request);
    UpdatedNextRequest(queue);
  }
  queue.fifo.erase(queue.fifo.iterator_to(request));
  queue.sorted.Remove(request);
  merge_.Removed(request);
  --queue.queued;
  --queued_;
  if (!queue.sorted.empty()) return;
  queue.next_request = nullptr;
  if (queue.busy && &queue != in_service_) {
    RemoveBusy(queue, false);
    queue.entity.budget = queue.entity.service = 0;
  }
}

// -- Insertion

// bfq_insert_request, __bfq_insert_request.
void BfqScheduler::Insert(Request& request, Tick now) {
  Advance(now);
  BfqQueue& queue = QueueFor(request);
  UpdateThinkTime(queue);
  UpdateSeekHistory(queue, request);
  AddRequest(queue, request);
  const uint32_t expire_ms =
      request.sync ? tunables_.fifo_expire_sync_ms : tunables_.fifo_expire_async_ms;
  request.deadline = kNanosecond * now_ns() + kMillisecond * expire_ms;
  queue.fifo.push_back(request);
  queue.last_request_pos = request.end();
  if (&queue == in_service_ && queue.wait_request) StopWaitingFor(queue, request);
  merge_.Inserted(request);
}

void BfqScheduler::InsertAtHead(Request& request, Tick now) {
  Advance(now);
  QueueFor(request);
  dispatch_.push_front(request);
}

// -- Dispatch

// __bfq_dispatch_request.
Request* BfqScheduler::Dispatch(Tick now) {
  Advance(now);
  if (!dispatch_.empty()) {
    Request& request = dispatch_.front();
    dispatch_.pop_front();
    ++OwnerOf(request).dispatched;
    ++in_driver_;
    return &request;
  }
  if (nr_busy() == 0 || (tunables_.strict_guarantees && in_driver_ > 0)) return nullptr;
  BfqQueue* queue = SelectQueue();
  if (queue == nullptr) return nullptr;
  Request& request = DispatchFrom(*queue);
  ++in_driver_;
  return &request;
}

// bfq_select_queue: the queue in service, as long as it may go on, or another one. Null: wait for
// it.
BfqQueue* BfqScheduler::SelectQueue() {
  BfqQueue* queue = in_service_;
  if (queue != nullptr && MayExpireForBudgetTimeout(*queue) && !MustIdle(*queue)) {
    Expire(*queue, false, Expiration::kBudgetTimeout);
    queue = nullptr;
  }
  while (true) {
    if (queue == nullptr) queue = SetInService();
    if (queue == nullptr) return nullptr;
    Expiration reason = Expiration::kNoMoreRequests;
    if (queue->next_request != nullptr) {
      if (ServiceToCharge(*queue->next_request, *queue) <= queue->budget_left()) {
        queue->wait_request = false;
        idle_timer_.reset();
        return queue;
      }
      reason = Expiration::kBudgetExhausted;
    } else if (queue->wait_request || (queue->dispatched > 0 && IsBetterToIdle(*queue))) {
      return nullptr;
    }
    Expire(*queue, false, reason);
    queue = nullptr;
  }
}

// bfq_dispatch_rq_from_bfqq, bfq_dispatch_remove.
Request& BfqScheduler::DispatchFrom(BfqQueue& queue) {
  Request& request = *queue.next_request;
  trees_.Served(queue, ServiceToCharge(request, queue));
  ++queue.dispatched;
  if (peak_rate_.Dispatched(request, IsSeeky(last_position_, request), in_driver_, now_ns())) {
    UpdateMaxBudget();
  }
  last_position_ = request.end();
  RemoveRequest(request);
  raising_.RequestDispatched(queue, peak_rate_.rate(), jiffies());
  if ((queue.entity.weight > queue.entity.orig_weight) != queue.is_raised()) {
    trees_.UpdateWeight(queue, false);
  }
  if (nr_busy() > 1 && queue.is_idle_class()) Expire(queue, false, Expiration::kBudgetExhausted);
  return request;
}

// bfq_finish_requeue_request, bfq_completed_request.
void BfqScheduler::Completed(const Request& request, Tick now) {
  Advance(now);
  UpdateHwTag();
  BfqQueue& queue = OwnerOf(request);
  --in_driver_;
  if (--queue.dispatched == 0 && !queue.busy) {
    queue.budget_timeout = jiffies();
    trees_.UncountWeight(queue);
  }
  queue.last_end_request_ns = now_ns();
  if (peak_rate_.Completed(now_ns())) UpdateMaxBudget();
  raising_.Completed(queue, slice_idle_ns_, jiffies());
  if (&queue != in_service_) return;
  if (MustIdle(queue)) {
    if (queue.dispatched == 0) ArmIdleTimer();
  } else if (MayExpireForBudgetTimeout(queue)) {
    Expire(queue, false, Expiration::kBudgetTimeout);
  } else if (queue.sorted.empty() && (queue.dispatched == 0 || !IsBetterToIdle(queue))) {
    Expire(queue, false, Expiration::kNoMoreRequests);
  }
}

}  // namespace biotope
