#ifndef BIOTOPE_LAYERS_SYSCALL_DISPATCH_H_
#define BIOTOPE_LAYERS_SYSCALL_DISPATCH_H_

#include <cstdint>

namespace biotope {

// Which rule turns the number in a register into an entry of a table; by kernel, see
// schema.Dispatch.
enum class DispatchRule : uint8_t {
  kI386,
  kX8664Preset,
  kX8664Clamped,
  kX8664Ni,
  kIa32Preset,
  kIa32Ni,
  kArm64,
  kArm64Clamped,
  kIa64,
};

// The table that is asked.
struct DispatchTable {
  uint32_t base = 0;         // number of the first entry
  uint32_t entries = 0;      // NR_syscalls
  uint32_t x32_bit = 0;      // __X32_SYSCALL_BIT
  uint32_t x32_entries = 0;  // entries with CONFIG_X86_X32_ABI; 0: the kernel has no x32
};

struct DispatchResult {
  enum class Outcome : uint8_t {
    kCall,       // table[index](...), which is sys_ni_syscall where the table has a hole
    kNiSyscall,  // no entry: sys_ni_syscall (or what stands for it) is run for -ENOSYS
    kPreset,     // no entry: the -ENOSYS that the entry has stored is returned, nothing is run
  };
  Outcome outcome = Outcome::kPreset;
  uint32_t index = 0;  // from 0, of the table (kCall)
  bool x32 = false;    // the call came through the x32 ABI

  friend bool operator==(const DispatchResult&, const DispatchResult&) = default;
};

// What the kernel does with `number`, the register as the program left it (64 bits; i386 looks at
// the lower 32 only).
DispatchResult Dispatch(DispatchRule rule, const DispatchTable& table, uint64_t number);

// include/linux/nospec.h: `index` if it is below `size`, else 0, without a branch, so that a
// mispredicted bounds check cannot read past the table.
uint64_t ArrayIndexNospec(uint64_t index, uint64_t size);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_DISPATCH_H_
