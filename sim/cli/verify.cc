#include "sim/verify/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"

namespace biotope::cli {
namespace {

namespace fs = std::filesystem;

// A folder of cases stands for the cases in it.
std::vector<std::string> CaseDirectories(const std::vector<std::string>& arguments) {
  std::vector<std::string> cases;
  for (const std::string& argument : arguments) {
    std::vector<std::string> below;
    if (fs::is_directory(argument) && !fs::exists(fs::path(argument) / "case.json")) {
      for (const auto& entry : fs::directory_iterator(argument)) {
        if (fs::exists(entry.path() / "case.json")) below.push_back(entry.path().string());
      }
      std::sort(below.begin(), below.end());
    }
    if (below.empty()) below.push_back(argument);
    cases.insert(cases.end(), below.begin(), below.end());
  }
  return cases;
}

// A case that is written wrongly has failed, and does not keep the others from being looked at.
VerifyOutcome VerifyDirectory(const std::string& directory, ImageStore& images,
                              const ProfileSource& profiles) {
  try {
    return VerifyCase(ReadCase(directory), images, profiles);
  } catch (const Error& error) {
    std::fflush(stdout);
    std::fprintf(stderr, "%s\n", error.what());
    VerifyOutcome outcome;
    outcome.name = (fs::path(directory) / "").parent_path().filename().string();
    outcome.verdict = VerifyOutcome::Verdict::kFail;
    outcome.remark = "cannot be used";
    return outcome;
  }
}

}  // namespace

int Verify(const VerifyCommand& options, const GlobalOptions& global) {
  ImageStore images(options.images);
  const ShippedProfiles profiles;
  size_t passed = 0;
  size_t failed = 0;
  size_t skipped = 0;
  for (const std::string& directory : CaseDirectories(options.cases)) {
    const VerifyOutcome outcome = VerifyDirectory(directory, images, profiles);
    std::printf("%s\n", OutcomeLine(outcome).c_str());
    if (global.verbosity > 0) std::fputs(OutcomeDetails(outcome).c_str(), stdout);
    std::fflush(stdout);
    switch (outcome.verdict) {
      case VerifyOutcome::Verdict::kPass:
        ++passed;
        break;
      case VerifyOutcome::Verdict::kFail:
        ++failed;
        break;
      case VerifyOutcome::Verdict::kSkip:
        ++skipped;
        break;
    }
  }
  std::printf("%zu passed, %zu failed, %zu skipped\n", passed, failed, skipped);
  return static_cast<int>(failed == 0 ? ExitCode::kOk : ExitCode::kFailed);
}

}  // namespace biotope::cli
