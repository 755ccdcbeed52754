#ifndef BIOTOPE_LAYERS_DISK_MESSAGES_H_
#define BIOTOPE_LAYERS_DISK_MESSAGES_H_

#include <cstdint>

#include "layers/block/request.h"
#include "sim/engine/message.h"

namespace biotope {

// One command on the bus between the driver and the device. The driver sends it to the device, the
// device sends the same object back when it has finished: that is its interrupt.
struct Command : Message {
  Request* request = nullptr;
  int error = 0;                   // when it comes back: 0 or -errno
  Command* next_queued = nullptr;  // in the device's queue
};

struct DiskPorts {
  Port<Command> command;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_MESSAGES_H_
