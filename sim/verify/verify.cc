#include "sim/verify/verify.h"

#include <fmt/format.h>

#include <memory>
#include <utility>

#include "sim/core/error.h"
#include "sim/verify/case_observer.h"
#include "sim/verify/case_scenario.h"
#include "sim/verify/case_task.h"
#include "sim/verify/file_bytes.h"
#include "sim/world/world.h"

namespace biotope {
namespace {

const char* VerdictName(VerifyOutcome::Verdict verdict) {
  switch (verdict) {
    case VerifyOutcome::Verdict::kPass:
      return "PASS";
    case VerifyOutcome::Verdict::kFail:
      return "FAIL";
    case VerifyOutcome::Verdict::kSkip:
      break;
  }
  return "SKIP";
}

}  // namespace

CaseRun SimulateCase(const RecordedCase& recorded, ImageStore& images,
                     const ProfileSource& profiles) {
  const ImageStore::Opened& image = images.Open(recorded.image, recorded.directory);
  Plan plan = MakePlan(MakeCaseScenario(recorded, image, profiles));
  FileBytes bytes(image.path, image.found, plan.scenario.filesystem().mount_point());
  CaseObserver observer;
  CaseSchedule schedule(recorded.operations, observer);
  for (ProcessPlan& process : plan.processes) {
    process.make_task = [&](Engine& engine, EventStream& stream, const CostTable& costs,
                            std::string name, uint16_t number, Core& core, uint32_t rlimit_nofile) {
      return std::make_unique<CaseTask>(schedule, bytes, stream, engine, stream, costs,
                                        std::move(name), number, core, rlimit_nofile);
    };
  }
  EventStream stream;
  stream.AddSink(&observer);
  const RunOutcome run = RunWorld(std::move(plan), stream);
  if (!run.failures.empty()) throw SimulationError(run.failures.front());
  return {schedule.results(), observer.events()};
}

VerifyOutcome VerifyCase(const RecordedCase& recorded, ImageStore& images,
                         const ProfileSource& profiles) {
  VerifyOutcome outcome;
  outcome.name = recorded.name;
  outcome.remark = ReasonToSkip(recorded, profiles);
  if (!outcome.remark.empty()) return outcome;
  try {
    const CaseRun run = SimulateCase(recorded, images, profiles);
    outcome.comparison = CompareCase(recorded, run.results, run.events);
    outcome.verdict =
        outcome.comparison.passed() ? VerifyOutcome::Verdict::kPass : VerifyOutcome::Verdict::kFail;
  } catch (const SimulationError& error) {
    outcome.verdict = VerifyOutcome::Verdict::kFail;
    outcome.remark = error.what();
  }
  return outcome;
}

std::string OutcomeLine(const VerifyOutcome& outcome) {
  std::string line = fmt::format("{} {}", VerdictName(outcome.verdict), outcome.name);
  std::string remark = outcome.remark;
  for (const char* name : {"ret", "Q", "submit", "D"}) {
    size_t matched = 0;
    size_t recorded = 0;
    for (const PartComparison& part : outcome.comparison.parts) {
      if (part.name != name) continue;
      matched = part.matched;
      recorded = part.recorded;
      if (part.as_set) remark += fmt::format("{}D as a set", remark.empty() ? "" : ", ");
    }
    line += fmt::format(" {}:{}/{}", name, matched, recorded);
  }
  if (!remark.empty()) line += fmt::format(" ({})", remark);
  return line;
}

std::string OutcomeDetails(const VerifyOutcome& outcome) {
  std::string details;
  for (const PartComparison& part : outcome.comparison.parts) {
    if (part.counts) details += part.difference;
  }
  return details;
}

}  // namespace biotope
