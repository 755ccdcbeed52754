#ifndef BIOTOPE_SIM_ENGINE_ACTOR_H_
#define BIOTOPE_SIM_ENGINE_ACTOR_H_

#include <string>

#include "sim/core/check.h"
#include "sim/engine/engine.h"
#include "sim/engine/message.h"

namespace biotope {

// A simulated actor: an inbox and a thread of control of its own (a SimGrid actor). A layer's main
// loop receives messages for ever; a task's is the story of a process.
class Actor {
 public:
  // Whether the actor waits for messages in one place only, its main loop. Then it keeps nothing on
  // its stack while it waits, and the fast-forward back end may deliver its messages on any stack.
  enum class Waits { kInMainLoop, kAnywhere };

  // The actor starts with Engine::Run, and must outlive it.
  Actor(Engine& engine, std::string name, Waits waits = Waits::kInMainLoop);
  virtual ~Actor();
  Actor(const Actor&) = delete;
  Actor& operator=(const Actor&) = delete;

  Engine& engine() const { return engine_; }
  const std::string& name() const { return name_; }
  bool idle() const { return idle_; }

  // Puts a message into the inbox; the port through which it comes has set its delivery.
  void Post(Message& message) {
    message.next = nullptr;
    (tail_ != nullptr ? tail_->next : head_) = &message;
    tail_ = &message;
    ++engine_.undelivered_;
    if (idle_) {
      idle_ = false;
      engine_.Unpark(*this);
    }
  }

 protected:
  // What the actor does. Default: deliver every message that comes.
  virtual void Main();

  // Waits for the next message, takes it out of the inbox and delivers it.
  void ReceiveOne() {
    while (head_ == nullptr) {
      idle_ = true;
      engine_.Park(*this);
    }
    DeliverFirst();
  }

 private:
  friend class Engine;

  void DeliverFirst() {
    Message& message = *head_;
    head_ = message.next;
    if (head_ == nullptr) tail_ = nullptr;
    --engine_.undelivered_;
    engine_.CountMessage();
    message.deliver(message.receiver, message);
  }

  // Does what the main loop would do now if it had a turn, on the stack of the caller. Only for an
  // actor that was waiting there and has been woken.
  void DeliverAllFor() {
    while (head_ != nullptr) DeliverFirst();
    idle_ = parked_ = true;
  }

  Engine& engine_;
  const Waits waits_;
  std::string name_;
  Message* head_ = nullptr;
  Message* tail_ = nullptr;
  bool idle_ = false;            // waits for a message
  bool parked_ = false;          // its thread of control is stopped
  void* thread_ = nullptr;       // the back end's handle
  Actor* next_ready_ = nullptr;  // in the fast-forward back end's ready queue
};

template <class M>
void Port<M>::Send(M& message) const {
  BIOTOPE_CHECK(actor_ != nullptr, "message sent to a port that is not connected");
  message.deliver = deliver_;
  message.receiver = receiver_;
  actor_->Post(message);
}

inline void Engine::CountMessage() {
  // Far more than any scenario sends without time passing: a loop that would never end.
  constexpr uint64_t kMessagesPerTickMax = 200'000'000;
  BIOTOPE_CHECK(++message_count_ - messages_at_tick_start_ < kMessagesPerTickMax,
                "{} messages at tick {}: actors exchange messages without end", kMessagesPerTickMax,
                now_.value());
}

}  // namespace biotope

#endif  // BIOTOPE_SIM_ENGINE_ACTOR_H_
