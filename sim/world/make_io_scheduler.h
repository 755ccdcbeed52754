#ifndef BIOTOPE_SIM_WORLD_MAKE_IO_SCHEDULER_H_
#define BIOTOPE_SIM_WORLD_MAKE_IO_SCHEDULER_H_

#include <cstdint>
#include <memory>

#include "configs/schema/io_scheduler.pb.h"
#include "layers/iosched/io_scheduler.h"

namespace biotope {

// The scheduler that a scenario describes; a tunable that it leaves out has the kernel's default.
// `hz`: the kernel's timer interrupts per second. Throws ScenarioError if none is chosen.
std::unique_ptr<IoScheduler> MakeIoScheduler(const schema::IoScheduler& config, uint32_t hz);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_MAKE_IO_SCHEDULER_H_
