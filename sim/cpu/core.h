#ifndef BIOTOPE_SIM_CPU_CORE_H_
#define BIOTOPE_SIM_CPU_CORE_H_

#include <array>
#include <cstdint>

#include "sim/core/units.h"
#include "sim/cpu/context.h"
#include "sim/cpu/cost_table.h"
#include "sim/engine/engine.h"

namespace biotope {

// Figures of a processor core.
struct CoreParameters {
  uint32_t frequency_khz = 0;
  FunctionCost context_switch;
  Tick timeslice;
};

// Waits to be let into an interrupt context. Lies in the frame of the coroutine that waits.
struct InterruptEntry {
  Actor* actor = nullptr;
  Message resume;
  InterruptEntry* next = nullptr;
};

// One processor core: what runs on it, in whole cycles.
//
// A task runs until it sleeps, or until its slice is over when it returns to user mode. A hard
// interrupt borrows the core from whatever runs, a soft interrupt from tasks; what they interrupt
// is continued afterwards, later by the time that was borrowed. Everything else is first come,
// first served.
class Core {
 public:
  Core(Engine& engine, EventStream& stream, uint16_t id, const CoreParameters& parameters);

  uint16_t id() const { return id_; }

  // -- Execution. A context executes one stretch at a time.

  // The time that so many cycles take here. Fractions of a tick are carried to the next call, so
  // that nothing drifts.
  Tick TicksFor(Cycles cycles);

  // Executes `span` in `context` at once if nothing can come in between. False: use Run.
  bool TryRun(Context& context, Tick span) {
    if (Top() != &context || !engine_.TryAdvance(engine_.now() + span)) return false;
    busy_[static_cast<size_t>(context.kind_)] += span;
    return true;
  }
  // Whether the core works for `context` now, not for something more urgent.
  bool IsTop(const Context& context) { return Top() == &context; }
  // Executes `span` in `context`, then resumes it.
  void Run(Context& context, Tick span);

  // -- Tasks and kernel threads.

  // Makes a sleeping (or new) context ready to run; it is resumed when it has the core. `bio`:
  // whose end woke it, 0 for none.
  void Wake(Context& context, uint64_t bio);
  // schedule(): the running context gives up the core until it is woken.
  void Block(Context& context);
  // The task is over.
  void Exit(Context& context);
  // need_resched: somebody waits and the slice of `context` is over.
  bool NeedResched(const Context& context) const;
  // The running context goes to the end of the run queue; it is resumed when it has the core again.
  void Yield(Context& context);

  // -- Interrupts.

  Context& hardirq() { return hardirq_; }
  Context& softirq() { return softirq_; }
  // Asks for the hard or soft interrupt context; `entry` is resumed when it has it.
  void RequestHardirq(InterruptEntry& entry);
  void RequestSoftirq(InterruptEntry& entry);
  void LeaveHardirq();
  void LeaveSoftirq();
  // local_irq_disable / enable, nesting. While disabled, interrupts stay pending.
  void DisableInterrupts() { ++interrupts_disabled_; }
  void EnableInterrupts();

  // Time spent in contexts of this kind so far.
  Tick busy(Context::Kind kind) const { return busy_[static_cast<size_t>(kind)]; }

 private:
  struct EntryQueue {
    InterruptEntry* head = nullptr;
    InterruptEntry* tail = nullptr;
    void Push(InterruptEntry& entry);
    InterruptEntry* Pop();
  };

  // What the core works for.
  Context* Top() { return hardirq_active_ ? &hardirq_ : softirq_active_ ? &softirq_ : task_; }
  void StartWork(Context& context, Tick span);
  void PauseTop();
  void ContinueTop();
  static void WorkEnded(void* context);
  void Enqueue(Context& context);
  void SwitchToNext();
  void ServeInterrupts();
  static void Admit(InterruptEntry& entry) { entry.actor->Post(entry.resume); }

  Engine& engine_;
  EventStream& stream_;
  const uint16_t id_;
  const CoreParameters parameters_;
  uint64_t cycle_remainder_ = 0;

  Context* task_ = nullptr;  // the task or kernel thread that has the core
  Context* ready_head_ = nullptr;
  Context* ready_tail_ = nullptr;
  Context hardirq_;
  Context softirq_;
  bool hardirq_active_ = false;
  bool softirq_active_ = false;
  uint32_t interrupts_disabled_ = 0;
  EntryQueue hardirq_queue_;
  EntryQueue softirq_queue_;
  std::array<Tick, 4> busy_{};
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CPU_CORE_H_
