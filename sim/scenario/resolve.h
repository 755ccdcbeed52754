#ifndef BIOTOPE_SIM_SCENARIO_RESOLVE_H_
#define BIOTOPE_SIM_SCENARIO_RESOLVE_H_

#include <string>

#include "configs/schema/scenario.pb.h"
#include "sim/core/units.h"

namespace biotope {

// Fills what a scenario leaves out, after its profiles have been merged: first what follows from
// other fields (the scheduler from the kernel, the largest request from the driver), then the
// defaults that stand beside the fields in the .proto files. Times without a unit get theirs. What
// cannot be filled because something else is missing or wrong is left to Validate. `title` is that
// of a scenario without one. Filling twice changes nothing.
void FillDefaults(const std::string& title, Scenario* scenario);

// Sectors of the largest request that the driver of `device` can issue; 0 if it has no driver.
Sector LargestRequest(const BlockDevice& device);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_RESOLVE_H_
