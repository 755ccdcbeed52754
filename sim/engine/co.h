#ifndef BIOTOPE_SIM_ENGINE_CO_H_
#define BIOTOPE_SIM_ENGINE_CO_H_

#include <coroutine>
#include <cstddef>
#include <exception>
#include <utility>

#include "sim/engine/frame_pool.h"

// Coroutines for handlers of messages. A handler must not block its actor; where it has to wait
// (for a reply, for cycles to be executed, for a page) it suspends, and the actor goes on with the
// next message. Written with co_await it still reads like the kernel function that it models.

namespace biotope {
namespace internal {

struct PooledFrame {
  static void* operator new(size_t size) { return FramePool::Allocate(size); }
  static void operator delete(void* memory, size_t size) { FramePool::Free(memory, size); }
};

}  // namespace internal

// The return type of a coroutine that a message starts and nobody waits for. It runs at once until
// it first suspends; its frame goes when it ends. An Error that leaves it leaves the actor and with
// it ends the run.
struct Handler {
  struct promise_type : internal::PooledFrame {
    Handler get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { throw; }
  };
};

// A part of a handler that can itself suspend: `T result = co_await Part(...)`. It starts when it
// is awaited. Await it at once; it must not outlive its arguments.
template <class T = void>
class [[nodiscard]] Co;

namespace internal {

struct CoPromiseBase : PooledFrame {
  struct FinalAwaiter {
    bool await_ready() noexcept { return false; }
    template <class P>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<P> self) noexcept {
      return self.promise().awaiting;
    }
    void await_resume() noexcept {}
  };
  std::suspend_always initial_suspend() noexcept { return {}; }
  FinalAwaiter final_suspend() noexcept { return {}; }
  void unhandled_exception() { error = std::current_exception(); }

  std::coroutine_handle<> awaiting;
  std::exception_ptr error;
};

template <class T>
struct CoPromise : CoPromiseBase {
  Co<T> get_return_object();
  void return_value(T result) { value = std::move(result); }
  T Take() { return std::move(value); }
  T value{};
};

template <>
struct CoPromise<void> : CoPromiseBase {
  Co<void> get_return_object();
  void return_void() {}
  void Take() {}
};

}  // namespace internal

template <class T>
class [[nodiscard]] Co {
 public:
  using promise_type = internal::CoPromise<T>;

  explicit Co(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Co(Co&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Co(const Co&) = delete;
  Co& operator=(const Co&) = delete;
  ~Co() {
    if (handle_) handle_.destroy();
  }

  bool await_ready() const noexcept { return false; }
  std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiting) noexcept {
    handle_.promise().awaiting = awaiting;
    return handle_;
  }
  T await_resume() {
    if (handle_.promise().error) std::rethrow_exception(handle_.promise().error);
    return handle_.promise().Take();
  }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace internal {

template <class T>
Co<T> CoPromise<T>::get_return_object() {
  return Co<T>(std::coroutine_handle<CoPromise<T>>::from_promise(*this));
}
inline Co<void> CoPromise<void>::get_return_object() {
  return Co<void>(std::coroutine_handle<CoPromise<void>>::from_promise(*this));
}

}  // namespace internal
}  // namespace biotope

#endif  // BIOTOPE_SIM_ENGINE_CO_H_
