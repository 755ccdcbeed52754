#include <cstdio>
#include <string>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/world/plan.h"

namespace biotope::cli {

// Checks each file to the end, so that one wrong file does not hide what is wrong with the next.
int Validate(const ValidateCommand& options) {
  int code = 0;
  for (const std::string& scenario : options.scenarios) {
    try {
      MakePlan(ScenarioFile::Load(scenario, options.sets, ShippedProfiles()));
      std::printf("%s: ok\n", scenario.c_str());
    } catch (const Error& error) {
      std::fprintf(stderr, "%s\n", error.what());
      code = std::max(code, static_cast<int>(error.code()));
    }
  }
  return code;
}

}  // namespace biotope::cli
