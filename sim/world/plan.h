#ifndef BIOTOPE_SIM_WORLD_PLAN_H_
#define BIOTOPE_SIM_WORLD_PLAN_H_

#include <memory>
#include <optional>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "layers/disk/device_model.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "layers/ext2/image.h"
#include "layers/syscall/syscall_costs.h"
#include "sim/core/units.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/scenario_file.h"
#include "sim/world/process_plan.h"

namespace biotope {

// What a scenario amounts to once its image has been opened and its device built: everything that a
// World needs, and everything that can be wrong has been found.
struct Plan {
  Scenario scenario;
  std::unique_ptr<Image> image;
  std::unique_ptr<DeviceModel> device;  // null: the drive is the SSD
  std::optional<SsdParameters> ssd;
  Sector capacity;  // of the drive
  std::vector<ProcessPlan> processes;
  SyscallCosts syscall_costs;
};

// Opens the image, builds the device, looks up the files. Throws ScenarioError with all mistakes,
// each at its place, and EnvironmentError if the image file cannot be read.
Plan MakePlan(const ScenarioFile& file);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PLAN_H_
