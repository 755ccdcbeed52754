#include "sim/engine/engine.h"

#include <algorithm>
#include <simgrid/kernel/resource/Model.hpp>
#include <simgrid/s4u.hpp>
// Uses macros of the headers above.
#include <simgrid/version.h>

#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/engine/actor.h"

// Exported, non-virtual members of libsimgrid whose headers are not installed. Only their names are
// relied on, no class layout: a missing one does not link.
static_assert(SIMGRID_VERSION_MAJOR == 3 && SIMGRID_VERSION_MINOR == 32,
              "the shim was checked against SimGrid 3.32; use the public back end with another");
namespace simgrid::kernel {
class EngineImpl {
 public:
  void add_actor_to_run_list_no_check(actor::ActorImpl* actor);
};
namespace actor {
class ActorImpl {
 public:
  void yield();
  static ActorImpl* self();
};
}  // namespace actor
}  // namespace simgrid::kernel

namespace biotope {

namespace s4u = simgrid::s4u;
using simgrid::kernel::actor::ActorImpl;

std::string_view BackendName(Backend backend) {
  switch (backend) {
    case Backend::kPublic:
      return "public";
    case Backend::kShim:
      return "shim";
    case Backend::kFastForward:
      return "fast-forward";
  }
  return "";
}

// Everything that touches SimGrid. It is a resource model of SimGrid's: SimGrid asks it for the
// delay to the next event and calls it back when its own clock has moved by so much.
class Engine::SimGridBridge : public simgrid::kernel::resource::Model {
 public:
  SimGridBridge(Engine& engine, Backend backend)
      : Model("biotope-clock"), engine_(engine), backend_(backend) {
    // One engine in a process at a time; SimGrid wants arguments, and only tells of its own errors.
    static char name[] = "biotope";
    static char quiet[] = "--log=root.thres:critical";
    static char* arguments[] = {name, quiet, nullptr};
    int count = 2;
    simgrid_ = new s4u::Engine(&count, arguments);
    s4u::NetZone* zone = s4u::create_empty_zone("zone");
    host_ = zone->create_host("host", 1.0);
    zone->seal();
    kernel_ = simgrid_->get_impl();
    // SimGrid wants to own its models; this one belongs to the Engine, so the pointer does nothing.
    simgrid_->add_model(std::shared_ptr<Model>(static_cast<Model*>(this), [](Model*) {}));
  }
  ~SimGridBridge() { delete simgrid_; }

  void StartActor(Actor& actor) {
    s4u::Actor::create(actor.name(), host_, [this, &actor] {
      s4u::Actor::self()->daemonize();
      Bind(actor);
      try {
        actor.Main();
      } catch (const std::bad_alloc&) {
        engine_.ActorFailed(std::current_exception());
      } catch (const Error&) {
        engine_.ActorFailed(std::current_exception());
      }
    });
  }

  void Run() {
    // SimGrid's run ends with its last actor that is not a daemon: this one.
    s4u::Actor::create("conductor", host_, [this] {
      conductor_.thread_ = Self();
      while (!stop_) {
        conductor_.parked_ = true;
        Yield(conductor_.thread_);
      }
    });
    simgrid_->run();
  }

  void Stop() {
    stop_ = true;
    engine_.inline_advance_ = false;
    started_ = false;
    Unpark(conductor_);
  }

  void Park(Actor& actor) {
    ParkGuard guard(actor.parked_);
    if (started_ && TakeNext(actor)) return;
    Yield(actor.thread_);
  }

  // The conductor is woken like an actor.
  template <class Parked>
  void Unpark(Parked& parked) {
    if (!parked.parked_) return;
    parked.parked_ = false;
    if constexpr (std::is_same_v<Parked, Actor>) {
      if (backend_ == Backend::kFastForward) return PushReady(parked);
    }
    Schedule(parked.thread_);
  }

  // -- Called by SimGrid.

  // The delay until something happens here, or a negative number for "nothing". SimGrid's clock
  // only has to move; by how much exactly does not matter to us.
  double next_occurring_event(double) override {
    if (stop_) return -1.0;
    if (ready_head_ != nullptr) return 0.0;
    if (engine_.heap_.empty()) {
      engine_.stalled_ = true;
      return 0.0;
    }
    return static_cast<double>((engine_.heap_.front().when - engine_.now_).value());
  }

  // SimGrid's clock has arrived at the next event.
  void update_actions_state(double, double) override {
    if (engine_.stalled_ && !stop_) return Stop();
    if (ready_head_ == nullptr && !engine_.heap_.empty() && !stop_) engine_.FireDue();
    if (backend_ == Backend::kFastForward && ready_head_ != nullptr) {
      started_ = !stop_;
      engine_.inline_advance_ = started_;
      void* const thread = ready_head_->thread_;
      PopReady();
      Schedule(thread);
    }
  }

 private:
  // Clears the flag when the wait ends, also when SimGrid ends the actor while it waits.
  struct ParkGuard {
    explicit ParkGuard(bool& parked) : parked_(parked) { parked_ = true; }
    ~ParkGuard() { parked_ = false; }
    bool& parked_;
  };
  struct Conductor {
    void* thread_ = nullptr;
    bool parked_ = false;
  };

  // After so many switches between actors without SimGrid, it gets a turn, so that its list of
  // actors that have run stays short.
  static constexpr unsigned kChainMax = 4096;

  void* Self() {
    return backend_ == Backend::kPublic ? static_cast<void*>(s4u::Actor::self())
                                        : static_cast<void*>(ActorImpl::self());
  }
  void Bind(Actor& actor) { actor.thread_ = Self(); }

  // Called by the actor whose handle is `thread`.
  void Yield(void* thread) {
    if (backend_ == Backend::kPublic) {
      s4u::this_actor::suspend();
    } else {
      static_cast<ActorImpl*>(thread)->yield();
    }
  }

  void Schedule(void* thread) {
    if (backend_ == Backend::kPublic) {
      static_cast<s4u::Actor*>(thread)->resume();
    } else {
      kernel_->add_actor_to_run_list_no_check(static_cast<ActorImpl*>(thread));
    }
  }

  void PushReady(Actor& actor) {
    actor.next_ready_ = nullptr;
    (ready_tail_ != nullptr ? ready_tail_->next_ready_ : ready_head_) = &actor;
    ready_tail_ = &actor;
  }
  void PopReady() {
    ready_head_ = ready_head_->next_ready_;
    if (ready_head_ == nullptr) ready_tail_ = nullptr;
  }

  // Fast-forward: `actor` has parked, so it looks for the next one to run, moving the clock if
  // nobody is ready. For those that wait in their main loop it does the work right here, on its own
  // stack. True: it is its own turn; it goes on without a switch. False: it must yield, either to
  // the one it found or back to SimGrid.
  bool TakeNext(Actor& actor) {
    for (;;) {
      while (ready_head_ == nullptr && !engine_.heap_.empty()) engine_.FireDue();
      if (ready_head_ == nullptr || !started_) return false;
      Actor& next = *ready_head_;
      if (next.waits_ == Actor::Waits::kInMainLoop && &next != &actor) {
        PopReady();
        next.DeliverAllFor();
        continue;
      }
      if (++chain_ >= kChainMax) {
        chain_ = 0;
        return false;
      }
      PopReady();
      if (&next == &actor) return true;
      Schedule(next.thread_);
      return false;
    }
  }

  Engine& engine_;
  const Backend backend_;
  s4u::Engine* simgrid_;
  s4u::Host* host_;
  simgrid::kernel::EngineImpl* kernel_;
  Conductor conductor_;
  bool stop_ = false;
  // Fast-forward only after every actor has run for the first time.
  bool started_ = false;
  unsigned chain_ = 0;
  Actor* ready_head_ = nullptr;  // woken, not yet resumed, in the order of waking
  Actor* ready_tail_ = nullptr;
};

Engine::Engine(Backend backend) : bridge_(std::make_unique<SimGridBridge>(*this, backend)) {}
Engine::~Engine() = default;

void Engine::At(Tick when, EventFunction function, void* argument) {
  BIOTOPE_CHECK(when >= now_, "event at {} asked for at {}", when.value(), now_.value());
  heap_.push_back({when, sequence_++, function, argument});
  std::push_heap(heap_.begin(), heap_.end(), Later);
}

void Engine::FireDue() {
  now_ = heap_.front().when;
  messages_at_tick_start_ = message_count_;
  while (!heap_.empty() && heap_.front().when == now_) {
    std::pop_heap(heap_.begin(), heap_.end(), Later);
    const Event event = heap_.back();
    heap_.pop_back();
    ++event_count_;
    event.function(event.argument);
  }
}

void Engine::Run() {
  bridge_->Run();
  if (error_) std::rethrow_exception(error_);
}

void Engine::Stop() { bridge_->Stop(); }

void Engine::Register(Actor& actor) { bridge_->StartActor(actor); }
void Engine::Park(Actor& actor) { bridge_->Park(actor); }
void Engine::Unpark(Actor& actor) { bridge_->Unpark(actor); }

void Engine::ActorFailed(std::exception_ptr error) {
  if (!error_) error_ = std::move(error);
  Stop();
}

}  // namespace biotope
