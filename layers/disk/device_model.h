#ifndef BIOTOPE_LAYERS_DISK_DEVICE_MODEL_H_
#define BIOTOPE_LAYERS_DISK_DEVICE_MODEL_H_

#include <cstdint>

#include "sim/core/units.h"

namespace biotope {

// The parts of the service of one command, in the order in which they happen.
struct ServiceTime {
  Tick overhead;  // controller and bus
  Tick seek;      // arm, head switch, settle
  Tick rotation;  // waiting for sectors to come round
  Tick transfer;  // sectors under the head

  Tick total() const { return overhead + seek + rotation + transfer; }
};

// What a drive does with one command after the other: plain mechanics, without queue and clock.
class DeviceModel {
 public:
  virtual ~DeviceModel() = default;

  virtual Sector capacity() const = 0;

  // Serves a command that begins at `start`, which is not before the end of the one before. The extent
  // lies within the capacity.
  virtual ServiceTime Serve(Tick start, Sector first, uint32_t nr_sectors, bool write) = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_DEVICE_MODEL_H_
