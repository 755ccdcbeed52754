#ifndef BIOTOPE_SIM_CLI_RUN_SCENARIO_H_
#define BIOTOPE_SIM_CLI_RUN_SCENARIO_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "configs/schema/result.pb.h"
#include "sim/core/units.h"
#include "sim/engine/engine.h"
#include "sim/scenario/scenario_file.h"
#include "sim/trace/stream.h"

namespace biotope::cli {

// What a run has left beside its event stream. It has failed if the result has failures.
struct ScenarioRun {
  Result result;
  uint64_t event_count = 0;
  Tick end;
};

// Runs a scenario from beginning to end; what `run` and `sweep` share. The events go to
// `events_path`, unless that is "", and to `watcher`, unless that is null. Throws Error.
ScenarioRun RunScenario(const ScenarioFile& file, const std::string& events_path, Backend backend,
                        EventSink* watcher);

// The files of a run directory that are functions of the scenario: all but manifest and events, as
// name and contents. `directory` is where they will stand.
std::vector<std::pair<std::string, std::string>> RunFiles(const ScenarioFile& file,
                                                          const Result& result,
                                                          const std::string& directory);

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_RUN_SCENARIO_H_
