// io_getevents: fs/aio.c sys_io_getevents, read_events, aio_read_evt, set_timeout (Linux 2.6.11);
// read_events of later kernels differs in what AioRules says. Time-outs are counted in jiffies, as
// 2.6.11 does. Left out on purpose: signals (EINTR), several waiters of one context.

#include <algorithm>
#include <cerrno>

#include "layers/aio/aio.h"
#include "sim/core/check.h"

namespace biotope {

Co<int64_t> Aio::SysIoGetevents(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_io_getevents);
  const AioArguments& aio = *arguments.aio;
  const bool has_timeout = aio.timeout != UserPointer::kNull;
  const bool timeout_faults = has_timeout && !IsMapped(aio.timeout);
  if (rules_.timeout_read_first && timeout_faults) co_return -EFAULT;
  IoContext* io = LookupIoctx(arguments);
  if (io == nullptr) co_return -EINVAL;
  if (aio.min_nr < 0 || aio.nr < 0 || aio.min_nr > aio.nr) co_return -EINVAL;

  int64_t got = 0;
  int error = co_await TakeEvents(context, aio, *io, &got);
  if (error != 0 || got >= aio.min_nr) co_return got > 0 ? got : -error;
  if (timeout_faults) co_return got > 0 ? got : -EFAULT;

  Waiter& waiter = NewWaiter();
  if (has_timeout) ArmTimeout(waiter, aio.tv_sec, aio.tv_nsec);
  while (error == 0 && got < aio.min_nr && !waiter.timed_out) {
    waiter.wants = aio.min_nr - got;
    co_await WaitForEvent(context, *io, waiter);
    error = co_await TakeEvents(context, aio, *io, &got);
  }
  waiter.expires = kNever;
  free_waiters_.push_back(&waiter);
  co_return got > 0 ? got : -error;
}

// What the ring has, as far as it is wanted. 0, or EFAULT.
Co<int> Aio::TakeEvents(Context& context, const AioArguments& arguments, IoContext& io,
                        int64_t* got) {
  while (*got < arguments.nr && io.ring.in_ring() > 0) {
    co_await Execute(context, costs_.aio_read_evt);
    if (!IsMapped(arguments.events)) {
      if (rules_.event_lost_on_fault) io.ring.Pop();
      co_return EFAULT;
    }
    if (arguments.reaped != nullptr) arguments.reaped->push_back(io.ring.Front());
    io.ring.Pop();
    ++*got;
  }
  co_return 0;
}

Co<> Aio::WaitForEvent(Context& context, IoContext& io, Waiter& waiter) {
  BIOTOPE_CHECK(io.waiter == nullptr, "two threads of a process in I/O context {}", io.id);
  io.waiter = &waiter;
  waiter.place = &io.waiter;
  waiter.context = &context;
  co_await SleepIn(context, {"events of I/O context", io.id});
}

void Aio::WakeWaiter(IoContext& io, uint64_t bio) {
  Waiter& waiter = *io.waiter;
  io.waiter = nullptr;
  Context& context = *waiter.context;
  waiter.context = nullptr;
  context.core().Wake(context, bio);
}

Aio::Waiter& Aio::NewWaiter() {
  if (free_waiters_.empty()) free_waiters_.push_back(&waiters_.emplace_back());
  Waiter& waiter = *free_waiters_.back();
  free_waiters_.pop_back();
  waiter = {};
  waiter.aio = this;
  return waiter;
}

// timespec_to_jiffies: rounded up, and one more for a whole number, because a tick of the timer is
// a little shorter than 1/HZ. A negative time has no end that can be reached.
void Aio::ArmTimeout(Waiter& waiter, int64_t tv_sec, int64_t tv_nsec) {
  if (tv_sec < 0) return;
  if (tv_sec == 0 && tv_nsec == 0) {
    waiter.timed_out = true;
    return;
  }
  constexpr int64_t kSecondsMax = 100 * 24 * 3600;  // less than what a Tick holds
  const Tick span = kSecond * static_cast<uint64_t>(std::min(tv_sec, kSecondsMax)) +
                    kNanosecond * static_cast<uint64_t>(tv_nsec);
  const uint64_t jiffies = engine().now() / parameters_.jiffy + span / parameters_.jiffy + 1;
  waiter.expires = parameters_.jiffy * jiffies;
  engine().At(waiter.expires, &Aio::TimedOut, &waiter);
}

// The timer cannot be taken back: it may be that of an earlier wait, which is over.
void Aio::TimedOut(void* argument) {
  Waiter& waiter = *static_cast<Waiter*>(argument);
  if (waiter.expires != waiter.aio->engine().now()) return;
  waiter.timed_out = true;
  if (waiter.context == nullptr) return;  // woken just before
  Context& context = *waiter.context;
  waiter.context = nullptr;
  *waiter.place = nullptr;
  context.core().Wake(context, 0);
}

}  // namespace biotope
