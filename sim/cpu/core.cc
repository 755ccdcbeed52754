#include "sim/cpu/core.h"

#include <fmt/format.h>

#include "sim/core/check.h"

namespace biotope {

void Context::Emit(Kind_ kind, Tick now, uint64_t parent) {
  if (call_ == 0) return;
  Record record;
  record.tick = now;
  record.kind = kind;
  record.io = call_;
  record.parent = parent;
  record.layer = layer_;
  record.task = task_;
  record.cpu = core_->id();
  stream_.Emit(record);
}

Core::Core(Engine& engine, EventStream& stream, uint16_t id, const CoreParameters& parameters)
    : engine_(engine),
      stream_(stream),
      id_(id),
      parameters_(parameters),
      hardirq_(Context::Kind::kHardirq, fmt::format("hardirq/{}", id), 0, *this, stream),
      softirq_(Context::Kind::kSoftirq, fmt::format("softirq/{}", id), 0, *this, stream) {
  BIOTOPE_CHECK(parameters.frequency_khz > 0, "core without a clock");
}

Tick Core::TicksFor(Cycles cycles) {
  // A tick is 1e-12 s, so a cycle is 1e9 / kHz ticks.
  constexpr uint64_t kTicksTimesKhz = 1'000'000'000;
  BIOTOPE_CHECK(cycles.value() < uint64_t{1} << 33, "{} cycles at once", cycles.value());
  const uint64_t scaled = cycles.value() * kTicksTimesKhz + cycle_remainder_;
  cycle_remainder_ = scaled % parameters_.frequency_khz;
  return Tick(scaled / parameters_.frequency_khz);
}

// -- Execution

void Core::Run(Context& context, Tick span) {
  BIOTOPE_CHECK(context.work_ == Context::Work::kNone, "{} executes two things", context.name());
  if (Top() == &context) {
    StartWork(context, span);
  } else {
    context.work_ = Context::Work::kPaused;
    context.remaining_ = span;
  }
}

void Core::StartWork(Context& context, Tick span) {
  context.work_ = Context::Work::kRunning;
  context.started_ = engine_.now();
  context.end_ = engine_.now() + span;
  engine_.At(context.end_, WorkEnded, &context);
}

// The event of a stretch that was interrupted fires too; it is recognised by its date, because each
// interruption moves the end further away.
void Core::WorkEnded(void* argument) {
  Context& context = *static_cast<Context*>(argument);
  Core& core = *context.core_;
  if (context.work_ != Context::Work::kRunning || context.end_ != core.engine_.now()) return;
  core.busy_[static_cast<size_t>(context.kind_)] += context.end_ - context.started_;
  context.work_ = Context::Work::kNone;
  if (context.switching_) {
    context.switching_ = false;
    context.slice_started_ = context.end_;
    context.Emit(Kind::kRun, context.end_, 0);
  }
  context.Resume();
}

void Core::PauseTop() {
  Context* top = Top();
  if (top == nullptr || top->work_ != Context::Work::kRunning) return;
  busy_[static_cast<size_t>(top->kind_)] += engine_.now() - top->started_;
  top->work_ = Context::Work::kPaused;
  top->remaining_ = top->end_ - engine_.now();
}

void Core::ContinueTop() {
  Context* top = Top();
  if (top != nullptr && top->work_ == Context::Work::kPaused) StartWork(*top, top->remaining_);
}

// -- Tasks

void Core::Enqueue(Context& context) {
  context.state_ = Context::State::kReady;
  context.next_ = nullptr;
  (ready_tail_ != nullptr ? ready_tail_->next_ : ready_head_) = &context;
  ready_tail_ = &context;
}

void Core::SwitchToNext() {
  if (task_ != nullptr || ready_head_ == nullptr) return;
  task_ = ready_head_;
  ready_head_ = task_->next_;
  if (ready_head_ == nullptr) ready_tail_ = nullptr;
  task_->state_ = Context::State::kOnCore;
  task_->switching_ = true;
  Run(*task_, TicksFor(parameters_.context_switch.For(0)));
}

void Core::Wake(Context& context, uint64_t bio) {
  BIOTOPE_CHECK(
      context.state_ == Context::State::kSleeping || context.state_ == Context::State::kNew,
      "{} woken while it does not sleep", context.name());
  context.Emit(Kind::kWake, engine_.now(), bio);
  Enqueue(context);
  SwitchToNext();
}

void Core::Block(Context& context) {
  BIOTOPE_CHECK(task_ == &context, "{} sleeps without having the core", context.name());
  context.RecordLayer(engine_.now());
  context.Emit(Kind::kSleep, engine_.now(), 0);
  context.state_ = Context::State::kSleeping;
  task_ = nullptr;
  SwitchToNext();
}

void Core::Exit(Context& context) {
  BIOTOPE_CHECK(task_ == &context, "{} ends without having the core", context.name());
  context.state_ = Context::State::kFinished;
  task_ = nullptr;
  SwitchToNext();
}

bool Core::NeedResched(const Context& context) const {
  return ready_head_ != nullptr && engine_.now() - context.slice_started_ >= parameters_.timeslice;
}

void Core::Yield(Context& context) {
  BIOTOPE_CHECK(task_ == &context, "{} yields without having the core", context.name());
  // To the stream it is a sleep that ends at once; the time until it runs is waiting for a core.
  context.RecordLayer(engine_.now());
  context.Emit(Kind::kSleep, engine_.now(), 0);
  context.Emit(Kind::kWake, engine_.now(), 0);
  task_ = nullptr;
  Enqueue(context);
  SwitchToNext();
}

// -- Interrupts

void Core::EntryQueue::Push(InterruptEntry& entry) {
  entry.next = nullptr;
  (tail != nullptr ? tail->next : head) = &entry;
  tail = &entry;
}

InterruptEntry* Core::EntryQueue::Pop() {
  InterruptEntry* entry = head;
  head = entry->next;
  if (head == nullptr) tail = nullptr;
  return entry;
}

void Core::RequestHardirq(InterruptEntry& entry) {
  hardirq_queue_.Push(entry);
  ServeInterrupts();
}

void Core::RequestSoftirq(InterruptEntry& entry) {
  softirq_queue_.Push(entry);
  ServeInterrupts();
}

void Core::LeaveHardirq() {
  hardirq_active_ = false;
  ServeInterrupts();
  ContinueTop();
}

void Core::LeaveSoftirq() {
  softirq_active_ = false;
  ServeInterrupts();
  ContinueTop();
}

void Core::EnableInterrupts() {
  BIOTOPE_CHECK(interrupts_disabled_ > 0, "interrupts enabled twice on core {}", id_);
  --interrupts_disabled_;
  ServeInterrupts();
}

void Core::ServeInterrupts() {
  if (interrupts_disabled_ > 0 || hardirq_active_) return;
  if (hardirq_queue_.head != nullptr) {
    PauseTop();
    hardirq_active_ = true;
    Admit(*hardirq_queue_.Pop());
  } else if (!softirq_active_ && softirq_queue_.head != nullptr) {
    PauseTop();
    softirq_active_ = true;
    Admit(*softirq_queue_.Pop());
  }
}

}  // namespace biotope
