#include "sim/engine/actor.h"

#include <utility>

namespace biotope {

Actor::Actor(Engine& engine, std::string name, Waits waits)
    : engine_(engine), waits_(waits), name_(std::move(name)) {
  engine_.Register(*this);
}

Actor::~Actor() = default;

void Actor::Main() {
  for (;;) ReceiveOne();
}

}  // namespace biotope
