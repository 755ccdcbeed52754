#ifndef BIOTOPE_SIM_WORLD_MAKE_ENTRY_H_
#define BIOTOPE_SIM_WORLD_MAKE_ENTRY_H_

#include <string>
#include <vector>

#include "configs/schema/entry.pb.h"
#include "layers/syscall/entry_prices.h"
#include "layers/syscall/entry_program.h"
#include "layers/syscall/kernel_version.h"
#include "layers/syscall/system_call_table.h"

namespace biotope {

// From the messages of configs/schema/entry.proto to what layers/syscall works with. All throw
// ScenarioError if the message contradicts itself; `name` is that of its file.

// `handlers`: the set that the program names; null if it names none.
EntryProgram MakeEntryProgram(const std::string& name, const schema::EntryProgram& config,
                              const schema::HandlerSet* handlers);

EntryPrices MakeEntryPrices(const std::string& name, const schema::EntryPrices& config);

// The table of `kernel`; `x32`: with CONFIG_X86_X32_ABI.
SystemCallTable MakeSystemCallTable(const std::string& name, const schema::SyscallTable& config,
                                    KernelVersion kernel, bool x32);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_MAKE_ENTRY_H_
