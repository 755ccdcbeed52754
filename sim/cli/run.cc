#include <fmt/format.h>
#include <google/protobuf/text_format.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/results/collector.h"
#include "sim/results/json.h"
#include "sim/results/manifest.h"
#include "sim/results/run_directory.h"
#include "sim/results/summary.h"
#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/trace/event_file.h"
#include "sim/world/plan.h"
#include "sim/world/world.h"

namespace biotope::cli {
namespace {

Backend BackendOf(const std::string& name) {
  if (name == "public") return Backend::kPublic;
  if (name == "shim") return Backend::kShim;
  return kDefaultBackend;
}

std::vector<JobDescription> JobsOf(const Plan& plan) {
  std::vector<JobDescription> jobs;
  for (const ProcessPlan& process : plan.processes) {
    jobs.push_back({process.name, process.heading, process.numjobs, process.ramp_time});
  }
  return jobs;
}

std::string SettingOf(const Scenario& scenario) {
  const schema::IoScheduler& scheduler = scenario.block_device().queue().scheduler();
  const auto* arm = scheduler.GetReflection()->GetOneofFieldDescriptor(
      scheduler, scheduler.GetDescriptor()->oneof_decl(0));
  return fmt::format("{} | {} | {} | ext2", scenario.kernel().profile(),
                     arm != nullptr ? arm->name() : "",
                     scenario.block_device().device().has_model_name()
                         ? scenario.block_device().device().model_name()
                         : scenario.block_device().device().profile());
}

EventFileHeader HeaderOf(const Plan& plan) {
  // The numbers of sda and hda in Documentation/devices.txt.
  constexpr uint32_t kScsiMajor = 8;
  constexpr uint32_t kIdeMajor = 3;
  EventFileHeader header;
  header.set_device_name(plan.scenario.block_device().name());
  header.set_major(plan.scenario.block_device().has_ide() ? kIdeMajor : kScsiMajor);
  header.set_minor(0);
  header.set_cores(plan.scenario.machine().cores());
  for (const ProcessPlan& process : plan.processes) {
    for (uint32_t job = 0; job < process.numjobs; ++job) header.add_task_name(process.name);
  }
  return header;
}

Result MakeResult(const Collector& collector, const Scenario& scenario, const RunOutcome& outcome) {
  Result result = collector.ToProto();
  result.set_title(scenario.title());
  result.set_seed(scenario.seed());
  result.set_setting(SettingOf(scenario));
  result.mutable_device()->set_name(scenario.block_device().name());
  for (const RunOutcome::CoreTime& time : outcome.cores) {
    CoreResult& core = *result.add_core();
    core.set_task_ps(time.task.value());
    core.set_kernel_thread_ps(time.kernel_thread.value());
    core.set_softirq_ps(time.softirq.value());
    core.set_hardirq_ps(time.hardirq.value());
  }
  for (const std::string& failure : outcome.failures) result.add_failure(failure);
  return result;
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

void WriteRunDirectory(const RunDirectory& directory, const ScenarioFile& file,
                       const Result& result, const std::string& output_dir) {
  directory.Write(kScenarioFile, file.ResolvedText(output_dir));
  directory.Write(kSummaryFile, SummaryText(result));
  directory.Write(kJsonFile, ResultJson(result));
  directory.Write(kResultFile, result.SerializeAsString());
}

}  // namespace

int Run(const RunCommand& options, const GlobalOptions& global) {
  const auto wall_start = std::chrono::steady_clock::now();
  std::vector<std::string> sets = options.sets;
  if (options.seed) sets.push_back(fmt::format("seed={}", *options.seed));
  const ScenarioFile file = ScenarioFile::Load(options.scenario, sets, ShippedProfiles());
  Plan plan = MakePlan(file);
  const Scenario scenario = plan.scenario;

  EventStream stream;
  Collector collector(JobsOf(plan));
  stream.AddSink(&collector);
  std::unique_ptr<RunDirectory> directory;
  std::unique_ptr<EventFileWriter> events;
  if (!options.output_dir.empty()) {
    directory = std::make_unique<RunDirectory>(options.output_dir);
    if (options.events == "all") {
      events = std::make_unique<EventFileWriter>(directory->PathOf(kEventsFile), HeaderOf(plan));
      stream.AddSink(events.get());
    }
  }

  const Backend backend = BackendOf(options.engine);
  const RunOutcome outcome = RunWorld(std::move(plan), stream, backend);
  const Result result = MakeResult(collector, scenario, outcome);
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - wall_start).count();
  if (directory != nullptr) {
    WriteRunDirectory(*directory, file, result, options.output_dir);
    directory->Write(kManifestFile, ManifestText({.inputs = InputsOf(file),
                                                  .schema_version = scenario.schema_version(),
                                                  .seed = scenario.seed(),
                                                  .engine = BackendName(backend),
                                                  .events = outcome.event_count,
                                                  .end = outcome.end,
                                                  .wall_seconds = wall}));
    directory->Commit();
  }
  std::fputs((options.output_format == "json" ? ResultJson(result) : SummaryText(result)).c_str(),
             stdout);
  if (global.verbosity >= 0) {
    std::fprintf(stderr, "%.2f s wall, %.2f M events/s%s%s\n", wall,
                 static_cast<double>(outcome.event_count) / wall / 1e6,
                 directory != nullptr ? ", written to " : "", options.output_dir.c_str());
  }
  for (const std::string& failure : outcome.failures) {
    std::fprintf(stderr, "biotope: error: %s\n", failure.c_str());
  }
  return static_cast<int>(outcome.failures.empty() ? ExitCode::kOk : ExitCode::kFailed);
}

}  // namespace biotope::cli
