#ifndef BIOTOPE_SIM_SCENARIO_VALIDATE_H_
#define BIOTOPE_SIM_SCENARIO_VALIDATE_H_

#include <cstdint>
#include <string>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "sim/scenario/problem.h"

namespace biotope {

// The version of the language that this program reads.
inline constexpr uint32_t kSchemaVersion = 1;

// Tasks that a run may have: their number stands in 16 bits of every trace record.
inline constexpr uint64_t kMostTasks = 65000;

// All mistakes of meaning in a scenario whose profiles and defaults have been filled in, in the
// order of its fields: those that a field's own rule finds, and those that lie between fields.
// `incomplete` are the paths of messages whose profile is unknown. What needs the image or the
// drive's geometry is found later, by whoever reads them.
std::vector<Problem> Validate(const Scenario& scenario, const std::vector<std::string>& incomplete);

// The parts of Validate that concern single families; they report only what is between fields.
std::vector<Problem> CheckBlockDevice(const Scenario& scenario);
std::vector<Problem> CheckFileSystem(const Scenario& scenario);
std::vector<Problem> CheckProcesses(const Scenario& scenario);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_VALIDATE_H_
