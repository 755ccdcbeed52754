#ifndef BIOTOPE_SIM_CPU_CONTEXT_H_
#define BIOTOPE_SIM_CPU_CONTEXT_H_

#include <cstdint>
#include <string>
#include <utility>

#include "sim/core/layer.h"
#include "sim/core/units.h"
#include "sim/engine/actor.h"
#include "sim/engine/message.h"
#include "sim/trace/stream.h"

namespace biotope {

class Core;

// Why a task sleeps, for the report of a run in which it never wakes.
struct WaitReason {
  const char* what = "";  // "page of inode", "free request", ...
  uint64_t id = 0;        // which one
};

// A thread of control of the simulated kernel: a task, a kernel thread, or the hard or soft
// interrupt context of a core. It is passed along with every call, so at any time exactly one layer
// works in it (or it waits).
class Context {
 public:
  enum class Kind : uint8_t { kTask, kKernelThread, kSoftirq, kHardirq };

  Context(Kind kind, std::string name, uint16_t task, Core& core, EventStream& stream)
      : kind_(kind), task_(task), core_(&core), stream_(stream), name_(std::move(name)) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  Kind kind() const { return kind_; }
  const std::string& name() const { return name_; }
  uint16_t task() const { return task_; }
  Core& core() const { return *core_; }
  uint64_t call() const { return call_; }
  Layer layer() const { return layer_; }

  // The system call that this context executes from now on, entered in `layer`; the record of its
  // entry has been written. 0: none.
  void SetCall(uint64_t call, Layer layer) {
    call_ = call;
    layer_ = recorded_layer_ = layer;
  }

  // The layer that works in this context from now on.
  void EnterLayer(Layer layer) { layer_ = layer; }

  // Writes the change of layer into the stream, if there was one. Called before time can pass in
  // this context; between two such moments only the last change matters.
  void RecordLayer(Tick now) {
    if (layer_ == recorded_layer_ || call_ == 0) return;
    recorded_layer_ = layer_;
    Emit(Kind_::kLayer, now, 0);
  }

  // Writes a record about the present call; nothing if there is none.
  void Emit(biotope::Kind kind, Tick now, uint64_t parent);

  // How this context goes on when the core has done what it was asked to: `message` goes to
  // `actor`.
  void ResumeWith(Actor& actor, void (*deliver)(void*, Message&), void* receiver) {
    resume_actor_ = &actor;
    resume_.deliver = deliver;
    resume_.receiver = receiver;
  }

  const WaitReason& wait_reason() const { return wait_reason_; }
  void set_wait_reason(WaitReason reason) { wait_reason_ = reason; }

  enum class State : uint8_t { kNew, kSleeping, kReady, kOnCore, kFinished };
  State state() const { return state_; }

 private:
  friend class Core;
  using Kind_ = biotope::Kind;

  void Resume() { resume_actor_->Post(resume_); }

  const Kind kind_;
  const uint16_t task_;
  State state_ = State::kNew;
  Layer layer_ = Layer::kUser;
  Layer recorded_layer_ = Layer::kUser;
  uint64_t call_ = 0;
  Core* core_;
  EventStream& stream_;

  // The work that the core does for this context, if any: it ends at end_, or, while something more
  // urgent has the core, remaining_ is still to be done.
  enum class Work : uint8_t { kNone, kRunning, kPaused };
  Work work_ = Work::kNone;
  bool switching_ = false;  // the work is the switch to this context
  Tick end_;
  Tick remaining_;
  Tick started_;        // when the present stretch of running began
  Tick slice_started_;  // when it was given the core

  Actor* resume_actor_ = nullptr;
  Message resume_;
  Context* next_ = nullptr;  // in a run queue
  WaitReason wait_reason_;
  const std::string name_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CPU_CONTEXT_H_
