#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "layers/syscall/ways_in.h"
#include "sim/cli/options.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/world/entry_catalog.h"

namespace biotope::cli {
namespace {

std::string VersionText(const KernelVersion& version) {
  const auto& [a, b, c] = version.numbers;
  return c == 0 || c > 9999 ? fmt::format("{}.{}", a, b) : fmt::format("{}.{}.{}", a, b, c);
}

std::string VectorText(const KernelDoor& door) {
  if (!door.has_vector) return "-";
  if (door.first_vector == door.last_vector) return fmt::format("{:#x}", door.first_vector);
  return fmt::format("{:#x}-{:#x}", door.first_vector, door.last_vector);
}

void PrintDoors() {
  std::puts("Ways into the kernel:");
  std::string architecture;
  for (const KernelDoor& door : KernelDoors()) {
    if (door.architecture != architecture) {
      architecture = door.architecture;
      std::fputs(fmt::format("{}\n  {:<14} {:<13} {:<32} {:<26} {:<34} {:<17} {:<15} {}\n",
                             architecture, "way", "vector", "symbol", "entered by", "leads to",
                             "returns by", "kernels", "priced by")
                     .c_str(),
                 stdout);
    }
    const std::string kernels =
        fmt::format("{} to {}", VersionText(door.first_kernel), VersionText(door.last_kernel));
    std::fputs(fmt::format("  {:<14} {:<13} {:<32} {:<26} {:<34} {:<17} {:<15} {}\n",
                           WayInName(door.way), VectorText(door), door.symbol, door.enters_by,
                           door.leads_to, door.returns_by, kernels, door.priced_by)
                   .c_str(),
               stdout);
  }
}

void PrintPrograms() {
  const EntryCatalog catalog{ShippedProfiles()};
  std::puts("\nEntry programs (`biotope entry --kernel ... --mechanism ...` prices them):");
  for (const std::string& name : catalog.ProgramNames()) {
    const EntryProgram program = catalog.Program(name);
    std::string flags;
    for (const EntryFlag& flag : program.flags) flags += " " + flag.name;
    std::string handlers;
    for (const EntryHandler& handler : program.handlers) handlers += " " + handler.name;
    std::fputs(fmt::format("{}: {}{}\n  kernels {}, mechanism {}\n  flags{}\n  handlers{}\n", name,
                           program.summary, program.unvalidated ? "; unvalidated" : "",
                           program.kernels, program.mechanism, flags.empty() ? " none" : flags,
                           handlers.empty() ? " none" : handlers)
                   .c_str(),
               stdout);
  }
}

}  // namespace

int ListEntries() {
  PrintDoors();
  PrintPrograms();
  return 0;
}

}  // namespace biotope::cli
