#ifndef BIOTOPE_SIM_CPU_CALL_H_
#define BIOTOPE_SIM_CPU_CALL_H_

#include <concepts>
#include <coroutine>

#include "sim/cpu/context.h"
#include "sim/engine/actor.h"
#include "sim/engine/message.h"

namespace biotope {

// A message that is answered: a function call between layers, within one context. The caller goes
// on when the callee replies; the results are fields of the derived message.
struct Call : Message {
  Context* context = nullptr;

  // Where the reply goes. Set by whoever sends the call.
  Actor* caller = nullptr;
  Layer caller_layer = Layer::kUser;
  void (*on_reply)(void* receiver, Message& call) = nullptr;
  void* reply_receiver = nullptr;
};

// Returns to the caller.
inline void Reply(Call& call) {
  call.deliver = call.on_reply;
  call.receiver = call.reply_receiver;
  call.caller->Post(call);
}

}  // namespace biotope

#endif  // BIOTOPE_SIM_CPU_CALL_H_
