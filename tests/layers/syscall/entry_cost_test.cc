#include "layers/syscall/entry_cost.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "layers/syscall/syscall_costs.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

EntryStep Code(const std::string& name, uint32_t uops, uint32_t loads = 0, uint32_t stores = 0,
               uint32_t chain = 0) {
  EntryStep step;
  step.name = name;
  step.function = "f";
  step.uops = uops;
  step.loads = loads;
  step.stores = stores;
  step.chain = chain;
  return step;
}

EntryStep Instruction(const std::string& cls, uint32_t count = 1) {
  EntryStep step;
  step.name = step.cls = cls;
  step.function = "f";
  step.count = count;
  return step;
}

EntryStep When(EntryStep step, const std::vector<std::string>& conditions) {
  for (const std::string& text : conditions) step.when.push_back(EntryCondition::Parse(text));
  return step;
}

// 3/2 operations, 2 loads and 1 store in a cycle; 4 cycles from load to load.
EntryPrices Prices() {
  EntryPrices prices;
  prices.processor = "test";
  prices.milliuops_per_cycle = 1500;
  prices.loads_per_cycle = 2;
  prices.stores_per_cycle = 1;
  prices.load_to_use_cycles = 4;
  prices.loads_evidence = Evidence::kRecalled;
  prices.stores_evidence = Evidence::kMeasured;
  prices.prices["TRAP"] = {Cycles(100), Evidence::kPublished, "test"};
  prices.prices["SEG"] = {Cycles(12), Evidence::kGuess, "test"};
  prices.cold["l1"] = {Cycles(40), Evidence::kMeasured, "test"};
  return prices;
}

EntryCost Price(const std::vector<EntryStep>& steps) {
  std::vector<SelectedStep> selected;
  for (const EntryStep& step : steps) selected.push_back({&step, EntryPhase::kEntry});
  return Evaluate(selected, Prices());
}

std::vector<uint64_t> CyclesOf(const EntryCost& cost) {
  std::vector<uint64_t> cycles;
  for (const EntryCostLine& line : cost.lines) cycles.push_back(line.cycles.value());
  return cycles;
}

TEST(EntryCostTest, TheScarcestResourceDecides) {
  EXPECT_EQ(Price({Code("a", 7)}).Total(), Cycles(5));                // 7 / 1.5, rounded up
  EXPECT_EQ(Price({Code("a", 1, 9)}).Total(), Cycles(5));             // loads
  EXPECT_EQ(Price({Code("a", 1, 0, 6)}).Total(), Cycles(6));          // stores
  EXPECT_EQ(Price({Code("a", 1, 2, 0, 2)}).Total(), Cycles(8));       // chain
  EXPECT_EQ(Price({Code("a", 3), Code("b", 3)}).Total(), Cycles(4));  // together, not 2 + 2 rounded
}

TEST(EntryCostTest, SerialisingInstructionsCutTheOverlap) {
  // Alone each is one cycle; in one segment they would be one together.
  EXPECT_EQ(Price({Code("a", 1), Instruction("TRAP"), Code("b", 1)}).Total(), Cycles(102));
  EXPECT_EQ(Price({Code("a", 1), Code("b", 0, 1)}).Total(), Cycles(1));
  EXPECT_EQ(Price({Instruction("SEG", 2)}).Total(), Cycles(24));
}

TEST(EntryCostTest, ASegmentIsSharedByTheLargestRemainder) {
  // 10 stores: 10 cycles for 1 + 2 + 4 operations: 1.43, 2.86, 5.71.
  EXPECT_EQ(CyclesOf(Price({Code("a", 1), Code("b", 2), Code("c", 4, 0, 10)})),
            (std::vector<uint64_t>{1, 3, 6}));
  // Equal remainders: the first comes first.
  EXPECT_EQ(CyclesOf(Price({Code("a", 1), Code("b", 1, 0, 3)})), (std::vector<uint64_t>{2, 1}));
  // Nothing to share by.
  EXPECT_EQ(CyclesOf(Price({Code("a", 0, 2), Code("b", 0, 2)})), (std::vector<uint64_t>{2, 0}));
}

TEST(EntryCostTest, EvidenceIsThatOfTheScarcest) {
  EXPECT_EQ(Price({Code("a", 9)}).lines[0].evidence, Evidence::kGuess);
  EXPECT_EQ(Price({Code("a", 1, 9)}).lines[0].evidence, Evidence::kRecalled);
  // A measured price times a count is derived.
  EXPECT_EQ(Price({Code("a", 1, 0, 9)}).lines[0].evidence, Evidence::kDerived);
  EXPECT_EQ(Price({Instruction("TRAP")}).lines[0].evidence, Evidence::kPublished);
  EntryStep guessed = Code("a", 1, 0, 9);
  guessed.counts_guessed = true;
  EXPECT_EQ(Price({guessed}).lines[0].evidence, Evidence::kGuess);
}

TEST(EntryCostTest, SharesAddUpToTheTotal) {
  const EntryCost cost =
      Price({Code("a", 9), Instruction("TRAP"), Code("b", 1, 9), Instruction("SEG", 2)});
  Cycles sum;
  for (const Cycles cycles : cost.ByEvidence()) sum += cycles;
  EXPECT_EQ(sum, cost.Total());
  EXPECT_EQ(cost.ByEvidence()[static_cast<size_t>(Evidence::kPublished)], Cycles(100));
  EXPECT_EQ(cost.Counted(), Cycles(6 + 5));
}

TEST(EntryCostTest, WhatHasNoPriceIsAnError) {
  try {
    Price({Instruction("WRCR3")});
    FAIL();
  } catch (const ScenarioError& error) {
    EXPECT_NE(std::string(error.what()).find("processor test has no price for WRCR3"),
              std::string::npos)
        << error.what();
  }
}

TEST(EntryCostTest, AColdStartIsALineOfItsOwn) {
  EntryCost cost = Price({Instruction("TRAP")});
  AddColdStart("l1", Prices(), &cost);
  EXPECT_EQ(cost.Total(), Cycles(140));
  EXPECT_EQ(cost.lines.back().name, "cold start (l1)");
  EXPECT_THROW(AddColdStart("l9", Prices(), &cost), ScenarioError);
}

// enter 100 and code, a handler, a return that is slow on demand.
EntryProgram Program() {
  EntryProgram program;
  program.name = "p";
  program.flags = {{"pti", "", EntryFlag::Kind::kMitigation, {}},
                   {"late", "", EntryFlag::Kind::kConfiguration, KernelVersion{{6, 16, 0}}},
                   {"iret", "", EntryFlag::Kind::kPath, {}}};
  program.entry = {Instruction("TRAP"), When(Instruction("SEG"), {"pti"}),
                   When(Code("call", 3), {"handler!=none"})};
  program.exit = {Code("leave", 3), When(Instruction("SEG", 3), {"!iret"}),
                  When(Instruction("TRAP", 2), {"iret"})};
  program.handlers = {{"get", "", {Code("get", 3)}, {}},
                      {"enosys", "", {Code("ni", 6)}, {"iret"}},
                      {"none", "", {}, {}}};
  EntryWork trace{
      ThreadFlag::kSyscallTrace, "trace", EntryWork::When::kEntry, {Code("t", 30)}, {"iret"}};
  EntryWork late_trace = trace;
  late_trace.when = EntryWork::When::kExit;
  program.work = {
      trace, late_trace, {ThreadFlag::kNeedResched, "schedule", EntryWork::When::kLoop, {}, {}}};
  return program;
}

TEST(EntryProgramTest, FlagsAndHandlersChooseTheSteps) {
  const auto names = [](const EntryQuery& query) {
    const EntryProgram program = Program();
    std::string text;
    for (const SelectedStep& step : SelectSteps(program, query)) text += step.step->name + " ";
    return text;
  };
  EXPECT_EQ(names({"get", {}}), "TRAP call get leave SEG ");
  EXPECT_EQ(names({"get", {"pti"}}), "TRAP SEG call get leave SEG ");
  EXPECT_EQ(names({"none", {}}), "TRAP leave SEG ");
  EXPECT_EQ(names({"enosys", {}}), "TRAP call ni leave TRAP ");  // it brings its own flag
  EXPECT_EQ(names({"", {"iret"}}), "TRAP call leave TRAP ");
  EXPECT_THROW(names({"get", {"ptl"}}), ScenarioError);
  EXPECT_THROW(names({"got", {}}), ScenarioError);
}

TEST(EntryProgramTest, Conditions) {
  EXPECT_TRUE(EntryCondition::Parse("!pti").Holds({"get", {}}));
  EXPECT_FALSE(EntryCondition::Parse("!pti").Holds({"get", {"pti"}}));
  EXPECT_TRUE(EntryCondition::Parse("handler=get").Holds({"get", {}}));
  EXPECT_FALSE(EntryCondition::Parse("handler!=get").Holds({"get", {}}));
  for (const char* wrong : {"", "!", "pti=1", "!!pti", "a b"}) {
    EXPECT_THROW(EntryCondition::Parse(wrong), ScenarioError) << wrong;
  }
}

TEST(EntryProgramTest, FlagsThatFollowFromTheVersion) {
  EXPECT_TRUE(Program().FlagsOf(KernelVersion{{6, 8, 0}}).empty());
  EXPECT_EQ(Program().FlagsOf(KernelVersion{{6, 16, 0}}), std::set<std::string>{"late"});
}

TEST(EntryProgramTest, NothingOverlapsAcrossASimulatedHandler) {
  // With a handler of its own: call, get and leave are one segment of 9 operations, 6 cycles.
  EXPECT_EQ(EvaluateProgram(Program(), {"get", {}}, Prices()).Total(), Cycles(100 + 6 + 36));
  const EntryCost cost = EvaluateProgram(Program(), {"", {}}, Prices());
  EXPECT_EQ(cost.Of(EntryPhase::kEntry), Cycles(102));
  EXPECT_EQ(cost.Of(EntryPhase::kHandler), Cycles(0));
  EXPECT_EQ(cost.Of(EntryPhase::kExit), Cycles(2 + 36));
  EntryProgram split;
  split.entry = {Code("a", 2)};
  split.exit = {Code("b", 2)};
  split.handlers = {{"none", "", {}, {}}};
  EXPECT_EQ(EvaluateProgram(split, {"none", {}}, Prices()).Total(), Cycles(3));
  EXPECT_EQ(EvaluateProgram(split, {"", {}}, Prices()).Total(), Cycles(4));
}

TEST(SyscallCostsTest, TheWaysOfAProgram) {
  const SyscallCosts costs = MakeSyscallCosts(Program(), {"pti"}, Prices());
  EXPECT_EQ(costs.call.enter, Cycles(114));
  EXPECT_EQ(costs.call.leave, Cycles(38));
  EXPECT_EQ(costs.slow_call.enter, Cycles(114));
  EXPECT_EQ(costs.slow_call.leave, Cycles(202));
  EXPECT_EQ(costs.ni_syscall.Total(), Cycles(112 + 8 + 200));  // 12 operations in one segment
  EXPECT_EQ(costs.preset.Total(), Cycles(112 + 2 + 36));
  ASSERT_EQ(costs.entry_work.size(), 1u);
  EXPECT_EQ(costs.entry_work[0].cycles, Cycles(20));
  EXPECT_TRUE(costs.entry_work[0].slow_return);
  ASSERT_EQ(costs.exit_work.size(), 1u);
  ASSERT_EQ(costs.loop_work.size(), 1u);
  EXPECT_FALSE(costs.loop_work[0].slow_return);
}

TEST(SyscallCostsTest, PlainCostsAreTheSameForAll) {
  const SyscallCosts costs = PlainSyscallCosts(Cycles(225), Cycles(201));
  EXPECT_EQ(costs.call.Total(), Cycles(426));
  EXPECT_EQ(costs.slow_call.leave, Cycles(201));
  EXPECT_EQ(costs.ni_syscall.Total(), Cycles(426));
  ASSERT_EQ(costs.loop_work.size(), 1u);  // schedule() still happens
}

TEST(KernelVersionTest, OrderAndNotation) {
  const auto parse = [](const char* text) { return KernelVersion::Parse(text); };
  EXPECT_LT(*parse("2.6.11"), *parse("2.6.37"));
  EXPECT_LT(*parse("4.4"), *parse("4.15"));
  EXPECT_EQ(parse("6.8"), parse("6.8.0"));
  EXPECT_EQ(parse("4.15.18.1"), parse("4.15.18"));
  for (const char* wrong : {"", "linux", "6.", ".6", "6..8", "6.8-rc1", "9999999"}) {
    EXPECT_FALSE(parse(wrong).has_value()) << wrong;
  }
}

}  // namespace
}  // namespace biotope
