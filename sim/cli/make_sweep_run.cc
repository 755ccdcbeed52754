#include "sim/cli/make_sweep_run.h"

#include <fmt/format.h>

#include <memory>
#include <optional>
#include <utility>

#include "sim/cli/run_scenario.h"
#include "sim/core/error.h"
#include "sim/results/manifest.h"
#include "sim/scenario/diagnostic.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/scenario/source_text.h"
#include "sim/scenario/text_parser.h"
#include "sim/sweep/check_points.h"
#include "sim/sweep/expansion.h"
#include "sim/sweep/result_rows.h"
#include "sim/version/version.h"
#include "sim/world/plan.h"

namespace biotope::cli {
namespace {

// So many points are loaded beforehand, to find what is wrong with the values of axes.
constexpr size_t kMostChecked = 256;

Scenario Written(const std::string& path, const std::string& text) {
  Scenario scenario;
  const SourceText source = SourceText::File(path, text);
  const std::optional<Diagnostic> error = ParseText(source, &scenario, nullptr);
  if (error) throw ScenarioError(Render({*error}));
  return scenario;
}

}  // namespace

CheckedSweep::CheckedSweep(const std::string& path, const std::string& shard)
    : file_(SweepFile::Load(path)),
      scenario_path_(file_.scenario_path()),
      scenario_text_(file_.ReadScenario()) {
  run_.text = file_.text();
  run_.expansion = ExpandSweep(file_, ReservedColumns());
  const Scenario scenario = Written(scenario_path_, scenario_text_);
  const std::vector<Problem> problems = CheckPoints(file_.sweep(), run_.expansion, scenario);
  if (!problems.empty()) throw ScenarioError(file_.Format(problems));

  sweep::SweepPlan& plan = run_.plan;
  plan.set_title(file_.title());
  plan.set_version(std::string(Version()));
  plan.set_commit(std::string(Commit()));
  plan.set_dirty(Dirty());
  plan.set_points(static_cast<uint32_t>(run_.expansion.points.size()));
  if (!shard.empty()) plan.set_shard(shard);
  for (const std::string& set : file_.sweep().set()) {
    sweep::SweepPlan::Input& input = *plan.add_input();
    input.set_path("--set");
    input.set_sha256(Sha256OfText(set));
  }
  CheckValues();
}

ScenarioFile CheckedSweep::Load(uint32_t point) const {
  const Expansion& expansion = run_.expansion;
  return ScenarioFile::FromText(scenario_path_, scenario_text_,
                                expansion.SetsOf(file_.sweep(), expansion.points[point]),
                                ShippedProfiles());
}

void CheckedSweep::CheckValues() {
  const Expansion& expansion = run_.expansion;
  for (const uint32_t point : CoveringPoints(expansion, kMostChecked)) {
    try {
      const ScenarioFile scenario = Load(point);
      MakePlan(scenario);
      AddInputs(scenario);
    } catch (const ScenarioError& error) {
      throw ScenarioError(fmt::format(
          "{}\n    note: this is point {} of {}: {}", error.what(), point, file_.title(),
          fmt::join(expansion.SetsOf(file_.sweep(), expansion.points[point]), " ")));
    }
  }
}

void CheckedSweep::AddInputs(const ScenarioFile& scenario) {
  const auto add = [this](const std::string& path, const auto& sha256) {
    for (const sweep::SweepPlan::Input& input : run_.plan.input()) {
      if (input.path() == path) return;
    }
    sweep::SweepPlan::Input& input = *run_.plan.add_input();
    input.set_path(path);
    input.set_sha256(sha256());
  };
  for (const InputFile& file : scenario.inputs()) {
    // The scenario as the sweep calls it, wherever the program was started.
    const std::string& path = file.path == scenario_path_ ? file_.sweep().scenario() : file.path;
    add(path, [&] { return Sha256OfText(file.contents); });
  }
  const std::string image = scenario.image_path();
  if (!image.empty()) {
    add(scenario.resolved().filesystem().image(), [&] { return Sha256OfFile(image); });
  }
}

PointProduct CheckedSweep::RunPoint(const SweepDirectory& directory, uint32_t point) const {
  const ScenarioFile scenario = Load(point);
  const ScenarioRun run = RunScenario(scenario, "", kDefaultBackend, nullptr);
  PointProduct product;
  product.files = RunFiles(scenario, run.result, directory.PointPath(point));
  product.failures.assign(run.result.failure().begin(), run.result.failure().end());
  return product;
}

}  // namespace biotope::cli
