// A core: cycles without drift, interrupts that borrow it, tasks one after the other.

#include "sim/cpu/core.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "sim/cpu/spin_lock.h"
#include "tests/testing/scripted.h"

namespace biotope {
namespace {

using testing::Driver;

constexpr FunctionCost kNothing{};

class CoreTest : public ::testing::TestWithParam<Backend> {
 protected:
  // 1 GHz, so that a cycle is 1000 ticks; switching tasks costs 100 cycles.
  CoreTest()
      : engine_(GetParam()),
        core_(engine_, stream_, 0,
              {.frequency_khz = 1'000'000,
               .context_switch = {.cycles = 100},
               .timeslice = kMillisecond}) {}

  Context& NewTask(std::string name) {
    contexts_.push_back(std::make_unique<Context>(Context::Kind::kTask, std::move(name),
                                                  static_cast<uint16_t>(contexts_.size() + 1),
                                                  core_, stream_));
    return *contexts_.back();
  }
  void Log(const std::string& what) {
    log_.push_back(std::to_string(engine_.now().value() / 1000) + " " + what);
  }

  Engine engine_;
  EventStream stream_;
  Core core_;
  std::vector<std::unique_ptr<Context>> contexts_;
  std::vector<std::string> log_;
};

INSTANTIATE_TEST_SUITE_P(Backends, CoreTest,
                         ::testing::Values(Backend::kPublic, Backend::kFastForward),
                         [](const auto& backend) {
                           return backend.param == Backend::kPublic ? "public_api" : "fast_forward";
                         });

TEST_P(CoreTest, TasksRunOneAfterTheOtherUntilTheyEnd) {
  const auto program = [this](Driver& self, Context& context) -> Co<> {
    Log(context.name() + " begins");
    co_await self.Execute(context, FunctionCost{.cycles = 50});
    co_await self.Execute(context, FunctionCost{.cycles = 50});
    Log(context.name() + " ends");
  };
  Driver a(engine_, NewTask("a"), program);
  Driver b(engine_, NewTask("b"), program);
  engine_.Run();
  EXPECT_EQ(log_,
            (std::vector<std::string>{"100 a begins", "200 a ends", "300 b begins", "400 b ends"}));
  EXPECT_EQ(core_.busy(Context::Kind::kTask), Tick(400'000));
}

// An interrupt at 150 for 30 cycles, with a soft interrupt of 20 behind it.
class Interrupter : public LayerActor {
 public:
  Interrupter(Engine& engine, Core& core, std::function<void(const char*)> log)
      : LayerActor(engine, Layer::kDriver, "interrupter"), core_(core), log_(std::move(log)) {}
  struct Line : Message {};
  Port<Line> port() { return PortOf<&Interrupter::OnLine>(*this); }
  Line line;

 private:
  Handler OnLine(Line&) {
    Context& context = co_await EnterHardirq(core_);
    log_("irq begins");
    co_await Execute(context, FunctionCost{.cycles = 30});
    Softirq();
    log_("irq ends");
    core_.LeaveHardirq();
  }
  Handler Softirq() {
    Context& context = co_await EnterSoftirq(core_);
    co_await Execute(context, FunctionCost{.cycles = 20});
    log_("softirq ends");
    core_.LeaveSoftirq();
  }
  Core& core_;
  std::function<void(const char*)> log_;
};

TEST_P(CoreTest, AnInterruptDelaysTheTaskByItsOwnTime) {
  Interrupter interrupter(engine_, core_, [this](const char* what) { Log(what); });
  Driver task(engine_, NewTask("t"), [this](Driver& self, Context& context) -> Co<> {
    co_await self.Execute(context, FunctionCost{.cycles = 100});
    Log("task ends");
  });
  engine_.At(
      Tick(150'000),
      [](void* i) {
        Interrupter& it = *static_cast<Interrupter*>(i);
        it.port().Send(it.line);
      },
      &interrupter);
  engine_.Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"150 irq begins", "180 irq ends", "200 softirq ends",
                                            "250 task ends"}));
  EXPECT_EQ(core_.busy(Context::Kind::kHardirq), Tick(30'000));
  EXPECT_EQ(core_.busy(Context::Kind::kSoftirq), Tick(20'000));
  EXPECT_EQ(core_.busy(Context::Kind::kTask), Tick(200'000));
}

TEST_P(CoreTest, AnInterruptWaitsWhileTheyAreDisabled) {
  Interrupter interrupter(engine_, core_, [this](const char* what) { Log(what); });
  SpinLock lock;
  Driver task(engine_, NewTask("t"), [&](Driver& self, Context& context) -> Co<> {
    co_await lock.Acquire(self, context);
    co_await self.Execute(context, FunctionCost{.cycles = 100});
    Log("unlock");
    lock.Release(context);
    co_await self.Execute(context, FunctionCost{.cycles = 10});
    Log("task ends");
  });
  engine_.At(
      Tick(150'000),
      [](void* i) {
        Interrupter& it = *static_cast<Interrupter*>(i);
        it.port().Send(it.line);
      },
      &interrupter);
  engine_.Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"200 unlock", "200 irq begins", "230 irq ends",
                                            "250 softirq ends", "260 task ends"}));
}

TEST_P(CoreTest, ASleeperGivesTheCoreAwayAndGetsItBackBehindTheOthers) {
  Context& sleeper = NewTask("sleeper");
  Driver a(engine_, sleeper, [this](Driver& self, Context& context) -> Co<> {
    Log("sleeps");
    co_await self.SleepIn(context, {"a test", 1});
    Log("is back");
  });
  Driver b(engine_, NewTask("b"), [&](Driver& self, Context& context) -> Co<> {
    co_await self.Execute(context, FunctionCost{.cycles = 10});
    core_.Wake(sleeper, 0);
    co_await self.Execute(context, FunctionCost{.cycles = 10});
    Log("b ends");
  });
  engine_.Run();
  EXPECT_EQ(log_, (std::vector<std::string>{"100 sleeps", "220 b ends", "320 is back"}));
}

TEST(Cycles, FractionsOfATickAreCarried) {
  Engine engine(Backend::kShim);
  EventStream stream;
  // 3 GHz: a cycle is 333 1/3 ticks.
  Core core(engine, stream, 0,
            {.frequency_khz = 3'000'000, .context_switch = kNothing, .timeslice = kMillisecond});
  Tick sum;
  for (int i = 0; i < 3000; ++i) sum += core.TicksFor(Cycles(1));
  EXPECT_EQ(sum, Tick(1'000'000));
}

TEST(FunctionCost, RoundsThousandthsOfACycle) {
  const FunctionCost cost{.cycles = 10, .millicycles_per_unit = 250};
  EXPECT_EQ(cost.For(0), Cycles(10));
  EXPECT_EQ(cost.For(1), Cycles(10));
  EXPECT_EQ(cost.For(2), Cycles(11));
  EXPECT_EQ(cost.For(4096), Cycles(1034));
}

}  // namespace
}  // namespace biotope
