#ifndef BIOTOPE_SIM_CPU_LAYER_ACTOR_H_
#define BIOTOPE_SIM_CPU_LAYER_ACTOR_H_

#include <coroutine>
#include <string>

#include "sim/core/layer.h"
#include "sim/cpu/call.h"
#include "sim/cpu/context.h"
#include "sim/cpu/core.h"
#include "sim/cpu/cost_table.h"
#include "sim/engine/actor.h"
#include "sim/engine/co.h"

namespace biotope {
namespace internal {

inline void ResumeCoroutine(void* handle, Message&) {
  std::coroutine_handle<>::from_address(handle).resume();
}

// The message type that a handler member function takes.
template <class Method>
struct HandledMessage;
template <class R, class L, class M>
struct HandledMessage<R (L::*)(M&)> {
  using type = M;
};

}  // namespace internal

// A layer of the kernel (or the device): an actor whose handlers are coroutines. What a handler can
// wait for is here:
//   co_await Execute(context, cost)      the core executes so many cycles in `context`
//   co_await Ask(port, call)             another layer has answered
//   co_await SleepIn(context, reason)    the context was woken and has a core again
//   co_await EnterHardirq(core), EnterSoftirq(core)
class LayerActor : public Actor {
 public:
  LayerActor(Engine& engine, Layer layer, std::string name)
      : Actor(engine, std::move(name)), layer_(layer) {}

  Layer layer() const { return layer_; }

 protected:
  // The port at which `Method` of this layer receives. A call enters the layer in its context.
  template <auto Method, class L>
  static auto PortOf(L& layer) {
    using M = typename internal::HandledMessage<decltype(Method)>::type;
    return Port<M>::template To<&LayerActor::Enter<Method, L, M>>(layer);
  }

  struct ExecuteAwaiter {
    Actor& actor;
    Context& context;
    Tick span;
    bool await_ready() { return context.core().TryRun(context, span); }
    void await_suspend(std::coroutine_handle<> handle) {
      context.ResumeWith(actor, internal::ResumeCoroutine, handle.address());
      context.core().Run(context, span);
    }
    void await_resume() {}
  };
  // Lets the core execute what `function` costs for so many units.
  ExecuteAwaiter Execute(Context& context, const FunctionCost& function, uint64_t units = 0) {
    context.RecordLayer(engine().now());
    return {*this, context, context.core().TicksFor(function.For(units))};
  }

  template <class M>
  struct AskAwaiter {
    const Port<M>& port;
    M& call;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      call.reply_receiver = handle.address();
      port.Send(call);
    }
    void await_resume() {}
  };
  // Calls another layer in the present context of `call`.
  template <class M>
  AskAwaiter<M> Ask(const Port<M>& port, M& call, Context& context) {
    call.context = &context;
    call.caller = this;
    call.caller_layer = layer_;
    call.on_reply = ReplyArrived;
    return {port, call};
  }

  struct SleepAwaiter {
    Actor& actor;
    Context& context;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      context.ResumeWith(actor, internal::ResumeCoroutine, handle.address());
      context.core().Block(context);
    }
    void await_resume() { context.set_wait_reason({}); }
  };
  // The context gives up its core until Core::Wake; the caller has put it where the waker finds it.
  SleepAwaiter SleepIn(Context& context, WaitReason reason) {
    context.set_wait_reason(reason);
    return {*this, context};
  }

  struct YieldAwaiter {
    Actor& actor;
    Context& context;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      context.ResumeWith(actor, internal::ResumeCoroutine, handle.address());
      context.core().Yield(context);
    }
    void await_resume() {}
  };
  // Lets the others on the core run first; see Core::NeedResched.
  YieldAwaiter YieldCore(Context& context) { return {*this, context}; }

  struct WakeAwaiter {
    Actor& actor;
    Context& thread;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      thread.ResumeWith(actor, internal::ResumeCoroutine, handle.address());
      thread.core().Wake(thread, 0);
    }
    void await_resume() {}
  };
  // Goes on in a kernel thread that has been sleeping, when it has a core. The work ends with
  // Core::Block.
  WakeAwaiter WakeThread(Context& thread) { return {*this, thread}; }

  template <bool kHard>
  struct InterruptAwaiter {
    Actor& actor;
    Core& core;
    InterruptEntry entry;
    bool await_ready() { return false; }
    void await_suspend(std::coroutine_handle<> handle) {
      entry.actor = &actor;
      entry.resume.deliver = internal::ResumeCoroutine;
      entry.resume.receiver = handle.address();
      if constexpr (kHard) {
        core.RequestHardirq(entry);
      } else {
        core.RequestSoftirq(entry);
      }
    }
    Context& await_resume() { return kHard ? core.hardirq() : core.softirq(); }
  };
  // Waits until the core serves this interrupt; the handler ends with core.LeaveHardirq().
  InterruptAwaiter<true> EnterHardirq(Core& core) { return {*this, core, {}}; }
  InterruptAwaiter<false> EnterSoftirq(Core& core) { return {*this, core, {}}; }

 private:
  template <auto Method, class L, class M>
  void Enter(M& message) {
    if constexpr (std::derived_from<M, Call>) message.context->EnterLayer(layer_);
    (static_cast<L*>(this)->*Method)(message);
  }

  static void ReplyArrived(void* handle, Message& message) {
    Call& call = static_cast<Call&>(message);
    call.context->EnterLayer(call.caller_layer);
    std::coroutine_handle<>::from_address(handle).resume();
  }

  const Layer layer_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CPU_LAYER_ACTOR_H_
