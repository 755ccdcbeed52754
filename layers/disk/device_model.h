#ifndef BIOTOPE_LAYERS_DISK_DEVICE_MODEL_H_
#define BIOTOPE_LAYERS_DISK_DEVICE_MODEL_H_

#include <cstddef>
#include <cstdint>
#include <span>

#include "sim/core/units.h"

namespace biotope {

// The parts of the service of one command. Their sum is what the host waits for.
struct ServiceTime {
  // Controller, bus, and waiting for what the device is doing by itself. kNever: the device does
  // not answer this command.
  Tick overhead;
  Tick seek;      // arm, head switch, settle
  Tick rotation;  // waiting for sectors to come round
  Tick transfer;  // sectors under the head, or from and to the device's buffer

  Tick total() const { return overhead + seek + rotation + transfer; }
};

// A command that the device has and has not begun.
struct WaitingCommand {
  Sector first;
  uint32_t nr_sectors = 0;
  bool write = false;
};

// A device that serves one command after the other, in an order of its own. It has no clock: dates
// are arguments, and do not go back.
class DeviceModel {
 public:
  virtual ~DeviceModel() = default;

  virtual Sector capacity() const = 0;

  // Serves a command that begins at `start`, which is not before the end of the one before. The
  // extent lies within the capacity.
  virtual ServiceTime Serve(Tick start, Sector first, uint32_t nr_sectors, bool write) = 0;

  // A write that is not done before the media have it (FUA).
  virtual ServiceTime ServeForcedWrite(Tick start, Sector first, uint32_t nr_sectors) {
    return Serve(start, first, nr_sectors, /*write=*/true);
  }

  // How long from `start` until the media have all writes that were served (FLUSH).
  virtual Tick Flush(Tick /*start*/) { return Tick(0); }

  // Waiting commands among which it chooses the next one (tagged or native command queueing).
  virtual uint32_t queue_depth() const { return 1; }

  // Index of the command to begin at `now` among `waiting`: not empty, in the order of arrival, not
  // more than queue_depth().
  virtual size_t PickNext(Tick /*now*/, std::span<const WaitingCommand> /*waiting*/) { return 0; }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_DEVICE_MODEL_H_
