#include "layers/iosched/anticipation.h"

#include <algorithm>

namespace biotope {

Anticipation::IoContext& Anticipation::ContextOf(uint16_t task) {
  if (task >= contexts_.size()) contexts_.resize(task + size_t{1});
  return contexts_[task];
}

// -- The history of the tasks

// as_update_iohist, and what as_add_request counts.
void Anticipation::Queued(uint16_t task, const Request& request, Tick now) {
  IoContext& context = ContextOf(task);
  if (request.sync) {
    if (context.io_running || context.io_started) {
      uint64_t think_time = 0;
      if (context.io_running && context.nr_queued + context.nr_dispatched == 0) {
        think_time = std::min(clock_.Jiffies(now) - context.last_end_request, max_think_time_ - 1);
      }
      AddThinkTime(context, think_time);
      AddSeek(context, context.seek.To(request));
    }
    context.seek.SetLast(request);
    context.io_started = true;
  }
  ++context.nr_queued;
}

// as_update_thinktime.
void Anticipation::AddThinkTime(IoContext& context, uint64_t jiffies) {
  if (context.think_time.samples() == 0) {
    new_think_time_total_ = (7 * new_think_time_total_ + 256 * jiffies) / 8;
    exit_prob_ = 7 * exit_prob_ / 8;
  }
  context.think_time.Add(jiffies);
}

// as_update_seekdist.
void Anticipation::AddSeek(IoContext& context, uint64_t sectors) {
  if (context.seek.samples() == 0) new_seek_total_ = (7 * new_seek_total_ + 256 * sectors) / 8;
  context.seek.Add(sectors);
}

void Anticipation::EndedSync(uint16_t task, Tick now) {
  IoContext& context = ContextOf(task);
  context.io_running = true;
  context.last_end_request = clock_.Jiffies(now);
}

// -- The waiting

void Anticipation::RunTimer(Tick now) {
  if (status_ != Status::kWaitNext || clock_.Jiffies(now) < start_ + antic_expire_) return;
  status_ = Status::kFinished;
  kick_ = now;
  if (ContextOf(*task_).think_time.samples() == 0) NoteExit();
}

bool Anticipation::ShouldWait(const std::optional<Candidate>& candidate, const Heads& heads,
                              Tick now) {
  return task_ && status_ != Status::kFinished && !CanBreak(candidate, heads, now);
}

void Anticipation::Wait() {
  if (status_ == Status::kOff) status_ = finished_ ? Status::kWaitNext : Status::kWaitReq;
}

void Anticipation::Consider(const Candidate& candidate, const Heads& heads, Tick now) {
  if (waiting() && CanBreak(candidate, heads, now)) Stop(now);
}

// as_antic_stop.
void Anticipation::Stop(Tick now) {
  status_ = Status::kFinished;
  kick_ = now;
}

void Anticipation::Start(std::optional<uint16_t> task) {
  status_ = Status::kOff;
  task_ = task;
  finished_ = false;
}

void Anticipation::Finished(uint16_t task, Tick now) {
  if (task_ != task) return;
  start_ = clock_.Jiffies(now);
  finished_ = true;
  if (status_ == Status::kWaitReq) status_ = Status::kWaitNext;
}

std::optional<Tick> Anticipation::NextWakeup() const {
  if (kick_) return kick_;
  if (status_ == Status::kWaitNext) return clock_.DateOf(start_ + antic_expire_);
  return std::nullopt;
}

// as_can_break_anticipation.
bool Anticipation::CanBreak(const std::optional<Candidate>& candidate, const Heads& heads,
                            Tick now) {
  if (candidate && candidate->task == *task_) return true;
  // The timer is about to say so too.
  if (finished_ && clock_.Jiffies(now) - start_ >= antic_expire_) return true;
  IoContext& context = ContextOf(*task_);
  if (context.exited) {
    if (context.think_time.samples() == 0) NoteExit();
    return true;
  }
  if (context.nr_queued > 0 || context.nr_dispatched > 0) return true;
  if (candidate && candidate->request->sync && IsClose(*candidate->request, heads.batch, now)) {
    // Two that work at one place are like one that goes on, so it has not been thinking.
    context.last_end_request = clock_.Jiffies(now);
    return true;
  }
  if (ThinksTooLong(context)) return true;
  if (!candidate) return false;
  const Sector sector = candidate->request->sector;
  const Sector distance = heads.sync < sector ? sector - heads.sync : heads.sync - sector;
  const uint64_t expected =
      context.seek.samples() == 0 ? new_seek_total_ / 256 : context.seek.mean();
  return expected > distance.value();
}

bool Anticipation::ThinksTooLong(const IoContext& context) const {
  if (context.think_time.samples() != 0) return context.think_time.mean() > antic_expire_;
  return new_think_time_total_ / 256 > antic_expire_ || exit_prob_ > 128;
}

// as_close_req: the longer it has been waiting, the more counts as close. The kernel compares
// milliseconds with a number of jiffies here.
bool Anticipation::IsClose(const Request& request, Sector last, Tick now) const {
  uint64_t delay_ms = 0;
  if (status_ != Status::kOff && finished_) {
    delay_ms = (clock_.Jiffies(now) - start_) * clock_.jiffy() / kMillisecond;
  }
  uint64_t window = 64;
  if (delay_ms > 1) {
    if (delay_ms > 20 || delay_ms > antic_expire_) return true;
    window <<= delay_ms - 1;
  }
  // Unsigned, as in the kernel: near the beginning of the disk nothing is close.
  return last - Sector(window / 2) <= request.sector && request.sector <= last + Sector(window);
}

}  // namespace biotope
