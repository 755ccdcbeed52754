#ifndef BIOTOPE_SIM_WORLD_REPLAY_H_
#define BIOTOPE_SIM_WORLD_REPLAY_H_

#include <cstdint>
#include <functional>

#include "layers/disk/device_model.h"
#include "sim/core/units.h"
#include "sim/trace/trace_reader.h"

namespace biotope {

// What became of a request of a trace.
struct Replayed {
  TraceRequest request;
  Tick issued;
  Tick response;
};

// Gives the requests of a trace to a bare device, without a kernel above it: one at a time, each
// the recorded pause after the completion of the one before it (0 if none is recorded). Calls
// `each` for every request, in their order, and returns when the last one is done. Throws
// ScenarioError if a request lies beyond the device's end or the trace is damaged.
Tick ReplayClosed(TraceReader& trace, DeviceModel& device,
                  const std::function<void(const Replayed&)>& each);

// The same with the recorded dates, divided by `speed`: requests wait in the device, which serves
// them in the order that it chooses, while it is busy. Those that wait are kept in memory.
Tick ReplayOpen(TraceReader& trace, DeviceModel& device, double speed,
                const std::function<void(const Replayed&)>& each);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_REPLAY_H_
