#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/cli/run_progress.h"
#include "sim/cli/run_scenario.h"
#include "sim/core/error.h"
#include "sim/results/json.h"
#include "sim/results/manifest.h"
#include "sim/results/run_directory.h"
#include "sim/results/summary.h"
#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"

namespace biotope::cli {
namespace {

Backend BackendOf(const std::string& name) {
  if (name == "public") return Backend::kPublic;
  if (name == "shim") return Backend::kShim;
  return kDefaultBackend;
}

std::vector<RunFacts::Input> InputsOf(const ScenarioFile& file) {
  std::vector<RunFacts::Input> inputs;
  for (const InputFile& input : file.inputs()) {
    inputs.push_back({input.path, Sha256OfText(input.contents)});
  }
  const std::string image = file.image_path();
  if (!image.empty()) inputs.push_back({image, Sha256OfFile(image)});
  return inputs;
}

}  // namespace

int Run(const RunCommand& options, const GlobalOptions& global) {
  const auto wall_start = std::chrono::steady_clock::now();
  std::vector<std::string> sets = options.sets;
  if (options.seed) sets.push_back(fmt::format("seed={}", *options.seed));
  const ScenarioFile file = ScenarioFile::Load(options.scenario, sets, ShippedProfiles());
  std::unique_ptr<RunDirectory> directory;
  std::string events_path;
  if (!options.output_dir.empty()) {
    directory = std::make_unique<RunDirectory>(options.output_dir);
    if (options.events == "all") events_path = directory->PathOf(kEventsFile);
  }

  const Backend backend = BackendOf(options.engine);
  RunProgress progress(global.verbosity >= 0 && isatty(STDERR_FILENO) != 0,
                       [&directory] { directory.reset(); });
  const ScenarioRun run = RunScenario(file, events_path, backend, &progress);
  const Result& result = run.result;
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();
  if (directory != nullptr) {
    for (const auto& [name, contents] : RunFiles(file, result, options.output_dir)) {
      directory->Write(name, contents);
    }
    directory->Write(kManifestFile,
                     ManifestText({.inputs = InputsOf(file),
                                   .schema_version = file.resolved().schema_version(),
                                   .seed = file.resolved().seed(),
                                   .engine = BackendName(backend),
                                   .events = run.event_count,
                                   .end = run.end,
                                   .wall_seconds = wall}));
    directory->Commit();
  }
  std::fputs((options.output_format == "json" ? ResultJson(result) : SummaryText(result)).c_str(),
             stdout);
  if (global.verbosity >= 0) {
    std::fprintf(stderr, "%.2f s wall, %.2f M events/s%s%s\n", wall,
                 static_cast<double>(run.event_count) / wall / 1e6,
                 directory != nullptr ? ", written to " : "", options.output_dir.c_str());
  }
  for (const std::string& failure : result.failure()) {
    std::fprintf(stderr, "biotope: error: %s\n", failure.c_str());
  }
  return static_cast<int>(result.failure().empty() ? ExitCode::kOk : ExitCode::kFailed);
}

}  // namespace biotope::cli
