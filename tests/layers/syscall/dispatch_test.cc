#include "layers/syscall/dispatch.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace biotope {
namespace {

using Outcome = DispatchResult::Outcome;

constexpr uint32_t kX32Bit = 0x40000000;
constexpr DispatchTable kI386{.entries = 289};
constexpr DispatchTable kX86{.entries = 333, .x32_bit = kX32Bit};
constexpr DispatchTable kX86WithX32{.entries = 333, .x32_bit = kX32Bit, .x32_entries = 548};
constexpr DispatchTable kIa64{.base = 1024, .entries = 326};

constexpr DispatchResult Call(uint32_t index, bool x32 = false) {
  return {Outcome::kCall, index, x32};
}
constexpr DispatchResult kNi{Outcome::kNiSyscall, 0, false};
constexpr DispatchResult kPreset{Outcome::kPreset, 0, false};

constexpr uint64_t kMinusOne = UINT64_MAX;

TEST(DispatchTest, EveryRuleTakesTheFirstAndTheLastEntryAndNoOther) {
  constexpr DispatchTable table{.entries = 10, .x32_bit = kX32Bit};
  for (const auto& [rule, beyond] :
       {std::pair{DispatchRule::kI386, kNi}, std::pair{DispatchRule::kX8664Preset, kPreset},
        std::pair{DispatchRule::kX8664Clamped, kPreset}, std::pair{DispatchRule::kX8664Ni, kNi},
        std::pair{DispatchRule::kIa32Preset, kPreset}, std::pair{DispatchRule::kIa32Ni, kNi},
        std::pair{DispatchRule::kArm64, kNi}, std::pair{DispatchRule::kArm64Clamped, kNi},
        std::pair{DispatchRule::kIa64, kNi}}) {
    EXPECT_EQ(Dispatch(rule, table, 0), Call(0)) << static_cast<int>(rule);
    EXPECT_EQ(Dispatch(rule, table, 9), Call(9)) << static_cast<int>(rule);
    EXPECT_EQ(Dispatch(rule, table, 10), beyond) << static_cast<int>(rule);
  }
}

TEST(DispatchTest, I386ComparesWithoutSign) {
  EXPECT_EQ(Dispatch(DispatchRule::kI386, kI386, kMinusOne), kNi);
  EXPECT_EQ(Dispatch(DispatchRule::kI386, kI386, 288), Call(288));
  EXPECT_EQ(Dispatch(DispatchRule::kI386, kI386, 0x1'0000'0003), Call(3));  // eax only
}

TEST(DispatchTest, MinusOneRunsNothingOnX8664) {
  for (const DispatchRule rule : {DispatchRule::kX8664Preset, DispatchRule::kX8664Clamped,
                                  DispatchRule::kX8664Ni, DispatchRule::kIa32Ni}) {
    EXPECT_EQ(Dispatch(rule, kX86, kMinusOne), kPreset) << static_cast<int>(rule);
  }
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86, 9999), kNi);
}

TEST(DispatchTest, TheX32BitIsTooLargeWithoutX32) {
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Clamped, kX86, kX32Bit + 1), kPreset);
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86, kX32Bit + 1), kNi);
}

TEST(DispatchTest, TheX32BitIsMaskedAwayInOneTable) {
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Clamped, kX86WithX32, kX32Bit + 1), Call(1, true));
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Clamped, kX86WithX32, kX32Bit + 543), Call(543, true));
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Clamped, kX86WithX32, kX32Bit + 548), kPreset);
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Clamped, kX86WithX32, 1), Call(1));
  // The assembly of 4.4 cuts the number to 32 bits (andl), the C of 4.15 does not.
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Preset, kX86WithX32, 0x1'0000'0001), Call(1));
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Clamped, kX86WithX32, 0x1'0000'0001), kPreset);
}

TEST(DispatchTest, TheX32TableIsAsked) {
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86WithX32, kX32Bit + 1), Call(1, true));
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86WithX32, kX32Bit + 547), Call(547, true));
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86WithX32, kX32Bit + 548), kNi);
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86WithX32, 400), kNi);
  EXPECT_EQ(Dispatch(DispatchRule::kX8664Ni, kX86WithX32, 1), Call(1));
}

TEST(DispatchTest, Ia64CountsFrom1024) {
  EXPECT_EQ(Dispatch(DispatchRule::kIa64, kIa64, 1024), Call(0));
  EXPECT_EQ(Dispatch(DispatchRule::kIa64, kIa64, 1349), Call(325));
  EXPECT_EQ(Dispatch(DispatchRule::kIa64, kIa64, 1350), kNi);
  EXPECT_EQ(Dispatch(DispatchRule::kIa64, kIa64, 1023), kNi);
  EXPECT_EQ(Dispatch(DispatchRule::kIa64, kIa64, 3), kNi);
}

TEST(DispatchTest, Arm64LooksAtTheLowerHalf) {
  EXPECT_EQ(Dispatch(DispatchRule::kArm64, {.entries = 291}, 0xffff'ffff'0000'003f), Call(63));
  EXPECT_EQ(Dispatch(DispatchRule::kArm64, {.entries = 291}, kMinusOne), kNi);
}

TEST(DispatchTest, TheClampKeepsWhatIsInBoundsAndZeroesTheRest) {
  EXPECT_EQ(ArrayIndexNospec(0, 333), 0u);
  EXPECT_EQ(ArrayIndexNospec(332, 333), 332u);
  EXPECT_EQ(ArrayIndexNospec(333, 333), 0u);
  EXPECT_EQ(ArrayIndexNospec(UINT64_MAX, 333), 0u);
  EXPECT_EQ(ArrayIndexNospec(0, 0), 0u);
}

}  // namespace
}  // namespace biotope
