#ifndef BIOTOPE_LAYERS_DISK_HDD_COMMAND_QUEUE_H_
#define BIOTOPE_LAYERS_DISK_HDD_COMMAND_QUEUE_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include "layers/disk/device_model.h"
#include "layers/disk/hdd/hdd_parameters.h"
#include "layers/disk/hdd/layout.h"
#include "layers/disk/hdd/mechanics.h"
#include "sim/core/units.h"

namespace biotope {

// Which of the commands that wait in the drive comes next.
class CommandQueue {
 public:
  explicit CommandQueue(const HddQueue& queue) : queue_(queue) {}

  uint32_t depth() const { return queue_.depth; }

  // Index of the next one of `waiting`, which is not empty and in the order of arrival. Among
  // equals the one that came first. `earliest`: when the arm is free.
  size_t Pick(Tick earliest, std::span<const WaitingCommand> waiting, const Layout& layout,
              const Mechanics& mechanics, const HddOverhead& overhead, bool after_write);

 private:
  size_t PickLook(std::span<const WaitingCommand> waiting, const Layout& layout, uint32_t cylinder);
  static size_t PickSptf(Tick earliest, std::span<const WaitingCommand> waiting,
                         const Layout& layout, const Mechanics& mechanics,
                         const HddOverhead& overhead, bool after_write);

  const HddQueue queue_;
  bool inward_ = true;  // the direction of LOOK
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_COMMAND_QUEUE_H_
