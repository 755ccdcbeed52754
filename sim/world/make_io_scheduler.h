#ifndef BIOTOPE_SIM_WORLD_MAKE_IO_SCHEDULER_H_
#define BIOTOPE_SIM_WORLD_MAKE_IO_SCHEDULER_H_

#include <cstdint>
#include <memory>

#include "configs/schema/io_scheduler.pb.h"
#include "configs/schema/kernel.pb.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/textbook/positioning_time.h"

namespace biotope {

// What a scheduler knows of the machine.
struct SchedulerSurroundings {
  uint32_t hz = 0;  // the kernel's timer interrupts per second
  Kernel::Cfq cfq = Kernel::CFQ_QUANTUM;
  uint32_t nr_requests = 128;  // of the queue
  bool rotational = true;      // queue/rotational of the device
  // Of the disk, which is to outlive the scheduler; null: it has no mechanics.
  const PositioningTime* positioning = nullptr;
};

// The scheduler that a scenario describes; a tunable that it leaves out has the kernel's default.
// Throws ScenarioError if none is chosen.
std::unique_ptr<IoScheduler> MakeIoScheduler(const schema::IoScheduler& config,
                                             const SchedulerSurroundings& surroundings);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_MAKE_IO_SCHEDULER_H_
