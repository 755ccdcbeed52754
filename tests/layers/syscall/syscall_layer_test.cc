// The system-call layer: which cycles it charges on the way in and out, and what it does before
// user mode.

#include "layers/syscall/syscall_layer.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <memory>
#include <string>
#include <vector>

#include "sim/cpu/core.h"
#include "sim/engine/engine.h"
#include "tests/testing/scripted.h"

namespace biotope {
namespace {

using testing::Driver;
using testing::RecordKeeper;
using testing::Scripted;

SyscallCosts Costs() {
  SyscallCosts costs;
  costs.call = {Cycles(100), Cycles(0), Cycles(50)};
  costs.slow_call = {Cycles(100), Cycles(0), Cycles(80)};
  costs.ni_syscall = {Cycles(90), Cycles(7), Cycles(60)};
  costs.preset = {Cycles(85), Cycles(0), Cycles(45)};
  costs.entry_work = {{ThreadFlag::kSyscallTrace, "trace_enter", Cycles(1000), true},
                      {ThreadFlag::kSeccomp, "seccomp", Cycles(300), false}};
  costs.exit_work = {{ThreadFlag::kSyscallTrace, "trace_exit", Cycles(2000), true}};
  costs.loop_rule = ExitWorkRule::kAll;
  costs.loop_work = {{ThreadFlag::kNeedResched, "schedule", Cycles(5), false},
                     {ThreadFlag::kSigpending, "signal", Cycles(400), true}};
  return costs;
}

class SyscallLayerTest : public ::testing::Test {
 protected:
  // 1 GHz: a cycle is 1000 ticks. A switch of tasks takes 10 cycles, a slice a thousand.
  SyscallLayerTest()
      : engine_(kDefaultBackend),
        core_(engine_, stream_, 0,
              {.frequency_khz = 1'000'000,
               .context_switch = {.cycles = 10},
               .timeslice = 1000 * kNanosecond}),
        layer_(engine_, stream_, Costs()),
        vfs_(engine_, Layer::kVfs, [this](VfsCall& call) {
          ++vfs_calls_;
          call.result = 42;
        }) {
    stream_.AddSink(&records_);
    layer_.Connect({vfs_.port()});
  }

  Context& NewTask() {
    contexts_.push_back(std::make_unique<Context>(
        Context::Kind::kTask, "task", static_cast<uint16_t>(contexts_.size() + 1), core_, stream_));
    return *contexts_.back();
  }

  // The cycles of one call, from the first instruction to user mode.
  uint64_t CyclesOf(Syscall& call) {
    Tick begin;
    Tick end;
    Driver task(engine_, NewTask(), [&](Driver& self, Context& context) -> Co<> {
      begin = engine_.now();
      const Port<Syscall> port = layer_.ports().call;
      co_await self.Ask(port, call, context);
      end = engine_.now();
    });
    engine_.Run();
    return (end - begin) / kNanosecond;
  }

  EventStream stream_;
  RecordKeeper records_;
  Engine engine_;
  Core core_;
  SyscallLayer layer_;
  Scripted<VfsCall> vfs_;
  std::vector<std::unique_ptr<Context>> contexts_;
  int vfs_calls_ = 0;
};

TEST_F(SyscallLayerTest, ACallCostsItsWayInAndOut) {
  Syscall call;
  EXPECT_EQ(CyclesOf(call), 150u);
  EXPECT_EQ(call.result, 42);
  EXPECT_EQ(vfs_calls_, 1);
}

TEST_F(SyscallLayerTest, ANumberWithoutACallRunsNiSyscall) {
  Syscall call;
  call.dispatch = DispatchResult::Outcome::kNiSyscall;
  EXPECT_EQ(CyclesOf(call), 90u + 7 + 60);
  EXPECT_EQ(call.result, -ENOSYS);
  EXPECT_EQ(vfs_calls_, 0);
}

TEST_F(SyscallLayerTest, ANumberThatIsSkippedRunsNothing) {
  Syscall call;
  call.dispatch = DispatchResult::Outcome::kPreset;
  EXPECT_EQ(CyclesOf(call), 85u + 45);
  EXPECT_EQ(call.result, -ENOSYS);
}

TEST_F(SyscallLayerTest, TracingIsPaidOnBothWaysAndStays) {
  ThreadFlags flags;
  flags.Set(ThreadFlag::kSyscallTrace);
  Syscall call;
  call.thread_flags = &flags;
  EXPECT_EQ(CyclesOf(call), 100u + 1000 + 2000 + 80);  // and the return is the slow one
  EXPECT_TRUE(flags.Has(ThreadFlag::kSyscallTrace));
}

TEST_F(SyscallLayerTest, SeccompIsWorkOfTheEntryAlone) {
  ThreadFlags flags;
  flags.Set(ThreadFlag::kSeccomp);
  Syscall call;
  call.thread_flags = &flags;
  EXPECT_EQ(CyclesOf(call), 100u + 300 + 50);
}

TEST_F(SyscallLayerTest, ASignalIsDeliveredOnceAndForcesTheSlowReturn) {
  ThreadFlags flags;
  flags.Set(ThreadFlag::kSigpending);
  Syscall call;
  call.thread_flags = &flags;
  EXPECT_EQ(CyclesOf(call), 100u + 400 + 80);
  EXPECT_TRUE(flags.None());
}

TEST_F(SyscallLayerTest, TheEntryAndTheExitAreRecorded) {
  Syscall call;
  CyclesOf(call);
  stream_.Finish();
  EXPECT_EQ(records_.Kinds({Kind::kSyscallEnter, Kind::kSyscallExit}),
            (std::vector<Kind>{Kind::kSyscallEnter, Kind::kSyscallExit}));
  EXPECT_EQ(records_.all.back().value, 42u);
}

// Two tasks on a core: the first makes calls until its slice is over, then the other has the core.
TEST_F(SyscallLayerTest, AnExpiredSliceSchedulesBeforeUserMode) {
  std::vector<int> order;
  const auto program = [&](int number) {
    return [&, number](Driver& self, Context& context) -> Co<> {
      const Port<Syscall> port = layer_.ports().call;
      for (int i = 0; i < 8; ++i) {
        Syscall call;
        co_await self.Ask(port, call, context);
        order.push_back(number);
      }
    };
  };
  Driver first(engine_, NewTask(), program(1));
  Driver second(engine_, NewTask(), program(2));
  engine_.Run();
  // 150 cycles for a call: the seventh ends past 1000, so that its end waits for the other task.
  EXPECT_EQ(order, (std::vector<int>{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2, 1, 1, 2, 2}));
}

}  // namespace
}  // namespace biotope
