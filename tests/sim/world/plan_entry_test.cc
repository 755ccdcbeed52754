// The entry program of a scenario: its cycles, and what does not go together.

#include "sim/world/plan_entry.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"

namespace biotope {
namespace {

Scenario With(const std::string& kernel, const std::string& cpu) {
  const std::string text = "schema_version: 1 kernel { profile: \"linux-2.6.11\" " + kernel +
                           " } machine { cpu { " + cpu + R"( } }
block_device { scsi {} device { fixed_latency { service_ns: 1 capacity_sectors: 80000 } } }
filesystem { synthesize { size: "1m" } }
process { fio { filename: "/a" } }
)";
  return ScenarioFile::FromText("s.textproto", text, {}, ShippedProfiles()).resolved();
}

SyscallCosts Plan(const std::string& kernel, const std::string& cpu, std::string* problem) {
  std::vector<Problem> problems;
  const SyscallCosts costs = PlanSyscallCosts(With(kernel, cpu), ShippedProfiles(), &problems);
  *problem = problems.empty() ? "" : problems.front().field + ": " + problems.front().message;
  return costs;
}

// Without the handler a call through sysenter takes 228 and 201 cycles; getpid with it 432.
TEST(PlanEntryTest, TheShippedKernelOnAPentium4) {
  std::string problem;
  const SyscallCosts costs = Plan("", "profile: \"pentium4-2.8\"", &problem);
  EXPECT_EQ(problem, "");
  EXPECT_EQ(costs.call.enter, Cycles(228));
  EXPECT_EQ(costs.call.leave, Cycles(201));
  EXPECT_EQ(costs.slow_call.enter, Cycles(228));
  EXPECT_GT(costs.slow_call.leave, Cycles(416));  // IRET instead of SYSEXIT
  EXPECT_EQ(costs.loop_rule, ExitWorkRule::kReschedThenNotify);
}

TEST(PlanEntryTest, AnotherMechanism) {
  std::string problem;
  const SyscallCosts costs =
      Plan("entry { program: \"i386-int80-2.6.11\" }", "profile: \"pentium4-2.8\"", &problem);
  EXPECT_EQ(problem, "");
  EXPECT_GT(costs.call.Total(), Cycles(1100));
}

TEST(PlanEntryTest, Mitigations) {
  std::string problem;
  const std::string program = "entry { program: \"x86_64-syscall-6.8\" ";
  const SyscallCosts plain = Plan(program + "}", "profile: \"broadwell\"", &problem);
  EXPECT_EQ(problem, "");
  const SyscallCosts pti =
      Plan(program + "flag: \"pti\" flag: \"pcid\" }", "profile: \"broadwell\"", &problem);
  EXPECT_EQ(problem, "");
  EXPECT_GT(pti.call.enter, plain.call.enter + Cycles(206));
  EXPECT_GT(pti.call.leave, plain.call.leave + Cycles(206));
}

TEST(PlanEntryTest, WhatDoesNotGoTogether) {
  std::string problem;
  Plan("", "profile: \"zen5\"", &problem);
  EXPECT_NE(problem.find("kernel.entry.program: processor zen5 has no price for SYSENTER"),
            std::string::npos)
      << problem;
  Plan("entry { program: \"i386-sysenter\" }", "profile: \"pentium4-2.8\"", &problem);
  EXPECT_NE(problem.find("did you mean \"i386-sysenter-2.6.11\""), std::string::npos) << problem;
  Plan("entry { flag: \"pti\" }", "profile: \"pentium4-2.8\"", &problem);
  EXPECT_NE(problem.find("has no flag \"pti\""), std::string::npos) << problem;
}

constexpr char kOwnCpu[] =
    "frequency_khz: 1000000 cost { function: \"kernel_entry\" cycles: 100 } "
    "cost { function: \"kernel_exit\" cycles: 50 }";

TEST(PlanEntryTest, PlainCostsInsteadOfAProgram) {
  std::string problem;
  const SyscallCosts costs = Plan("entry { program: \"plain\" }", kOwnCpu, &problem);
  EXPECT_EQ(problem, "");
  EXPECT_EQ(costs.call.enter, Cycles(100));
  EXPECT_EQ(costs.call.leave, Cycles(50));
  Plan("", kOwnCpu, &problem);
  EXPECT_NE(problem.find("say the same thing twice"), std::string::npos) << problem;
  Plan("entry { program: \"plain\" }", "profile: \"zen5\"", &problem);
  EXPECT_NE(problem.find("has no price"), std::string::npos) << problem;
}

}  // namespace
}  // namespace biotope
