#include "layers/syscall/syscall_costs.h"

#include <string>

namespace biotope {
namespace {

// Names that programs and handler sets share.
constexpr char kSlowReturn[] = "iret";
constexpr char kNiSyscall[] = "enosys";
constexpr char kPreset[] = "none";

WayCost WayOf(const EntryProgram& program, const EntryQuery& query, const EntryPrices& prices) {
  const EntryCost cost = EvaluateProgram(program, query, prices);
  return {cost.Of(EntryPhase::kEntry), cost.Of(EntryPhase::kHandler), cost.Of(EntryPhase::kExit)};
}

EntryWorkCost CostOf(const EntryWork& work, const std::set<std::string>& flags,
                     const EntryPrices& prices) {
  std::vector<SelectedStep> steps;
  for (const EntryStep& step : work.steps) {
    bool holds = true;
    for (const EntryCondition& condition : step.when) holds &= condition.Holds({"", flags});
    if (holds) steps.push_back({&step, EntryPhase::kExit});
  }
  EntryWorkCost cost{work.flag, work.function, Evaluate(steps, prices).Total(), false};
  for (const std::string& flag : work.path) cost.slow_return |= flag == kSlowReturn;
  return cost;
}

}  // namespace

SyscallCosts MakeSyscallCosts(const EntryProgram& program, const std::set<std::string>& flags,
                              const EntryPrices& prices) {
  SyscallCosts costs;
  costs.call = costs.slow_call = WayOf(program, {"", flags}, prices);
  if (program.FindFlag(kSlowReturn) != nullptr) {
    EntryQuery slow{"", flags};
    slow.flags.insert(kSlowReturn);
    costs.slow_call = WayOf(program, slow, prices);
  }
  costs.ni_syscall = program.FindHandler(kNiSyscall) != nullptr
                         ? WayOf(program, {kNiSyscall, flags}, prices)
                         : costs.call;
  costs.preset = program.FindHandler(kPreset) != nullptr ? WayOf(program, {kPreset, flags}, prices)
                                                         : costs.ni_syscall;
  costs.loop_rule = program.exit_work;
  for (const EntryWork& work : program.work) {
    std::vector<EntryWorkCost>& list = work.when == EntryWork::When::kEntry  ? costs.entry_work
                                       : work.when == EntryWork::When::kExit ? costs.exit_work
                                                                             : costs.loop_work;
    list.push_back(CostOf(work, flags, prices));
  }
  return costs;
}

SyscallCosts PlainSyscallCosts(Cycles enter, Cycles leave) {
  SyscallCosts costs;
  costs.call = {enter, Cycles(0), leave};
  costs.slow_call = costs.ni_syscall = costs.preset = costs.call;
  costs.loop_work.push_back({ThreadFlag::kNeedResched, "schedule", Cycles(0), false});
  return costs;
}

}  // namespace biotope
