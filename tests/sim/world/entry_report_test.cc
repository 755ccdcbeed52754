// `biotope entry`: the step table as text and JSON.

#include "sim/world/entry_report.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
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

EntryColumn Column(const std::string& program, const EntryQuery& query,
                   const std::string& processor, const std::string& state = "hot") {
  std::optional<EntryProcessor> found;
  if (!processor.empty()) found = Catalog().Processor(processor);
  return MakeEntryColumn(Catalog().Program(program), query, state, found);
}

std::string Golden(const std::string& name) {
  std::ifstream file("tests/sim/world/data/" + name);
  EXPECT_TRUE(file.is_open()) << name;
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(EntryReportTest, GetppidOnZen5) {
  EXPECT_EQ(EntryText({Column("x86_64-syscall-6.8",
                              {"getppid", {"saferet", "retpoline", "exit_inlined"}}, "zen5")}),
            Golden("entry_zen5.txt"));
}

TEST(EntryReportTest, PageTableIsolationSideBySide) {
  EXPECT_EQ(EntryText({Column("x86_64-syscall-4.4", {"getppid44", {}}, "broadwell"),
                       Column("x86_64-syscall-4.4", {"getppid44", {"pti", "pcid"}}, "broadwell"),
                       Column("x86_64-syscall-4.4", {"getppid44", {"pti"}}, "broadwell")}),
            Golden("entry_broadwell.txt"));
}

TEST(EntryReportTest, AProgramThatNobodyPricesIsAList) {
  EXPECT_EQ(EntryText({Column("ia64-break-4.17", {}, "")}), Golden("entry_ia64.txt"));
}

TEST(EntryReportTest, WhatIsNotValidatedSaysSo) {
  for (const std::string& name : Catalog().ProcessorNames()) {
    const EntryProcessor processor = Catalog().Processor(name);
    for (const EntryProgram& program : Catalog().ProgramsOf("", *KernelVersion::Parse("4.17"))) {
      try {
        const EntryColumn column = MakeEntryColumn(program, {}, "hot", processor);
        const bool validated = processor.prices.status == EntryPrices::Status::kValidated;
        const std::string text = EntryText({column});
        EXPECT_EQ(text.find("processor unvalidated") == std::string::npos, validated) << name;
        EXPECT_EQ(text.find(program.summary + "; unvalidated") != std::string::npos,
                  program.unvalidated);
      } catch (const ScenarioError&) {
        continue;  // not priced
      }
    }
  }
}

TEST(EntryReportTest, JsonHasTheSameSums) {
  const EntryColumn column = Column("arm64-svc-6.8", {"getppid", {"kpti"}}, "cortex-a53", "l2");
  const auto json = nlohmann::json::parse(EntryJson({column}));
  ASSERT_EQ(json.size(), 1u);
  uint64_t sum = 0;
  for (const auto& step : json[0]["step"]) sum += step["cycles"].get<uint64_t>();
  EXPECT_EQ(sum, json[0]["total_cycles"].get<uint64_t>());
  EXPECT_EQ(sum, column.cost.Total().value());
  uint64_t by_evidence = 0;
  for (const auto& part : json[0]["cycles_by_evidence"]) by_evidence += part.get<uint64_t>();
  EXPECT_EQ(by_evidence, sum);
  EXPECT_EQ(json[0]["step"].back()["name"], "cold start (l2)");
  EXPECT_EQ(json[0]["flags"], nlohmann::json::parse(R"(["kpti"])"));
  EXPECT_FALSE(json[0]["processor_unvalidated"].get<bool>());
}

TEST(EntryReportTest, ColumnsOfDifferentProgramsKeepTheirOrder) {
  const std::string text = EntryText({Column("i386-int80-2.6.11", {}, "pentium4-2.8"),
                                      Column("i386-sysenter-2.6.11", {}, "pentium4-2.8")});
  const auto at = [&](const char* what) { return text.find(what); };
  EXPECT_LT(at("INT 0x80"), at("sys_getpid; ret"));
  EXPECT_LT(at("SYSENTER"), at("sys_getpid; ret"));
  EXPECT_LT(at("sys_getpid; ret"), at("SYSEXIT"));
  // The handler is one row of both.
  EXPECT_EQ(text.find("sys_getpid; ret"), text.rfind("sys_getpid; ret"));
}

}  // namespace
}  // namespace biotope
