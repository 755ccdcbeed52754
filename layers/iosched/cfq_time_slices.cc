#include "layers/iosched/cfq_time_slices.h"

#include <algorithm>
#include <utility>

#include "layers/iosched/try_merge.h"

namespace biotope {
namespace {

// CFQ_IDLE_GRACE: the disk belongs to the idle class when nobody else has used it for so long.
constexpr uint64_t kIdleGraceMs = 100;
// How long to wait for a task that seeks.
constexpr uint64_t kSeekyIdleMs = 2;
// A device that has more requests than this is taken to queue them itself.
constexpr uint32_t kMaxNotTagged = 4;

}  // namespace

CfqTimeSlicesScheduler::CfqTimeSlicesScheduler(const CfqTimeSlicesTunables& tunables, uint32_t hz)
    : clock_(hz),
      seek_{.back_max = uint64_t{tunables.back_seek_max_kb} * 2,
            .back_penalty = tunables.back_seek_penalty},
      quantum_(tunables.quantum),
      slice_async_rq_(tunables.slice_async_rq),
      fifo_expire_{clock_.FromMs(tunables.fifo_expire_sync_ms),
                   clock_.FromMs(tunables.fifo_expire_async_ms)},
      slice_{clock_.FromMs(tunables.slice_async_ms), clock_.FromMs(tunables.slice_sync_ms)},
      slice_idle_(clock_.FromMs(tunables.slice_idle_ms)) {}

// -- Slices

// cfq_select_queue: the queue whose requests are next. Null: none, or the disk waits for one.
CfqTaskQueue* CfqTimeSlicesScheduler::SelectQueue(Tick now) {
  if (active_ != nullptr) {
    if (active_->must_dispatch || !IsSliceOver(*active_, now)) {
      if (!active_->sorted.empty()) return active_;
      if (active_->dispatched() > 0) return nullptr;
      if (!active_->async && ArmSliceTimer(*active_, now)) return nullptr;
    }
    ExpireSlice(false, now);
  }
  return SetActiveQueue(now);
}

// cfq_set_active_queue.
CfqTaskQueue* CfqTimeSlicesScheduler::SetActiveQueue(Tick now) {
  CfqTaskQueue* queue = round_robin_.Next();
  if (queue == nullptr && round_robin_.NextIdle() != nullptr) {
    const uint64_t grace_end = last_end_request_ + clock_.FromMs(kIdleGraceMs);
    if (clock_.Jiffies(now) >= grace_end) {
      queue = round_robin_.NextIdle();
    } else {
      idle_class_timer_ = grace_end;
    }
  }
  if (queue != nullptr) {
    idle_class_timer_.reset();
    queue->slice_end = queue->slice_left = 0;
    queue->must_alloc_slice = queue->fifo_expired = false;
  }
  active_ = queue;
  return queue;
}

// __cfq_slice_expired.
void CfqTimeSlicesScheduler::ExpireSlice(bool preempted, Tick now) {
  if (active_ == nullptr) return;
  CfqTaskQueue& queue = *std::exchange(active_, nullptr);
  if (queue.wait_request) slice_timer_.reset();
  if (!preempted && queue.dispatched() == 0) ScheduleDispatch(now);
  queue.must_dispatch = queue.wait_request = queue.is_new = false;
  const uint64_t jiffies = clock_.Jiffies(now);
  queue.slice_left = queue.slice_end > jiffies ? queue.slice_end - jiffies : 0;
  if (queue.on_rr()) round_robin_.Resort(queue, preempted);
  active_task_.reset();
  dispatch_slice_ = 0;
}

bool CfqTimeSlicesScheduler::IsSliceOver(const CfqTaskQueue& queue, Tick now) const {
  return clock_.Jiffies(now) > queue.slice_end;
}

// cfq_arm_slice_timer: waits for the next request of the queue, if that is worth while; anew at
// every call.
bool CfqTimeSlicesScheduler::ArmSliceTimer(CfqTaskQueue& queue, Tick now) {
  if (slice_idle_ == 0 || !queue.idle_window || !active_task_) return false;
  const IoContext& context = ContextOf(*active_task_);
  if (context.exited) return false;
  queue.must_dispatch = queue.wait_request = true;
  // The kernel compares a date with a span, so the end of the slice hardly ever matters.
  uint64_t wait = std::min(queue.slice_end - 1, slice_idle_);
  if (context.seek.samples() > kEnoughSamples && context.seek.mean() > kSeeky) {
    wait = std::min(wait, clock_.FromMs(kSeekyIdleMs));
  }
  // A timer for the present jiffy comes with the next one.
  slice_timer_ = clock_.Jiffies(now) + std::max<uint64_t>(wait, 1);
  return true;
}

// cfq_prio_to_slice: a fifth more or less for each level above or below 4.
uint64_t CfqTimeSlicesScheduler::SliceOf(const CfqTaskQueue& queue) const {
  const auto base = static_cast<int64_t>(slice_[queue.sync()]);
  return static_cast<uint64_t>(base + base / 5 * (4 - int64_t{queue.ioprio.level}));
}

// cfq_prio_to_maxrq.
uint32_t CfqTimeSlicesScheduler::MostAsyncRequests(const CfqTaskQueue& queue) const {
  return 2 * (slice_async_rq_ + slice_async_rq_ * (kIoPriorityLevels - 1u - queue.ioprio.level));
}

// cfq_schedule_dispatch.
void CfqTimeSlicesScheduler::ScheduleDispatch(Tick now) {
  if (!round_robin_.empty()) kick_ = now;
}

void CfqTimeSlicesScheduler::RunTimers(Tick now) {
  const uint64_t jiffies = clock_.Jiffies(now);
  if (slice_timer_ && *slice_timer_ <= jiffies) {
    slice_timer_.reset();
    OnSliceTimer(now);
  }
  if (idle_class_timer_ && *idle_class_timer_ <= jiffies) {
    idle_class_timer_.reset();
    const uint64_t grace_end = last_end_request_ + clock_.FromMs(kIdleGraceMs);
    if (jiffies < grace_end) {
      idle_class_timer_ = grace_end;
    } else {
      ScheduleDispatch(now);
    }
  }
}

// cfq_idle_slice_timer: the awaited request has not come.
void CfqTimeSlicesScheduler::OnSliceTimer(Tick now) {
  if (active_ != nullptr && !IsSliceOver(*active_, now)) {
    // Nobody else wants the disk.
    if (round_robin_.empty()) return;
    if (!active_->sorted.empty()) {
      active_->must_dispatch = true;
      ScheduleDispatch(now);
      return;
    }
  }
  ExpireSlice(false, now);
  ScheduleDispatch(now);
}

std::optional<Tick> CfqTimeSlicesScheduler::NextWakeup() const {
  if (kick_) return kick_;
  if (!slice_timer_ && !idle_class_timer_) return std::nullopt;
  return clock_.DateOf(
      std::min(slice_timer_.value_or(UINT64_MAX), idle_class_timer_.value_or(UINT64_MAX)));
}

// -- Choosing

// elv_next_request.
Request* CfqTimeSlicesScheduler::Dispatch(Tick now) {
  RunTimers(now);
  if (dispatch_.empty()) DispatchRequests(now);
  kick_.reset();
  if (dispatch_.empty()) return nullptr;
  Request& request = dispatch_.front();
  dispatch_.pop_front();
  end_sector_ = request.end();
  if (++rq_in_driver_ > kMaxNotTagged) hw_tag_ = true;
  return &request;
}

// cfq_dispatch_requests.
void CfqTimeSlicesScheduler::DispatchRequests(Tick now) {
  if (round_robin_.empty()) return;
  const CfqTaskQueue* previous = nullptr;
  while (CfqTaskQueue* queue = SelectQueue(now)) {
    if (queue == previous) return;
    queue->must_dispatch = queue->wait_request = false;
    slice_timer_.reset();
    DispatchFrom(*queue, now);
    if (queue->idle_window && active_ != nullptr) return;
    previous = queue;
  }
}

// __cfq_dispatch_requests.
void CfqTimeSlicesScheduler::DispatchFrom(CfqTaskQueue& queue, Tick now) {
  const uint32_t most = queue.is_idle_class() ? 1 : quantum_;
  for (uint32_t i = 0; i < most && !queue.sorted.empty(); ++i) {
    Request* request = CheckFifo(queue, now);
    if (request == nullptr) request = queue.next;
    MoveToDispatch(*request);
    ++dispatch_slice_;
    if (!active_task_) active_task_ = request->task;
  }
  if (queue.slice_end == 0) queue.slice_end = clock_.Jiffies(now) + SliceOf(queue);
  const bool used_up = !queue.sync() && dispatch_slice_ >= MostAsyncRequests(queue);
  if (used_up || queue.is_idle_class() || !queue.idle_window) ExpireSlice(false, now);
}

// cfq_check_fifo: the oldest request, when it is overdue; once per slice.
Request* CfqTimeSlicesScheduler::CheckFifo(CfqTaskQueue& queue, Tick now) {
  if (queue.fifo_expired || queue.fifo.empty()) return nullptr;
  Request& oldest = queue.fifo.front();
  const uint64_t due = clock_.Jiffies(oldest.start_time) + fifo_expire_[queue.async];
  if (clock_.Jiffies(now) <= due) return nullptr;
  queue.fifo_expired = true;
  return &oldest;
}

// cfq_dispatch_insert.
void CfqTimeSlicesScheduler::MoveToDispatch(Request& request) {
  RemoveQueued(request);
  ++QueueOf(request).on_dispatch[request.sync];
  SortIntoDispatch(request);
  last_sector_ = dispatch_.back().end();
}

// elv_dispatch_sort: upwards from the sector where the sweep stands, then from the lowest; reads
// and writes do not pass each other.
void CfqTimeSlicesScheduler::SortIntoDispatch(Request& request) {
  auto position = dispatch_.end();
  while (position != dispatch_.begin()) {
    const Request& former = *std::prev(position);
    if (former.write != request.write) break;
    const bool former_wraps = former.sector < end_sector_;
    const bool wraps = request.sector < end_sector_;
    if (wraps != former_wraps) {
      if (wraps) break;
    } else if (request.sector >= former.sector) {
      break;
    }
    --position;
  }
  dispatch_.insert(position, request);
}

// -- Completion

// cfq_completed_request.
void CfqTimeSlicesScheduler::Completed(const Request& request, Tick now) {
  RunTimers(now);
  CfqTaskQueue& queue = QueueOf(request);
  const uint64_t jiffies = clock_.Jiffies(now);
  --rq_in_driver_;
  --queue.on_dispatch[request.sync];
  if (!queue.is_idle_class()) last_end_request_ = jiffies;
  if (queue.dispatched() == 0 && queue.on_rr()) round_robin_.Resort(queue, false);
  if (request.sync) ContextOf(request.task).last_end_request = jiffies;
  if (active_ != &queue) return;
  if (IsSliceOver(queue, now)) {
    ExpireSlice(false, now);
  } else if (request.sync && queue.sorted.empty()) {
    if (!ArmSliceTimer(queue, now)) ScheduleDispatch(now);
  }
}

// cfq_exit_io_context.
void CfqTimeSlicesScheduler::TaskExited(uint16_t task, Tick now) {
  IoContext& context = ContextOf(task);
  context.exited = true;
  if (active_ == nullptr) return;
  if (active_ == context.sync_queue.get() || active_ == context.async_queue) {
    ExpireSlice(false, now);
  }
}

}  // namespace biotope
