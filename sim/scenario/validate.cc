#include "sim/scenario/validate.h"

#include <fmt/format.h>

#include <utility>

#include "sim/scenario/check_rules.h"

namespace biotope {
namespace {

// A scenario of another version cannot be judged by the rules of this one.
std::vector<Problem> CheckVersion(const Scenario& scenario) {
  if (!scenario.has_schema_version()) {
    return {{"schema_version",
             "schema_version is required",
             {fmt::format("begin the file with `schema_version: {}`", kSchemaVersion)}}};
  }
  const uint32_t version = scenario.schema_version();
  if (version == kSchemaVersion) return {};
  const std::string message = fmt::format(
      "schema_version {} is not known here; this program reads {}", version, kSchemaVersion);
  if (version < kSchemaVersion) return {{"schema_version", message, {}}};
  return {{"schema_version", message, {"the scenario was written for a newer biotope: upgrade"}}};
}

}  // namespace

std::vector<Problem> Validate(const Scenario& scenario,
                              const std::vector<std::string>& incomplete) {
  std::vector<Problem> problems = CheckVersion(scenario);
  if (!problems.empty() && scenario.has_schema_version()) return problems;
  const auto append = [&](std::vector<Problem> more) {
    for (Problem& problem : more) {
      const bool said = problem.field == "schema_version" && !problems.empty();
      if (!said) problems.push_back(std::move(problem));
    }
  };
  append(CheckRules(scenario, "", incomplete));
  append(CheckBlockDevice(scenario));
  append(CheckFileSystem(scenario));
  append(CheckProcesses(scenario));
  return problems;
}

}  // namespace biotope
