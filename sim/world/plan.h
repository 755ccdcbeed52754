#ifndef BIOTOPE_SIM_WORLD_PLAN_H_
#define BIOTOPE_SIM_WORLD_PLAN_H_

#include <memory>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "layers/disk/device_model.h"
#include "layers/ext2/image.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/scenario_file.h"
#include "sim/world/process_plan.h"

namespace biotope {

// What a scenario amounts to once its image has been opened and its device built: everything that a
// World needs, and everything that can be wrong has been found.
struct Plan {
  Scenario scenario;
  std::unique_ptr<Image> image;
  std::unique_ptr<DeviceModel> device;
  std::vector<ProcessPlan> processes;
};

// Opens the image, builds the device, looks up the files. Throws ScenarioError with all mistakes, each
// at its place, and EnvironmentError if the image file cannot be read.
Plan MakePlan(const ScenarioFile& file);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PLAN_H_
