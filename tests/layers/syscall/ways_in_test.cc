#include "layers/syscall/ways_in.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace biotope {
namespace {

constexpr KernelVersion V(uint32_t a, uint32_t b, uint32_t c = 0) { return {{a, b, c}}; }

std::string SymbolOf(const char* architecture, KernelVersion kernel, uint16_t vector) {
  const KernelDoor* door = DoorOfVector(architecture, kernel, vector);
  return door == nullptr ? "" : std::string(door->symbol);
}

TEST(WaysInTest, EveryKindOfDoorThatX8664Has) {
  std::set<WayIn> ways;
  for (const KernelDoor& door : KernelDoors()) {
    if (door.architecture == "x86_64") ways.insert(door.way);
  }
  EXPECT_EQ(ways.size(), 5u);
}

TEST(WaysInTest, TheSystemCallVectorOfX86) {
  EXPECT_EQ(SymbolOf("i386", V(2, 6, 11), 0x80), "system_call");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 17), 0x80), "entry_INT80_compat");
  EXPECT_EQ(SymbolOf("x86_64", V(6, 6), 0x80), "entry_INT80_compat");
  EXPECT_EQ(SymbolOf("x86_64", V(6, 7), 0x80), "asm_int80_emulation");
}

TEST(WaysInTest, ExceptionsInterruptsAndTheLocalApic) {
  EXPECT_EQ(SymbolOf("x86_64", V(4, 17), 0), "divide_error, ...");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 17), 14), "page_fault");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 17), 0x20), "interrupt: irq_entries_start[]");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 17), 0xfc), "call function (TLB shootdown)");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 17), 0xec), "local timer");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 4), 0xef), "local timer");
  EXPECT_EQ(SymbolOf("x86_64", V(4, 4), 0xec), "interrupt: irq_entries_start[]");
  EXPECT_EQ(SymbolOf("i386", V(2, 6, 11), 0x31), "interrupt[]");
  EXPECT_EQ(SymbolOf("i386", V(2, 6, 11), 0xef), "apic_timer_interrupt");
  EXPECT_EQ(SymbolOf("i386", V(2, 6, 11), 0xfd), "invalidate_interrupt");
}

TEST(WaysInTest, OneDoorForEveryVectorOfX86) {
  for (uint16_t vector = 0; vector < 256; ++vector) {
    EXPECT_NE(DoorOfVector("i386", V(2, 6, 11), vector), nullptr) << vector;
    EXPECT_NE(DoorOfVector("x86_64", V(4, 17), vector), nullptr) << vector;
    EXPECT_NE(DoorOfVector("x86_64", V(6, 8), vector), nullptr) << vector;
  }
  EXPECT_EQ(DoorOfVector("x86_64", V(6, 8), 256), nullptr);
  EXPECT_EQ(DoorOfVector("x86_64", V(2, 6, 11), 3), nullptr);
}

TEST(WaysInTest, Arm64AndIa64) {
  EXPECT_EQ(SymbolOf("arm64", V(4, 10), 0x400), "el0_sync: el0_svc");
  EXPECT_EQ(SymbolOf("arm64", V(6, 8), 0x400), "el0t_64_sync: el0_svc");
  EXPECT_EQ(SymbolOf("arm64", V(6, 8), 0x280), "el1_irq");
  EXPECT_EQ(SymbolOf("ia64", V(4, 17), 0x2c00), "break_fault");
}

}  // namespace
}  // namespace biotope
