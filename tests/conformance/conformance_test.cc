// Every recorded case of the repository, simulated and compared.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/scenario/shipped_profiles.h"
#include "sim/verify/verify.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFolder = "tests/conformance";

std::vector<std::string> Cases() {
  std::vector<std::string> cases;
  for (const auto& kernel : fs::directory_iterator(kFolder)) {
    if (!kernel.path().filename().string().starts_with("linux-")) continue;
    for (const auto& entry : fs::directory_iterator(kernel.path())) {
      cases.push_back(entry.path().string());
    }
  }
  std::sort(cases.begin(), cases.end());
  return cases;
}

// Unpacked once for all tests.
ImageStore& Images() {
  static ImageStore images("");
  return images;
}

TEST(ConformanceTest, EveryCasePasses) {
  const ShippedProfiles profiles;
  const std::vector<std::string> cases = Cases();
  EXPECT_GE(cases.size(), 77u);
  for (const std::string& directory : cases) {
    const VerifyOutcome outcome = VerifyCase(ReadCase(directory), Images(), profiles);
    EXPECT_EQ(outcome.verdict, VerifyOutcome::Verdict::kPass) << OutcomeLine(outcome) << "\n"
                                                              << OutcomeDetails(outcome);
  }
}

// A case without its record does the same.
TEST(ConformanceTest, TheRecordDoesNotMatter) {
  const ShippedProfiles profiles;
  for (const char* name :
       {"01_seq_fs4k_ra128_bs4k", "05_direct_unaligned_fs1k", "07_dontneed_fs1k"}) {
    const RecordedCase whole = ReadCase(fmt::format("{}/linux-2.6.11/{}", kFolder, name));
    RecordedCase stripped = whole;
    stripped.events.clear();
    stripped.results.clear();
    stripped.stable = {};
    const CaseRun first = SimulateCase(whole, Images(), profiles);
    const CaseRun second = SimulateCase(stripped, Images(), profiles);
    EXPECT_FALSE(first.events.empty());
    EXPECT_EQ(first.events, second.events) << name;
    EXPECT_EQ(first.results, second.results) << name;
  }
}

// Another setup does something else: a case that passes whatever happens would prove nothing.
TEST(ConformanceTest, TheSetupMatters) {
  const ShippedProfiles profiles;
  RecordedCase recorded = ReadCase(fmt::format("{}/linux-2.6.11/01_seq_fs4k_ra128_bs4k", kFolder));
  recorded.queue["read_ahead_kb"] = "64";
  const VerifyOutcome outcome = VerifyCase(recorded, Images(), profiles);
  EXPECT_EQ(outcome.verdict, VerifyOutcome::Verdict::kFail);
  EXPECT_NE(OutcomeDetails(outcome).find("Q: the first difference"), std::string::npos);
}

}  // namespace
}  // namespace biotope
