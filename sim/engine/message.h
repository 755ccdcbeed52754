#ifndef BIOTOPE_SIM_ENGINE_MESSAGE_H_
#define BIOTOPE_SIM_ENGINE_MESSAGE_H_

#include <concepts>

namespace biotope {

// What actors exchange. A message is an object of its sender (usually it lies in the frame of the
// coroutine that sent it, or in the thing that it is about), so sending allocates nothing. It is in
// at most one inbox at a time.
struct Message {
  Message() = default;
  // Copying a message would copy its place in an inbox.
  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  // Set by the port that it is sent through: what the receiving actor does with it.
  void (*deliver)(void* receiver, Message& message) = nullptr;
  void* receiver = nullptr;
  Message* next = nullptr;  // in the inbox
};

class Actor;

// An address that takes messages of type M: one kind of message to one actor. Ports are all that an
// actor knows of its neighbours.
template <class M>
class Port {
 public:
  Port() = default;

  // The port of `actor` at which `Method` (a member function that takes M&) receives.
  template <auto Method, class A>
  static Port To(A& actor) {
    static_assert(std::derived_from<M, Message>);
    Port port;
    port.actor_ = &actor;
    port.receiver_ = &actor;
    port.deliver_ = [](void* receiver, Message& message) {
      (static_cast<A*>(receiver)->*Method)(static_cast<M&>(message));
    };
    return port;
  }

  bool connected() const { return actor_ != nullptr; }

  // Hands `message` over: the receiver gets it at the present tick, after all that it was sent
  // before. `message` must stay alive until it has been received.
  void Send(M& message) const;

 private:
  Actor* actor_ = nullptr;
  void* receiver_ = nullptr;
  void (*deliver_)(void*, Message&) = nullptr;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_ENGINE_MESSAGE_H_
