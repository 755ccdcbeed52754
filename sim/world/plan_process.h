#ifndef BIOTOPE_SIM_WORLD_PLAN_PROCESS_H_
#define BIOTOPE_SIM_WORLD_PLAN_PROCESS_H_

#include <string>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "layers/ext2/image.h"
#include "sim/scenario/problem.h"
#include "sim/world/process_plan.h"

namespace biotope {

// The plan of one process of a checked scenario. What does not fit the image is added to
// `problems`, under the path `field` of the process.
ProcessPlan PlanProcess(const Scenario& scenario, const Process& process, const std::string& field,
                        Image* image, std::vector<Problem>* problems);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PLAN_PROCESS_H_
