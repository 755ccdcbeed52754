// Models: the bounds check of a system-call number and the choice of the table's entry.
//   i386 2.6.11      arch/i386/kernel/entry.S: system_call, syscall_badsys
//   x86-64 4.4       arch/x86/entry/entry_64.S: entry_SYSCALL_64_fastpath
//   x86-64 4.17      arch/x86/entry/common.c: do_syscall_64
//   x86-64 6.8       the same file: do_syscall_x64, do_syscall_x32, do_syscall_32_irqs_on
//   arm64 4.10, 6.8  arch/arm64/kernel/entry.S: el0_svc; syscall.c: invoke_syscall
//   ia64 4.17        arch/ia64/kernel/ivt.S: break_fault
// Left out: the 32-bit calls of arm64, numbers that a tracer changes (they come here a second
// time).

#include "layers/syscall/dispatch.h"

namespace biotope {
namespace {

using Outcome = DispatchResult::Outcome;

DispatchResult Call(uint64_t index, bool x32 = false) {
  return {Outcome::kCall, static_cast<uint32_t>(index), x32};
}

DispatchResult Bounded(uint64_t index, uint64_t entries, Outcome otherwise) {
  return index < entries ? Call(index) : DispatchResult{otherwise, 0, false};
}

// As Bounded, with the clamp between check and use. It changes nothing that is executed for good.
DispatchResult Clamped(uint64_t index, uint64_t entries, Outcome otherwise) {
  return index < entries ? Call(ArrayIndexNospec(index, entries))
                         : DispatchResult{otherwise, 0, false};
}

// 4.x has one table for both ABIs. With x32 the bit is masked away, in assembly (andl) together
// with the upper half; without, the bit makes the number too large.
DispatchResult OneTable(const DispatchTable& table, uint64_t number, bool clamp) {
  const bool has_x32 = table.x32_entries > 0;
  const bool x32 = has_x32 && (number & table.x32_bit) != 0;
  uint64_t index = number;
  if (has_x32) index &= ~uint64_t{table.x32_bit};
  if (has_x32 && !clamp) index = static_cast<uint32_t>(index);
  const uint64_t entries = has_x32 ? table.x32_entries : table.entries;
  DispatchResult result =
      clamp ? Clamped(index, entries, Outcome::kPreset) : Bounded(index, entries, Outcome::kPreset);
  result.x32 = x32 && result.outcome == Outcome::kCall;
  return result;
}

// do_syscall_64 of 5.x and later: the number is an int; -1 means that a tracer has skipped the
// call.
DispatchResult TwoTables(const DispatchTable& table, uint64_t number) {
  const uint32_t nr = static_cast<uint32_t>(number);
  if (nr < table.entries) return Call(ArrayIndexNospec(nr, table.entries));
  // Numbers without the bit wrap around to far above the x32 table.
  const uint32_t x32_nr = nr - table.x32_bit;
  if (table.x32_entries > 0 && x32_nr < table.x32_entries) {
    return Call(ArrayIndexNospec(x32_nr, table.x32_entries), true);
  }
  return {nr == UINT32_MAX ? Outcome::kPreset : Outcome::kNiSyscall, 0, false};
}

DispatchResult Ia32Ni(const DispatchTable& table, uint64_t number) {
  const uint32_t nr = static_cast<uint32_t>(number);
  return Clamped(nr, table.entries, nr == UINT32_MAX ? Outcome::kPreset : Outcome::kNiSyscall);
}

}  // namespace

uint64_t ArrayIndexNospec(uint64_t index, uint64_t size) {
  // cmp, sbb: all ones if index is below size.
  const uint64_t mask = uint64_t{0} - static_cast<uint64_t>(index < size);
  return index & mask;
}

DispatchResult Dispatch(DispatchRule rule, const DispatchTable& table, uint64_t number) {
  const uint32_t low = static_cast<uint32_t>(number);
  switch (rule) {
    case DispatchRule::kI386:
      return Bounded(low, table.entries, Outcome::kNiSyscall);
    case DispatchRule::kX8664Preset:
      return OneTable(table, number, false);
    case DispatchRule::kX8664Clamped:
      return OneTable(table, number, true);
    case DispatchRule::kX8664Ni:
      return TwoTables(table, number);
    case DispatchRule::kIa32Preset:
      return Clamped(low, table.entries, Outcome::kPreset);
    case DispatchRule::kIa32Ni:
      return Ia32Ni(table, number);
    case DispatchRule::kArm64:  // uxtw: the lower half of x8
      return Bounded(low, table.entries, Outcome::kNiSyscall);
    case DispatchRule::kArm64Clamped:
      return Clamped(low, table.entries, Outcome::kNiSyscall);
    case DispatchRule::kIa64:
      // Numbers below the base wrap around.
      return Bounded(number - table.base, table.entries, Outcome::kNiSyscall);
  }
  return {};
}

}  // namespace biotope
