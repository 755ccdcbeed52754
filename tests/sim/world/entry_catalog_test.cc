// The shipped entry programs, processors and system-call tables as data.

#include "sim/world/entry_catalog.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"

namespace biotope {
namespace {

const EntryCatalog& Catalog() {
  static const EntryCatalog catalog{ShippedProfiles()};
  return catalog;
}

KernelVersion V(const char* text) { return *KernelVersion::Parse(text); }

uint32_t Number(const char* architecture, const char* kernel, const char* name) {
  return Catalog().Table(architecture, V(kernel), false).Number(name).value_or(UINT32_MAX);
}

TEST(EntryCatalogTest, EveryProgramAndProcessorLoads) {
  for (const std::string& name : Catalog().ProgramNames()) {
    const EntryProgram program = Catalog().Program(name);
    EXPECT_TRUE(name.starts_with(program.architecture + "-" + program.mechanism + "-")) << name;
    EXPECT_FALSE(program.handlers.empty()) << name;
    EXPECT_FALSE(program.entry.empty()) << name;
    EXPECT_FALSE(program.exit.empty()) << name;
    EXPECT_LE(program.first_kernel, program.last_kernel) << name;
  }
  for (const std::string& name : Catalog().ProcessorNames()) {
    EXPECT_FALSE(Catalog().Processor(name).prices.prices.empty()) << name;
  }
}

TEST(EntryCatalogTest, TheMechanismsOfTheArchitectures) {
  std::set<std::string> mechanisms;
  for (const std::string& name : Catalog().ProgramNames()) {
    const EntryProgram program = Catalog().Program(name);
    mechanisms.insert(program.architecture + " " + program.mechanism);
  }
  EXPECT_EQ(mechanisms,
            (std::set<std::string>{"arm64 svc", "i386 int80", "i386 sysenter", "ia64 break",
                                   "x86_64 int80", "x86_64 syscall", "x86_64 sysenter"}));
  EXPECT_TRUE(Catalog().Program("ia64-break-4.17").unvalidated);
}

TEST(EntryCatalogTest, EveryPriceNamesItsSource) {
  for (const std::string& name : Catalog().ProcessorNames()) {
    const EntryPrices prices = Catalog().Processor(name).prices;
    EXPECT_FALSE(prices.validation.empty()) << name;
    for (const auto& [cls, price] : prices.prices) {
      EXPECT_FALSE(price.source.empty()) << name << " " << cls;
      if (price.evidence != Evidence::kGuess) continue;
      // A guess says so, or says why there is no source.
      EXPECT_TRUE(price.source.find("guess") != std::string::npos ||
                  price.source.find("no source") != std::string::npos)
          << name << " " << cls << ": " << price.source;
    }
    for (const auto& [state, price] : prices.cold) {
      EXPECT_FALSE(price.source.empty()) << name << " " << state;
    }
  }
}

TEST(EntryCatalogTest, OnlyWhatWasComparedIsCalledValidated) {
  std::set<std::string> validated;
  for (const std::string& name : Catalog().ProcessorNames()) {
    if (Catalog().Processor(name).prices.status == EntryPrices::Status::kValidated) {
      validated.insert(name);
    }
  }
  EXPECT_EQ(validated, (std::set<std::string>{"broadwell", "cortex-a53", "zen5"}));
}

TEST(EntryCatalogTest, NobodyPricesIa64) {
  const EntryProgram program = Catalog().Program("ia64-break-4.17");
  for (const std::string& name : Catalog().ProcessorNames()) {
    EXPECT_EQ(Catalog().Processor(name).prices.prices.count("BREAK"), 0u) << name;
  }
}

TEST(EntryCatalogTest, UnknownNamesAreExplained) {
  try {
    Catalog().Program("x86_64-syscall-6.9");
    FAIL();
  } catch (const ScenarioError& error) {
    const std::string message = error.what();
    EXPECT_NE(message.find("did you mean \"x86_64-syscall-6.8\""), std::string::npos) << message;
  }
  EXPECT_THROW(Catalog().Processor("pentium5"), ScenarioError);
  EXPECT_THROW(Catalog().Table("vax", V("6.8"), false), ScenarioError);
  EXPECT_THROW(Catalog().Table("x86_64", V("2.4"), false), ScenarioError);
}

// Numbers by value, those of the articles first.
TEST(SystemCallTablesTest, AioAndEpollOnIa64) {
  const std::vector<const char*> names = {"io_setup",  "io_destroy", "io_getevents",
                                          "io_submit", "io_cancel",  "epoll_create",
                                          "epoll_ctl", "epoll_wait"};
  uint32_t number = 1238;
  for (const char* name : names) EXPECT_EQ(Number("ia64", "4.17", name), number++) << name;
}

TEST(SystemCallTablesTest, AioOfAsmGeneric) {
  uint32_t number = 0;
  for (const char* name : {"io_setup", "io_destroy", "io_submit", "io_cancel", "io_getevents"}) {
    EXPECT_EQ(Number("arm64", "4.17", name), number++) << name;
  }
  EXPECT_EQ(Number("arm64", "6.8", "io_pgetevents"), 292u);
  EXPECT_EQ(Number("arm64", "4.17", "io_pgetevents"), UINT32_MAX);  // 4.18
}

TEST(SystemCallTablesTest, TheCallsOfAReadInFourArchitectures) {
  struct Row {
    const char* name;
    uint32_t i386, x86_64, arm64, ia64;
  };
  constexpr uint32_t kNone = UINT32_MAX;
  constexpr Row kRows[] = {
      {"read", 3, 0, 63, 1026},           {"write", 4, 1, 64, 1027},
      {"open", 5, 2, kNone, 1028},        {"openat", 295, 257, 56, 1281},
      {"close", 6, 3, 57, 1029},          {"lseek", 19, 8, 62, 1040},
      {"pread64", 180, 17, 67, 1148},     {"pwrite64", 181, 18, 68, 1149},
      {"fsync", 118, 74, 82, 1051},       {"fdatasync", 148, 75, 83, 1052},
      {"fork", 2, 57, kNone, kNone},      {"clone", 120, 56, 220, 1128},
      {"getpid", 20, 39, 172, 1041},      {"io_setup", 245, 206, 0, 1238},
      {"io_destroy", 246, 207, 1, 1239},  {"io_getevents", 247, 208, 4, 1240},
      {"io_submit", 248, 209, 2, 1241},   {"io_cancel", 249, 210, 3, 1242},
      {"readahead", 225, 187, 213, 1216}, {"fadvise64", 250, 221, 223, 1234},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(Number("i386", "4.17", row.name), row.i386) << row.name;
    EXPECT_EQ(Number("x86_64", "4.17", row.name), row.x86_64) << row.name;
    EXPECT_EQ(Number("arm64", "4.17", row.name), row.arm64) << row.name;
    EXPECT_EQ(Number("ia64", "4.17", row.name), row.ia64) << row.name;
  }
  EXPECT_EQ(Number("i386", "6.8", "_llseek"), 140u);
  for (const char* architecture : {"i386", "x86_64", "arm64"}) {
    EXPECT_EQ(Number(architecture, "6.8", "io_uring_setup"), 425u);
    EXPECT_EQ(Number(architecture, "6.8", "io_uring_enter"), 426u);
    EXPECT_EQ(Number(architecture, "6.8", "clone3"), 435u);
    EXPECT_EQ(Number(architecture, "4.17", "clone3"), UINT32_MAX);
  }
  EXPECT_EQ(Number("i386", "6.8", "io_pgetevents"), 385u);
  EXPECT_EQ(Number("x86_64", "6.8", "io_pgetevents"), 333u);
}

TEST(SystemCallTablesTest, LengthsByKernel) {
  const auto entries = [](const char* architecture, const char* kernel) {
    return Catalog().Table(architecture, V(kernel), false).bounds().entries;
  };
  EXPECT_EQ(entries("i386", "2.6.11"), 289u);
  EXPECT_EQ(entries("x86_64", "4.17"), 333u);
  EXPECT_EQ(entries("arm64", "4.10"), 291u);
  EXPECT_EQ(entries("ia64", "4.17"), 326u);
  EXPECT_EQ(entries("x86_64", "6.8"), 462u);
  // The number that the length cuts off is not there, the one before it is.
  EXPECT_EQ(Number("i386", "2.6.11", "keyctl"), 288u);
  EXPECT_EQ(Number("i386", "2.6.11", "ioprio_set"), UINT32_MAX);
  EXPECT_EQ(Number("i386", "2.6.37", "ioprio_set"), 289u);
}

TEST(SystemCallTablesTest, NumbersResolve) {
  const SystemCallTable table = Catalog().Table("x86_64", V("6.8"), false);
  const auto resolve = [&](uint64_t number) {
    return table.Resolve(DispatchRule::kX8664Ni, number);
  };
  EXPECT_EQ(resolve(0), "read");
  EXPECT_EQ(resolve(461), "lsm_list_modules");
  EXPECT_EQ(resolve(462), "ni_syscall");
  EXPECT_EQ(resolve(174), "ni_syscall");  // create_module: a hole
  EXPECT_EQ(resolve(335), "ni_syscall");  // uretprobe, from 6.11 on
  EXPECT_EQ(resolve(9999), "ni_syscall");
  EXPECT_EQ(resolve(UINT64_MAX), "");
  EXPECT_EQ(resolve(0x40000000), "ni_syscall");
  EXPECT_EQ(Catalog().Table("x86_64", V("6.18"), false).Resolve(DispatchRule::kX8664Ni, 335),
            "uretprobe");
}

TEST(SystemCallTablesTest, X32) {
  constexpr uint64_t kX32 = 0x40000000;
  const SystemCallTable new_table = Catalog().Table("x86_64", V("6.8"), true);
  EXPECT_EQ(new_table.Resolve(DispatchRule::kX8664Ni, kX32 + 543), "io_setup");
  EXPECT_EQ(new_table.Resolve(DispatchRule::kX8664Ni, kX32 + 544), "io_submit");
  EXPECT_EQ(new_table.Resolve(DispatchRule::kX8664Ni, kX32 + 208), "io_getevents");
  EXPECT_EQ(new_table.Resolve(DispatchRule::kX8664Ni, 543), "ni_syscall");
  // 4.x has one table for both: without the bit it is reached as well.
  const SystemCallTable old_table = Catalog().Table("x86_64", V("4.17"), true);
  EXPECT_EQ(old_table.Resolve(DispatchRule::kX8664Clamped, kX32 + 543), "io_setup");
  EXPECT_EQ(old_table.Resolve(DispatchRule::kX8664Clamped, 543), "io_setup");
}

}  // namespace
}  // namespace biotope
