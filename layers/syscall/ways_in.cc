// Models: which symbol the processor arrives at, for each way into the kernel.
//   i386 2.6.11    arch/i386/kernel/entry.S, traps.c, i8259.c; include/asm-i386/mach-default/
//                  irq_vectors.h
//   x86-64 4.4 on  arch/x86/entry/entry_64.S, entry_64_compat.S, kernel/traps.c, kernel/idt.c;
//                  arch/x86/include/asm/irq_vectors.h
//   arm64          arch/arm64/kernel/entry.S (the "vector" is the offset in the vector table)
//   ia64 4.17      arch/ia64/kernel/ivt.S (likewise)
// Left out: vectors that only single platforms use (UV, Hyper-V, Xen), and, of the exceptions, all
// but the range and the two that read() meets.

#include "layers/syscall/ways_in.h"

namespace biotope {
namespace {

constexpr KernelVersion V(uint32_t a, uint32_t b, uint32_t c = 0) { return {{a, b, c}}; }

constexpr KernelVersion k2_6_11 = V(2, 6, 11);
constexpr KernelVersion kNewest = V(6, 18, 999999);

constexpr std::string_view kEntry64 = "arch/x86/entry/entry_64.S";
constexpr std::string_view kCompat64 = "arch/x86/entry/entry_64_compat.S";
constexpr std::string_view kEntry32 = "arch/i386/kernel/entry.S";
constexpr std::string_view kArm64 = "arch/arm64/kernel/entry.S";
constexpr std::string_view kIvt = "arch/ia64/kernel/ivt.S";
constexpr std::string_view kIrqCosts = "irq_entry, irq_exit";
constexpr std::string_view kUnpriced = "-";

// The doors with a vector of their own stand before those with a range that contains it.
constexpr KernelDoor kDoors[] = {
    // i386
    {"i386", WayIn::kSystemCall, "system_call", kEntry32, 0x80, 0x80, true, "int $0x80",
     "sys_call_table", "iret", k2_6_11, V(2, 6, 37), "int80"},
    {"i386", WayIn::kSystemCall, "sysenter_entry", kEntry32, 0, 0, false, "sysenter",
     "sys_call_table", "sysexit", k2_6_11, V(2, 6, 37), "sysenter"},
    {"i386", WayIn::kApicInterrupt, "apic_timer_interrupt", kEntry32, 0xef, 0xef, true,
     "local APIC", "smp_apic_timer_interrupt", "iret", k2_6_11, V(2, 6, 37), kIrqCosts},
    {"i386", WayIn::kApicInterrupt, "reschedule_interrupt", kEntry32, 0xfc, 0xfc, true,
     "local APIC", "smp_reschedule_interrupt", "iret", k2_6_11, k2_6_11, kIrqCosts},
    {"i386", WayIn::kApicInterrupt, "invalidate_interrupt", kEntry32, 0xfd, 0xfd, true,
     "local APIC", "smp_invalidate_interrupt", "iret", k2_6_11, k2_6_11, kIrqCosts},
    {"i386", WayIn::kApicInterrupt, "call_function_interrupt", kEntry32, 0xfb, 0xfb, true,
     "local APIC", "smp_call_function_interrupt", "iret", k2_6_11, k2_6_11, kIrqCosts},
    {"i386", WayIn::kApicInterrupt, "spurious_interrupt", kEntry32, 0xff, 0xff, true, "local APIC",
     "smp_spurious_interrupt", "iret", k2_6_11, V(2, 6, 37), kIrqCosts},
    {"i386", WayIn::kException, "device_not_available", kEntry32, 7, 7, true,
     "first use of the FPU", "math_state_restore", "iret", k2_6_11, V(2, 6, 37), kUnpriced},
    {"i386", WayIn::kException, "page_fault", kEntry32, 14, 14, true, "access to a page",
     "do_page_fault", "iret", k2_6_11, V(2, 6, 37), kUnpriced},
    {"i386", WayIn::kException, "divide_error, ...", kEntry32, 0, 31, true, "the instruction",
     "do_divide_error, ...", "iret", k2_6_11, V(2, 6, 37), kUnpriced},
    {"i386", WayIn::kInterrupt, "interrupt[]", kEntry32, 0x20, 0xff, true, "device",
     "common_interrupt: do_IRQ", "iret", k2_6_11, V(2, 6, 37), kIrqCosts},
    // x86-64
    {"x86_64", WayIn::kSystemCall, "entry_SYSCALL_64", kEntry64, 0, 0, false, "syscall",
     "do_syscall_64", "sysretq or iretq", V(4, 4), kNewest, "syscall"},
    {"x86_64", WayIn::kCompat, "entry_INT80_compat", kCompat64, 0x80, 0x80, true, "int $0x80",
     "do_int80_syscall_32", "iretq", V(4, 4), V(6, 6, 999999), "int80"},
    {"x86_64", WayIn::kCompat, "asm_int80_emulation", kEntry64, 0x80, 0x80, true, "int $0x80",
     "int80_emulation", "iretq", V(6, 7), kNewest, "int80"},
    {"x86_64", WayIn::kCompat, "entry_SYSENTER_compat", kCompat64, 0, 0, false,
     "sysenter, 32-bit code", "do_fast_syscall_32", "sysretl or iretq", V(4, 4), kNewest,
     "sysenter"},
    {"x86_64", WayIn::kCompat, "entry_SYSCALL_compat", kCompat64, 0, 0, false,
     "syscall, 32-bit code (AMD)", "do_fast_syscall_32", "sysretl or iretq", V(4, 4), kNewest,
     kUnpriced},
    {"x86_64", WayIn::kApicInterrupt, "local timer", kEntry64, 0xef, 0xef, true, "local APIC",
     "smp_apic_timer_interrupt", "iretq", V(4, 4), V(4, 14, 999999), kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "local timer", kEntry64, 0xee, 0xee, true, "local APIC",
     "smp_apic_timer_interrupt", "iretq", V(4, 15), V(4, 15, 999999), kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "local timer", kEntry64, 0xed, 0xed, true, "local APIC",
     "smp_apic_timer_interrupt", "iretq", V(4, 16), V(4, 16, 999999), kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "local timer", kEntry64, 0xec, 0xec, true, "local APIC",
     "sysvec_apic_timer_interrupt", "iretq", V(4, 17), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "irq work", kEntry64, 0xf6, 0xf6, true, "local APIC",
     "sysvec_irq_work", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "reboot", kEntry64, 0xf8, 0xf8, true, "local APIC",
     "sysvec_reboot", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "call function, single", kEntry64, 0xfb, 0xfb, true,
     "local APIC", "sysvec_call_function_single", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "call function (TLB shootdown)", kEntry64, 0xfc, 0xfc, true,
     "local APIC", "sysvec_call_function", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "reschedule", kEntry64, 0xfd, 0xfd, true, "local APIC",
     "sysvec_reschedule_ipi", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "error", kEntry64, 0xfe, 0xfe, true, "local APIC",
     "sysvec_error_interrupt", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kApicInterrupt, "spurious", kEntry64, 0xff, 0xff, true, "local APIC",
     "sysvec_spurious_apic_interrupt", "iretq", V(4, 4), kNewest, kIrqCosts},
    {"x86_64", WayIn::kException, "page_fault", kEntry64, 14, 14, true, "access to a page",
     "exc_page_fault", "iretq", V(4, 4), kNewest, kUnpriced},
    {"x86_64", WayIn::kException, "divide_error, ...", kEntry64, 0, 31, true, "the instruction",
     "exc_divide_error, ...", "iretq", V(4, 4), kNewest, kUnpriced},
    {"x86_64", WayIn::kInterrupt, "interrupt: irq_entries_start[]", kEntry64, 0x20, 0xff, true,
     "device", "common_interrupt", "iretq", V(4, 4), kNewest, kIrqCosts},
    // arm64
    {"arm64", WayIn::kSystemCall, "el0_sync: el0_svc", kArm64, 0x400, 0x400, true, "svc",
     "sys_call_table", "eret", V(4, 4), V(5, 9, 999999), "svc"},
    {"arm64", WayIn::kSystemCall, "el0t_64_sync: el0_svc", kArm64, 0x400, 0x400, true, "svc",
     "invoke_syscall", "eret", V(5, 10), kNewest, "svc"},
    {"arm64", WayIn::kCompat, "el0_sync_compat: el0_svc_compat", kArm64, 0x600, 0x600, true,
     "svc, 32-bit code", "compat_sys_call_table", "eret", V(4, 4), kNewest, kUnpriced},
    {"arm64", WayIn::kInterrupt, "el0_irq", kArm64, 0x480, 0x480, true, "device, from user mode",
     "handle_arch_irq", "eret", V(4, 4), kNewest, kIrqCosts},
    {"arm64", WayIn::kInterrupt, "el1_irq", kArm64, 0x280, 0x280, true, "device, from the kernel",
     "handle_arch_irq", "eret", V(4, 4), kNewest, kIrqCosts},
    {"arm64", WayIn::kException, "el0_sync: el0_da, el0_ia, ...", kArm64, 0x400, 0x400, true,
     "the instruction", "do_mem_abort, ...", "eret", V(4, 4), kNewest, kUnpriced},
    {"arm64", WayIn::kException, "el1_sync", kArm64, 0x200, 0x200, true,
     "the instruction, in the kernel", "do_mem_abort, ...", "eret", V(4, 4), kNewest, kUnpriced},
    // ia64
    {"ia64", WayIn::kSystemCall, "break_fault", kIvt, 0x2c00, 0x2c00, true, "break 0x100000",
     "sys_call_table", "rfi", k2_6_11, V(6, 6, 999999), "break"},
    {"ia64", WayIn::kSystemCall, "__kernel_syscall_via_epc", "arch/ia64/kernel/gate.S", 0, 0, false,
     "epc", "fsyscall_table or fsys_bubble_down", "br.ret or rfi", k2_6_11, V(6, 6, 999999),
     kUnpriced},
    {"ia64", WayIn::kInterrupt, "interrupt", kIvt, 0x3000, 0x3000, true, "device or local SAPIC",
     "ia64_handle_irq", "rfi", k2_6_11, V(6, 6, 999999), kIrqCosts},
    {"ia64", WayIn::kException, "vhpt_miss, ..., general_exception", kIvt, 0x0000, 0x7f00, true,
     "the instruction", "ia64_fault, ...", "rfi", k2_6_11, V(6, 6, 999999), kUnpriced},
};

}  // namespace

std::string_view WayInName(WayIn way) {
  switch (way) {
    case WayIn::kSystemCall:
      return "system call";
    case WayIn::kCompat:
      return "compat";
    case WayIn::kInterrupt:
      return "interrupt";
    case WayIn::kApicInterrupt:
      return "APIC interrupt";
    case WayIn::kException:
      return "exception";
  }
  return "";
}

std::span<const KernelDoor> KernelDoors() { return kDoors; }

const KernelDoor* DoorOfVector(std::string_view architecture, KernelVersion kernel,
                               uint16_t vector) {
  for (const KernelDoor& door : kDoors) {
    if (door.architecture == architecture && door.has_vector && door.first_kernel <= kernel &&
        kernel <= door.last_kernel && door.first_vector <= vector && vector <= door.last_vector) {
      return &door;
    }
  }
  return nullptr;
}

}  // namespace biotope
