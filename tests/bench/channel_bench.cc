// What passing a message from one actor to another costs with each back end: a batch of messages to
// a receiver that answers the last one, so that a batch of one is a round trip.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "sim/engine/actor.h"
#include "sim/engine/engine.h"

namespace biotope {
namespace {

struct Parcel : Message {
  bool last = false;
};

class Receiver;

class Sender : public Actor {
 public:
  Sender(Engine& engine, benchmark::State& state, uint64_t batch)
      : Actor(engine, "sender", Waits::kAnywhere), state_(state), parcels_(batch) {
    parcels_.back().last = true;
  }
  void Connect(const Port<Parcel>& receiver) { receiver_ = receiver; }
  Port<Parcel> answer_port() { return Port<Parcel>::To<&Sender::OnAnswer>(*this); }

 private:
  void Main() override {
    for (auto _ : state_) {
      answered_ = false;
      for (Parcel& parcel : parcels_) receiver_.Send(parcel);
      while (!answered_) ReceiveOne();
    }
    engine().Stop();
    for (;;) ReceiveOne();
  }
  void OnAnswer(Parcel&) { answered_ = true; }

  benchmark::State& state_;
  std::vector<Parcel> parcels_;
  Port<Parcel> receiver_;
  bool answered_ = false;
};

class Receiver : public Actor {
 public:
  explicit Receiver(Engine& engine) : Actor(engine, "receiver") {}
  void Connect(const Port<Parcel>& answer) { answer_ = answer; }
  Port<Parcel> port() { return Port<Parcel>::To<&Receiver::OnParcel>(*this); }

 private:
  void OnParcel(Parcel& parcel) {
    if (parcel.last) answer_.Send(parcel);
  }
  Port<Parcel> answer_;
};

void BM_Channel(benchmark::State& state, Backend backend) {
  const auto batch = static_cast<uint64_t>(state.range(0));
  Engine engine(backend);
  Sender sender(engine, state, batch);
  Receiver receiver(engine);
  sender.Connect(receiver.port());
  receiver.Connect(sender.answer_port());
  engine.Run();
  // The answer is a message too.
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(batch + 1));
}
BENCHMARK_CAPTURE(BM_Channel, public_interface, Backend::kPublic)->Arg(1)->Arg(64);
BENCHMARK_CAPTURE(BM_Channel, shim, Backend::kShim)->Arg(1)->Arg(64);
BENCHMARK_CAPTURE(BM_Channel, fast_forward, Backend::kFastForward)->Arg(1)->Arg(64);

}  // namespace
}  // namespace biotope
