#ifndef BIOTOPE_SIM_WORLD_ENTRY_CATALOG_H_
#define BIOTOPE_SIM_WORLD_ENTRY_CATALOG_H_

#include <cstdint>
#include <string>
#include <vector>

#include "layers/syscall/entry_prices.h"
#include "layers/syscall/entry_program.h"
#include "layers/syscall/kernel_version.h"
#include "layers/syscall/system_call_table.h"
#include "sim/scenario/profile.h"

namespace biotope {

// A processor as the way into the kernel sees it.
struct EntryProcessor {
  std::string name;   // of its profile
  std::string model;  // for headings
  uint32_t frequency_khz = 0;
  EntryPrices prices;
};

// What a kernel profile says about its entry.
struct KernelEntryChoice {
  std::string program;  // empty: plain costs
  std::vector<std::string> flags;
};

// The shipped entry programs, processors and system-call tables, by the names of their files. What
// does not exist, or is broken, is a ScenarioError that lists what there is.
class EntryCatalog {
 public:
  explicit EntryCatalog(const ProfileSource& source) : files_(ListProfiles(source)) {}

  // Names, sorted.
  std::vector<std::string> ProgramNames() const { return Names("entries"); }
  std::vector<std::string> ProcessorNames() const { return Names("cpus"); }
  std::vector<std::string> TableNames() const { return Names("syscalls"); }

  EntryProgram Program(const std::string& name) const;
  EntryProcessor Processor(const std::string& name) const;
  SystemCallTable Table(const std::string& architecture, KernelVersion kernel, bool x32) const;
  KernelEntryChoice Kernel(const std::string& profile) const;
  bool HasKernel(const std::string& profile) const;

  // The programs of `architecture` (empty: all) that `kernel` has.
  std::vector<EntryProgram> ProgramsOf(const std::string& architecture, KernelVersion kernel) const;

 private:
  std::vector<std::string> Names(const std::string& folder) const;
  const ProfileFile& File(const std::string& folder, const std::string& name,
                          const std::string& what) const;
  template <class M>
  M Read(const std::string& folder, const std::string& name, const std::string& what) const;

  std::vector<ProfileFile> files_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_ENTRY_CATALOG_H_
