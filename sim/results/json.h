#ifndef BIOTOPE_SIM_RESULTS_JSON_H_
#define BIOTOPE_SIM_RESULTS_JSON_H_

#include <string>

#include "configs/schema/result.pb.h"

namespace biotope {

// The result as a superset of fio's json+ output: "jobs" with "read" and "write" as fio writes them
// (latency bins included), "disk_util", and what fio cannot know under "biotope".
std::string ResultJson(const Result& result);

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_JSON_H_
