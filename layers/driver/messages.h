#ifndef BIOTOPE_LAYERS_DRIVER_MESSAGES_H_
#define BIOTOPE_LAYERS_DRIVER_MESSAGES_H_

#include <cstdint>

#include "sim/cpu/call.h"

namespace biotope {

// q->request_fn: take requests from the elevator and start them, as many as the device accepts.
// Called with the queue lock held.
struct RequestFn : Call {
  uint32_t taken = 0;  // result: requests that left the dispatch list for the device
};

struct DriverPorts {
  Port<RequestFn> request_fn;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DRIVER_MESSAGES_H_
