#ifndef BIOTOPE_SIM_WORLD_PROCESS_PLAN_H_
#define BIOTOPE_SIM_WORLD_PROCESS_PLAN_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/core/units.h"
#include "sim/world/fio_task.h"
#include "sim/world/script_task.h"

namespace biotope {

// One process of the scenario, with its quantities resolved. A fio job has numjobs tasks, a script
// one.
struct ProcessPlan {
  std::string name;
  std::string heading;  // in fio's words, for results
  Tick ramp_time;
  uint32_t numjobs = 1;
  bool is_fio = false;
  FioParameters fio;
  std::vector<ScriptStep> steps;
  uint32_t script_repeat = 1;
  // Makes its task instead, if set: a program of somebody else's.
  std::function<std::unique_ptr<Task>(Engine&, EventStream&, const CostTable&, std::string name,
                                      uint16_t number, Core&, uint32_t rlimit_nofile)>
      make_task;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PROCESS_PLAN_H_
