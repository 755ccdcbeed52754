#include "sim/cli/run_scenario.h"

#include <fmt/format.h>

#include <memory>

#include "sim/results/collector.h"
#include "sim/results/json.h"
#include "sim/results/run_directory.h"
#include "sim/results/summary.h"
#include "sim/trace/event_file.h"
#include "sim/world/plan.h"
#include "sim/world/world.h"

namespace biotope::cli {
namespace {

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

}  // namespace

ScenarioRun RunScenario(const ScenarioFile& file, const std::string& events_path, Backend backend,
                        EventSink* watcher) {
  Plan plan = MakePlan(file);
  const Scenario scenario = plan.scenario;
  EventStream stream;
  Collector collector(JobsOf(plan));
  stream.AddSink(&collector);
  if (watcher != nullptr) stream.AddSink(watcher);
  std::unique_ptr<EventFileWriter> events;
  if (!events_path.empty()) {
    events = std::make_unique<EventFileWriter>(events_path, HeaderOf(plan));
    stream.AddSink(events.get());
  }
  const RunOutcome outcome = RunWorld(std::move(plan), stream, backend);
  return {MakeResult(collector, scenario, outcome), outcome.event_count, outcome.end};
}

std::vector<std::pair<std::string, std::string>> RunFiles(const ScenarioFile& file,
                                                          const Result& result,
                                                          const std::string& directory) {
  return {{std::string(kScenarioFile), file.ResolvedText(directory)},
          {std::string(kSummaryFile), SummaryText(result)},
          {std::string(kJsonFile), ResultJson(result)},
          {std::string(kResultFile), result.SerializeAsString()}};
}

}  // namespace biotope::cli
