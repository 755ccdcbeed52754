// `biotope measure`: prices from measured null calls, and the profile that is printed.

#include "sim/world/fit_entry.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "configs/schema/cpu.pb.h"
#include "layers/syscall/entry_cost.h"
#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/world/make_entry.h"

namespace biotope {
namespace {

const EntryCatalog& Catalog() {
  static const EntryCatalog catalog{ShippedProfiles()};
  return catalog;
}

const std::set<std::string> kFlags = {"saferet", "retpoline", "exit_inlined"};

// The null calls of Zen 5 in core cycles, of which the first two are fitted.
std::vector<MeasuredCall> Zen5Calls() {
  return {{"none", Cycles(242), 61'800},
          {"enosys", Cycles(291), 74'300},
          {"getuid", Cycles(356), 90'800},
          {"getppid", Cycles(451), 115'200}};
}

TEST(FitEntryTest, TheFirstCallIsMetAndTheOthersAreHeldOut) {
  const EntryProgram program = Catalog().Program("x86_64-syscall-6.8");
  const EntryFit fit = FitEntry(program, kFlags, Catalog().Processor("zen3").prices, Zen5Calls());
  ASSERT_EQ(fit.checks.size(), 4u);
  EXPECT_NEAR(static_cast<double>(fit.checks[0].model.value()), 242, 3);  // prices are rounded
  EXPECT_NEAR(static_cast<double>(fit.checks[1].model.value()), 291, 3);
  EXPECT_TRUE(fit.checks[0].used && fit.checks[1].used);
  EXPECT_FALSE(fit.checks[2].used || fit.checks[3].used);
  EXPECT_EQ(fit.checks[3].model, EvaluateProgram(program, {"getppid", kFlags}, fit.prices).Total());
}

TEST(FitEntryTest, PricesAreScaledTogether) {
  const EntryPrices like = Catalog().Processor("zen5").prices;
  const EntryFit fit = FitEntry(Catalog().Program("x86_64-syscall-6.8"), kFlags, like, Zen5Calls());
  const double syscall = static_cast<double>(fit.prices.prices.at("SYSCALL").cycles.value());
  const double sysret = static_cast<double>(fit.prices.prices.at("SYSRET").cycles.value());
  EXPECT_NEAR(syscall / sysret, 63.0 / 48.0, 0.05);
  // What the calls do not execute stays.
  EXPECT_EQ(fit.prices.prices.at("IRET").cycles, like.prices.at("IRET").cycles);
}

TEST(FitEntryTest, ACallShorterThanItsCodeIsRefused) {
  std::vector<MeasuredCall> calls = Zen5Calls();
  for (MeasuredCall& call : calls) call.cycles = Cycles(5);
  EXPECT_THROW(FitEntry(Catalog().Program("x86_64-syscall-6.8"), kFlags,
                        Catalog().Processor("zen5").prices, calls),
               ScenarioError);
}

TEST(FitEntryTest, TheProfileReadsBackToTheSamePrices) {
  const EntryProgram program = Catalog().Program("x86_64-syscall-6.8");
  const EntryProcessor like = Catalog().Processor("zen5");
  const EntryFit fit = FitEntry(program, kFlags, like.prices, Zen5Calls());
  const std::string text = FittedProfileText(fit, like, "A \"quoted\" model", 3'920'000);
  Cpu cpu;
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &cpu)) << text;
  EXPECT_EQ(cpu.model(), "A \"quoted\" model");
  EXPECT_EQ(cpu.frequency_khz(), 3'920'000u);
  const EntryPrices prices = MakeEntryPrices("measured", cpu.entry());
  EXPECT_EQ(EvaluateProgram(program, {"getppid", kFlags}, prices).Total(),
            EvaluateProgram(program, {"getppid", kFlags}, fit.prices).Total());
  EXPECT_EQ(prices.prices.at("SYSCALL").evidence, Evidence::kDerived);
  EXPECT_EQ(prices.prices.at("IRET").evidence, Evidence::kGuess);
}

}  // namespace
}  // namespace biotope
