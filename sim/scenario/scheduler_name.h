#ifndef BIOTOPE_SIM_SCENARIO_SCHEDULER_NAME_H_
#define BIOTOPE_SIM_SCENARIO_SCHEDULER_NAME_H_

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "configs/schema/io_scheduler.pb.h"
#include "configs/schema/kernel.pb.h"

namespace biotope {

// Schedulers have two spellings. In a scenario they are fields, mq_deadline; in a kernel's profile,
// as in /sys/block/*/queue/scheduler, mq-deadline. The only place that knows both.

// The sysfs name of a field of IoScheduler.
std::string SysfsName(const google::protobuf::FieldDescriptor& scheduler);

// The field of that sysfs name, or null.
const google::protobuf::FieldDescriptor* FindScheduler(const std::string& sysfs_name);

// The sysfs names of all schedulers that kernels have.
std::vector<std::string> KernelSchedulerNames();

// Whether it is one of the textbooks', which every kernel may be given for comparison.
bool IsTextbook(const google::protobuf::FieldDescriptor& scheduler);

// A tunable as kernel.missing_tunables names it, "mq-deadline/async_depth", or null.
const google::protobuf::FieldDescriptor* FindTunable(const std::string& name);

// The tunables of the chosen scheduler that the kernel does not have.
std::vector<const google::protobuf::FieldDescriptor*> MissingTunables(
    const Kernel& kernel, const schema::IoScheduler& scheduler);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SCHEDULER_NAME_H_
