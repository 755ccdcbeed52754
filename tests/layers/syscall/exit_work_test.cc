#include "layers/syscall/exit_work.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace biotope {
namespace {

const std::vector<EntryWorkCost> kWork = {
    {ThreadFlag::kNeedResched, "schedule", Cycles(0), false},
    {ThreadFlag::kUprobe, "uprobe", Cycles(1), false},
    {ThreadFlag::kSigpending, "signal", Cycles(2), true},
    {ThreadFlag::kNotifyResume, "notify", Cycles(3), false},
    {ThreadFlag::kForeignFpstate, "fpsimd", Cycles(4), false},
};

ThreadFlags Flags(std::initializer_list<ThreadFlag> list) {
  ThreadFlags flags;
  for (const ThreadFlag flag : list) flags.Set(flag);
  return flags;
}

// Runs the loop to its end. Each work clears its flag; the first time that `from` is done, `raised`
// comes up.
std::string RunLoop(ExitWorkRule rule, ThreadFlags flags, const std::string& from = "",
                    ThreadFlag raised = ThreadFlag::kNeedResched) {
  ExitWorkLoop loop(rule, kWork);
  std::string log;
  bool done = false;
  while (loop.NextPass(flags)) {
    log += log.empty() ? "" : " | ";
    bool first = true;
    while (const EntryWorkCost* work = loop.NextWork()) {
      log += (first ? "" : " ") + work->function;
      first = false;
      flags.Clear(work->flag);
      if (work->function == from && !done) {
        flags.Set(raised);
        done = true;
      }
    }
  }
  return log;
}

constexpr auto kResched = ThreadFlag::kNeedResched;
constexpr auto kSignal = ThreadFlag::kSigpending;
constexpr auto kNotify = ThreadFlag::kNotifyResume;
constexpr auto kUprobe = ThreadFlag::kUprobe;
constexpr auto kFp = ThreadFlag::kForeignFpstate;

TEST(ExitWorkTest, NothingToDo) {
  for (const ExitWorkRule rule :
       {ExitWorkRule::kReschedThenNotify, ExitWorkRule::kReschedOrNotify, ExitWorkRule::kAll}) {
    EXPECT_EQ(RunLoop(rule, {}), "");
    // What tracing wants is not the loop's.
    EXPECT_EQ(RunLoop(rule, Flags({ThreadFlag::kSyscallTrace, ThreadFlag::kSeccomp})), "");
  }
}

TEST(ExitWorkTest, X8664DoesEverythingInOnePass) {
  EXPECT_EQ(RunLoop(ExitWorkRule::kAll, Flags({kNotify, kSignal, kResched, kUprobe})),
            "schedule uprobe signal notify");
}

TEST(ExitWorkTest, X8664LooksAgainAfterEachPass) {
  EXPECT_EQ(RunLoop(ExitWorkRule::kAll, Flags({kSignal}), "signal", kResched), "signal | schedule");
}

TEST(ExitWorkTest, Arm64SchedulesInAPassOfItsOwn) {
  EXPECT_EQ(RunLoop(ExitWorkRule::kReschedOrNotify, Flags({kResched, kSignal, kFp, kUprobe})),
            "schedule | uprobe signal fpsimd");
  EXPECT_EQ(RunLoop(ExitWorkRule::kReschedOrNotify, Flags({kSignal, kNotify}), "signal", kResched),
            "signal notify | schedule");
}

TEST(ExitWorkTest, I386SchedulesAsLongAsItIsAsked) {
  EXPECT_EQ(
      RunLoop(ExitWorkRule::kReschedThenNotify, Flags({kResched, kSignal}), "schedule", kResched),
      "schedule | schedule | signal");
}

TEST(ExitWorkTest, I386ReturnsAfterItsSignalsWithoutAnotherLook) {
  EXPECT_EQ(RunLoop(ExitWorkRule::kReschedThenNotify, Flags({kSignal}), "signal", kResched),
            "signal");
  EXPECT_EQ(RunLoop(ExitWorkRule::kReschedThenNotify, Flags({kSignal, kNotify}), "notify", kSignal),
            "signal notify");
}

TEST(ExitWorkTest, CountsThePasses) {
  ExitWorkLoop loop(ExitWorkRule::kReschedOrNotify, kWork);
  EXPECT_TRUE(loop.NextPass(Flags({kResched})));
  EXPECT_TRUE(loop.NextPass(Flags({kSignal})));
  EXPECT_FALSE(loop.NextPass({}));
  EXPECT_EQ(loop.passes(), 2u);
}

TEST(ThreadFlagsTest, NamesGoBothWays) {
  for (size_t i = 0; i < kThreadFlagNames.size(); ++i) {
    const auto flag = static_cast<ThreadFlag>(i);
    EXPECT_EQ(ThreadFlagByName(ThreadFlagName(flag)), flag);
  }
  EXPECT_FALSE(ThreadFlagByName("TIF_POLLING").has_value());
}

}  // namespace
}  // namespace biotope
