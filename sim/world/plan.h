#ifndef BIOTOPE_SIM_WORLD_PLAN_H_
#define BIOTOPE_SIM_WORLD_PLAN_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "layers/disk/device_model.h"
#include "layers/ext2/image.h"
#include "sim/scenario/problem.h"
#include "sim/scenario/scenario_file.h"
#include "sim/world/fio_task.h"
#include "sim/world/script_task.h"

namespace biotope {

// One process of the scenario, with its quantities resolved. A fio job has numjobs tasks, a script one.
struct ProcessPlan {
  std::string name;
  std::string heading;  // in fio's words, for results
  Tick ramp_time;
  uint32_t numjobs = 1;
  bool is_fio = false;
  FioParameters fio;
  std::vector<ScriptStep> steps;
  uint32_t script_repeat = 1;
};

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
