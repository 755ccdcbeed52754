#ifndef BIOTOPE_LAYERS_IOSCHED_ANTICIPATION_H_
#define BIOTOPE_LAYERS_IOSCHED_ANTICIPATION_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "layers/block/request.h"
#include "layers/iosched/io_history.h"
#include "layers/iosched/jiffy_clock.h"
#include "sim/core/units.h"

namespace biotope {

// Is it worth while to keep the disk idle, because the task whose request has just been served will
// soon want something near it?
// Models: the functions as_antic_*, as_can_*, as_close_req, as_update_iohist and struct
// as_io_context of drivers/block/as-iosched.c (Linux 2.6.11).
//
// Only after a synchronous request there is a task to wait for. First its request must be finished
// (kWaitReq), then it has antic_expire to queue the next one (kWaitNext). The waiting ends
// (kFinished) when something arrives that is as good as what is awaited, or with the time. It
// begins anew only after the next dispatch.
class Anticipation {
 public:
  enum class Status { kOff, kWaitReq, kWaitNext, kFinished };

  // What could be dispatched instead of waiting.
  struct Candidate {
    const Request* request;
    uint16_t task;
  };
  // Where the last dispatched requests ended: of the class whose batch runs, and of the sync class.
  struct Heads {
    Sector batch;
    Sector sync;
  };

  // `antic_expire_ms`: the longest wait; 0: never waits.
  Anticipation(uint32_t antic_expire_ms, uint32_t hz)
      : clock_(hz), antic_expire_(clock_.FromMs(antic_expire_ms)), max_think_time_(hz / 50) {}

  bool enabled() const { return antic_expire_ != 0; }
  Status status() const { return status_; }
  bool waiting() const { return status_ == Status::kWaitReq || status_ == Status::kWaitNext; }
  // The one that is waited for, if it is any.
  bool awaits(uint16_t task) const { return waiting() && task_ == task; }

  // -- What the tasks do

  void Queued(uint16_t task, const Request& request, Tick now);
  void Unqueued(uint16_t task) { --ContextOf(task).nr_queued; }
  void Dispatched(uint16_t task) { ++ContextOf(task).nr_dispatched; }
  void TakenByDriver(uint16_t task) { --ContextOf(task).nr_dispatched; }
  // The end of a synchronous request, also of one that has become part of another.
  void EndedSync(uint16_t task, Tick now);
  void Exited(uint16_t task) { ContextOf(task).exited = true; }

  // -- The waiting

  // The timer (as_antic_timeout), if it is due.
  void RunTimer(Tick now);
  // as_can_anticipate: whether to wait instead of dispatching `candidate`, or nothing.
  bool ShouldWait(const std::optional<Candidate>& candidate, const Heads& heads, Tick now);
  // as_antic_waitreq.
  void Wait();
  // A request has been queued: ends the waiting if it is good enough.
  void Consider(const Candidate& candidate, const Heads& heads, Tick now);
  // A request leaves for the driver; `task` is whom to wait for after it.
  void Start(std::optional<uint16_t> task);
  // The device has finished a request of `task`.
  void Finished(uint16_t task, Tick now);

  // kblockd has been asked to run the queue.
  void Kick(Tick now) { kick_ = now; }
  void ClearKick() { kick_.reset(); }
  std::optional<Tick> NextWakeup() const;

  // est_time of sysfs: the chance, of 256, that a task of which nothing is known does not come
  // back.
  uint64_t exit_prob() const { return exit_prob_; }

 private:
  // struct as_io_context.
  struct IoContext {
    bool exited = false;      // !AS_TASK_RUNNING
    bool io_started = false;  // AS_TASK_IOSTARTED: has queued a synchronous request
    bool io_running = false;  // AS_TASK_IORUNNING: has had one finished
    uint32_t nr_queued = 0;
    uint32_t nr_dispatched = 0;  // that the driver has not taken yet
    uint64_t last_end_request = 0;
    ThinkTime think_time;
    SeekDistance seek;
  };

  IoContext& ContextOf(uint16_t task);
  bool CanBreak(const std::optional<Candidate>& candidate, const Heads& heads, Tick now);
  bool IsClose(const Request& request, Sector last, Tick now) const;
  bool ThinksTooLong(const IoContext& context) const;
  void AddThinkTime(IoContext& context, uint64_t jiffies);
  void AddSeek(IoContext& context, uint64_t sectors);
  void NoteExit() { exit_prob_ = (7 * exit_prob_ + 256) / 8; }
  void Stop(Tick now);

  const JiffyClock clock_;
  const uint64_t antic_expire_;    // jiffies
  const uint64_t max_think_time_;  // longer ones are not told apart
  Status status_ = Status::kOff;
  std::optional<uint16_t> task_;  // ad->io_context: whose synchronous request was dispatched last
  bool finished_ = false;         // ioc_finished: and the device has finished it
  uint64_t start_ = 0;            // antic_start: when; jiffies
  std::optional<Tick> kick_;
  std::vector<IoContext> contexts_;  // by task
  // What a task does of which nothing is known, from the first steps of those before it.
  uint64_t exit_prob_ = 0;
  uint64_t new_think_time_total_ = 0;
  uint64_t new_seek_total_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_ANTICIPATION_H_
