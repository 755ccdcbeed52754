#ifndef BIOTOPE_SIM_ENGINE_ENGINE_H_
#define BIOTOPE_SIM_ENGINE_ENGINE_H_

#include <cstddef>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

class Actor;

// How actors are parked and woken. All give the same event stream; they differ in speed.
enum class Backend {
  kPublic,       // SimGrid's public interface: suspend and resume
  kShim,         // SimGrid's run list directly, through three exported symbols of release 3.32
  kFastForward,  // the shim; an actor that parks takes the next event itself and does the layers'
                 // work
};

inline constexpr Backend kDefaultBackend = Backend::kFastForward;

// "public", "shim", "fast-forward".
std::string_view BackendName(Backend backend);

// The simulation's clock and its actors, on SimGrid. The clock is an integer number of picoseconds
// and its events are ordered by (tick, order of insertion); SimGrid's own clock, a double, follows
// it and is never read. There is at most one Engine at a time in a process.
class Engine {
 public:
  using EventFunction = void (*)(void*);

  explicit Engine(Backend backend);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  Tick now() const { return now_; }

  // Calls function(argument) at `when` (not before now), after all that was asked for earlier for
  // the same tick. The function runs outside of every actor: it may send messages and ask for
  // further events, nothing else.
  void At(Tick when, EventFunction function, void* argument);

  // Moves the clock to `when` at once, if the present actor is the only one with something to do
  // until then; the same as asking for an event and waiting for it, but without leaving the actor.
  // False (and nothing has happened) if there may be other work first, or with a back end that
  // cannot.
  bool TryAdvance(Tick when) {
    if (!inline_advance_ || undelivered_ != 0) return false;
    if (!heap_.empty() && heap_.front().when <= when) return false;
    now_ = when;
    ++event_count_;
    return true;
  }

  // Runs all actors until Stop() is called or until nothing can happen any more. Rethrows the first
  // Error that left an actor.
  void Run();
  // Ends the run when the present actor next waits.
  void Stop();
  // After Run: it ended because nothing could happen any more, without Stop().
  bool stalled() const { return stalled_; }

  // For figures of merit: timed events and messages since the start.
  uint64_t event_count() const { return event_count_; }
  uint64_t message_count() const { return message_count_; }

 private:
  friend class Actor;
  class SimGridBridge;

  struct Event {
    Tick when;
    uint64_t sequence;
    EventFunction function;
    void* argument;
  };
  static bool Later(const Event& a, const Event& b) {
    return a.when != b.when ? a.when > b.when : a.sequence > b.sequence;
  }

  void Register(Actor& actor);
  void Park(Actor& actor);
  void Unpark(Actor& actor);
  void ActorFailed(std::exception_ptr error);
  void FireDue();
  void CountMessage();

  std::vector<Event> heap_;
  Tick now_;
  uint64_t sequence_ = 0;
  uint64_t undelivered_ = 0;  // messages in all inboxes
  uint64_t event_count_ = 0;
  uint64_t message_count_ = 0;
  uint64_t messages_at_tick_start_ = 0;
  bool inline_advance_ = false;
  bool stalled_ = false;
  std::exception_ptr error_;
  std::unique_ptr<SimGridBridge> bridge_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_ENGINE_ENGINE_H_
