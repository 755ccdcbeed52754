#ifndef BIOTOPE_LAYERS_SYSCALL_SYSCALL_COSTS_H_
#define BIOTOPE_LAYERS_SYSCALL_SYSCALL_COSTS_H_

#include <vector>

#include "layers/syscall/entry_cost.h"
#include "layers/syscall/entry_prices.h"
#include "layers/syscall/entry_program.h"
#include "layers/syscall/exit_work.h"
#include "sim/core/units.h"

namespace biotope {

// One way through the kernel's door, in cycles.
struct WayCost {
  Cycles enter;    // up to the call of the handler
  Cycles handler;  // 0 if the handler is simulated elsewhere
  Cycles leave;    // from its return to user mode

  Cycles Total() const { return enter + handler + leave; }
};

// What the system-call layer charges, computed once for a kernel on a processor.
struct SyscallCosts {
  WayCost call;        // a call that the other layers carry out; fast return
  WayCost slow_call;   // the same with the slow return (IRET)
  WayCost ni_syscall;  // a number without a call: sys_ni_syscall, or what stands for it
  WayCost preset;      // a number for which nothing is run
  std::vector<EntryWorkCost> entry_work;  // tracing, in the kernel's order
  std::vector<EntryWorkCost> exit_work;   // tracing on the way out
  ExitWorkRule loop_rule = ExitWorkRule::kAll;
  std::vector<EntryWorkCost> loop_work;  // before user mode
};

// The costs of `program` with `flags` on. Throws ScenarioError as Evaluate does.
SyscallCosts MakeSyscallCosts(const EntryProgram& program, const std::set<std::string>& flags,
                              const EntryPrices& prices);

// The costs without a program: two figures, one for each way. The return is always the same, and
// -ENOSYS costs nothing of its own.
SyscallCosts PlainSyscallCosts(Cycles enter, Cycles leave);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_SYSCALL_COSTS_H_
