#ifndef BIOTOPE_SIM_WORLD_WORLD_H_
#define BIOTOPE_SIM_WORLD_WORLD_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "sim/engine/engine.h"
#include "sim/trace/stream.h"
#include "sim/world/plan.h"

namespace biotope {

// What became of a run, apart from what stands in the event stream.
struct RunOutcome {
  Tick end;                  // when the last thing happened
  uint64_t event_count = 0;  // timed events of the engine
  // What went wrong for the processes: an error of a fio job, an unmet `expect`, damage of the
  // image. The run has failed if there is any.
  std::vector<std::string> failures;
  // Busy time of each core.
  struct CoreTime {
    Tick task, kernel_thread, softirq, hardirq;
  };
  std::vector<CoreTime> cores;
};

// Builds the actors of `plan`, wires their ports, and runs them until nothing can happen any more.
// The events go to `stream`. Throws SimulationError if a process never ends; the message says who
// waits for whom. One run at a time in a process.
RunOutcome RunWorld(Plan plan, EventStream& stream, Backend backend = kDefaultBackend);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_WORLD_H_
