#ifndef BIOTOPE_SIM_CPU_SPIN_LOCK_H_
#define BIOTOPE_SIM_CPU_SPIN_LOCK_H_

#include <coroutine>

#include "sim/core/check.h"
#include "sim/cpu/core.h"
#include "sim/cpu/layer_actor.h"

namespace biotope {

// spin_lock_irq: mutual exclusion between contexts, also of different cores, with interrupts of the
// holder's core disabled. A context that finds it taken spins: it keeps its core. First come, first
// served, because simulated cores are fairer than real ones.
//   co_await lock.Acquire(*this, context);  ...  lock.Release(context);
class SpinLock {
 public:
  class Awaiter {
   public:
    Awaiter(SpinLock& lock, Actor& actor, Context& context)
        : lock_(lock), actor_(actor), context_(context) {}

    bool await_ready() { return context_.core().IsTop(context_) && TryAcquire(); }
    void await_suspend(std::coroutine_handle<> handle) {
      resume_.deliver = internal::ResumeCoroutine;
      resume_.receiver = handle.address();
      if (context_.core().IsTop(context_)) return WaitInLine();
      // An interrupt has just taken the core. It may want the lock too, and would spin for ever if
      // this context, which cannot go on before it, took it now.
      context_.ResumeWith(actor_, OnTopAgain, this);
      context_.core().Run(context_, Tick(0));
    }
    void await_resume() {}

   private:
    friend class SpinLock;

    static void OnTopAgain(void* self, Message&) {
      Awaiter& awaiter = *static_cast<Awaiter*>(self);
      if (!awaiter.TryAcquire()) return awaiter.WaitInLine();
      std::coroutine_handle<>::from_address(awaiter.resume_.receiver).resume();
    }
    bool TryAcquire() {
      if (lock_.held_) return false;
      context_.core().DisableInterrupts();
      return lock_.held_ = true;
    }
    void WaitInLine() {
      context_.core().DisableInterrupts();
      (lock_.tail_ != nullptr ? lock_.tail_->next_ : lock_.head_) = this;
      lock_.tail_ = this;
    }

    SpinLock& lock_;
    Actor& actor_;
    Context& context_;
    Message resume_;
    Awaiter* next_ = nullptr;
  };

  Awaiter Acquire(Actor& actor, Context& context) { return Awaiter(*this, actor, context); }

  void Release(Context& context) {
    BIOTOPE_CHECK(held_, "spin lock released by {} is not held", context.name());
    if (head_ == nullptr) {
      held_ = false;
    } else {
      // It stays held, by the one that has waited longest.
      Awaiter* next = head_;
      head_ = next->next_;
      if (head_ == nullptr) tail_ = nullptr;
      next->actor_.Post(next->resume_);
    }
    context.core().EnableInterrupts();
  }

 private:
  bool held_ = false;
  Awaiter* head_ = nullptr;
  Awaiter* tail_ = nullptr;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CPU_SPIN_LOCK_H_
