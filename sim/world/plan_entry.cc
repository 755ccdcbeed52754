#include "sim/world/plan_entry.h"

#include <fmt/format.h>

#include <optional>
#include <set>
#include <string>

#include "sim/core/error.h"
#include "sim/world/entry_catalog.h"
#include "sim/world/make_entry.h"

namespace biotope {
namespace {

constexpr char kPlain[] = "plain";
constexpr char kEntryCost[] = "kernel_entry";
constexpr char kExitCost[] = "kernel_exit";

std::optional<Cycles> CostOf(const Scenario& scenario, const std::string& function) {
  std::optional<Cycles> cycles;
  for (const Cost& cost : scenario.kernel().cost()) {
    if (cost.function() == function) cycles = Cycles(cost.cycles());
  }
  for (const Cost& cost : scenario.machine().cpu().cost()) {
    if (cost.function() == function) cycles = Cycles(cost.cycles());
  }
  return cycles;
}

SyscallCosts PlanPlain(const Scenario& scenario, std::vector<Problem>* problems) {
  const std::optional<Cycles> enter = CostOf(scenario, kEntryCost);
  const std::optional<Cycles> leave = CostOf(scenario, kExitCost);
  if (!enter || !leave) {
    problems->push_back(
        {"kernel",
         fmt::format("the way into the kernel has no price: name an entry program in "
                     "kernel.entry.program, or give costs for {} and {} in machine.cpu",
                     kEntryCost, kExitCost),
         {}});
    return {};
  }
  return PlainSyscallCosts(*enter, *leave);
}

}  // namespace

SyscallCosts PlanSyscallCosts(const Scenario& scenario, const ProfileSource& profiles,
                              std::vector<Problem>* problems) {
  const schema::KernelEntry& entry = scenario.kernel().entry();
  if (entry.program().empty() || entry.program() == kPlain) return PlanPlain(scenario, problems);
  for (const char* function : {kEntryCost, kExitCost}) {
    if (!CostOf(scenario, function)) continue;
    problems->push_back(
        {"kernel.entry.program",
         fmt::format("the cost of {} and an entry program say the same thing twice; "
                     "remove the cost, or set the program to \"plain\"",
                     function),
         {}});
    return {};
  }
  try {
    const Cpu& cpu = scenario.machine().cpu();
    const EntryPrices prices =
        MakeEntryPrices(cpu.has_profile() ? cpu.profile() : cpu.model(), cpu.entry());
    return MakeSyscallCosts(EntryCatalog(profiles).Program(entry.program()),
                            {entry.flag().begin(), entry.flag().end()}, prices);
  } catch (const ScenarioError& error) {
    problems->push_back({"kernel.entry.program", error.what(), {}});
    return {};
  }
}

}  // namespace biotope
