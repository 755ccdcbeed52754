#ifndef BIOTOPE_SIM_WORLD_PLAN_ENTRY_H_
#define BIOTOPE_SIM_WORLD_PLAN_ENTRY_H_

#include <vector>

#include "configs/schema/scenario.pb.h"
#include "layers/syscall/syscall_costs.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/profile.h"

namespace biotope {

// What the way into the kernel and out of it costs in a checked scenario: the entry program of its
// kernel on its processor, or, without a program, the plain costs kernel_entry and kernel_exit.
// What does not go together is appended to `problems`. `profiles`: where the programs are.
SyscallCosts PlanSyscallCosts(const Scenario& scenario, const ProfileSource& profiles,
                              std::vector<Problem>* problems);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PLAN_ENTRY_H_
