#ifndef BIOTOPE_SIM_WORLD_PLAN_AIO_H_
#define BIOTOPE_SIM_WORLD_PLAN_AIO_H_

#include "configs/schema/workload.pb.h"
#include "sim/world/script_task.h"

namespace biotope {

// The step of a script for a call of asynchronous I/O: io_setup, io_destroy, io_submit,
// io_getevents, io_cancel.
ScriptStep PlanAioCall(const SystemCall& call);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PLAN_AIO_H_
