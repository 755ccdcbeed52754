#ifndef BIOTOPE_TESTS_TESTING_SCRIPTED_H_
#define BIOTOPE_TESTS_TESTING_SCRIPTED_H_

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/cpu/layer_actor.h"
#include "sim/trace/stream.h"

namespace biotope::testing {

// Keeps every record of a stream.
class RecordKeeper : public EventSink {
 public:
  void Consume(const Record* records, size_t count) override {
    all.insert(all.end(), records, records + count);
  }
  // The kinds, in order, of those that `filter` lists.
  std::vector<Kind> Kinds(std::initializer_list<Kind> filter) const {
    std::vector<Kind> kinds;
    for (const Record& record : all) {
      for (const Kind kind : filter) {
        if (record.kind == kind) kinds.push_back(kind);
      }
    }
    return kinds;
  }
  std::vector<Record> all;
};

// A neighbour whose answer to each call is a function of the test's. It answers at once.
template <class M>
class Scripted : public LayerActor {
 public:
  using Answer = std::function<void(M&)>;
  Scripted(Engine& engine, Layer layer, Answer answer)
      : LayerActor(engine, layer, "scripted"), answer_(std::move(answer)) {}
  Port<M> port() { return PortOf<&Scripted::OnCall>(*this); }

 private:
  void OnCall(M& call) {
    answer_(call);
    if constexpr (std::derived_from<M, Call>) Reply(call);
  }
  Answer answer_;
};

// A kernel thread that runs the coroutine of a test in a context of its own.
class Driver : public LayerActor {
 public:
  using Program = std::function<Co<>(Driver&, Context&)>;
  Driver(Engine& engine, Context& context, Program program)
      : LayerActor(engine, Layer::kSyscall, "test"),
        context_(context),
        program_(std::move(program)) {}

  using LayerActor::Ask;
  using LayerActor::Execute;
  using LayerActor::SleepIn;
  bool done = false;

 private:
  void Main() override {
    Begin();
    LayerActor::Main();
  }
  Handler Begin() {
    co_await WakeThread(context_);
    co_await program_(*this, context_);
    done = true;
    context_.core().Exit(context_);
  }
  Context& context_;
  Program program_;
};

// Costs that are all the same, for layers under test.
inline CostTable FlatCosts(std::initializer_list<const char*> functions, uint32_t cycles) {
  CostTable costs;
  for (const char* function : functions) costs.Set(function, {.cycles = cycles});
  return costs;
}

}  // namespace biotope::testing

#endif  // BIOTOPE_TESTS_TESTING_SCRIPTED_H_
