#include "layers/disk/hdd/command_queue.h"

#include <algorithm>

#include "sim/core/check.h"

namespace biotope {

size_t CommandQueue::Pick(Tick earliest, std::span<const WaitingCommand> waiting,
                          const Layout& layout, const Mechanics& mechanics,
                          const HddOverhead& overhead, bool after_write) {
  BIOTOPE_CHECK(!waiting.empty(), "no command to choose");
  const auto choice = waiting.first(std::min<size_t>(waiting.size(), queue_.depth));
  if (choice.size() == 1) return 0;
  switch (queue_.policy) {
    case HddQueuePolicy::kFcfs:
      return 0;
    case HddQueuePolicy::kLook:
      return PickLook(choice, layout, mechanics.cylinder());
    case HddQueuePolicy::kSptf:
      return PickSptf(earliest, choice, layout, mechanics, overhead, after_write);
  }
  return 0;
}

// The nearest one in the present direction, or the nearest one in the other if there is none.
size_t CommandQueue::PickLook(std::span<const WaitingCommand> waiting, const Layout& layout,
                              uint32_t cylinder) {
  for (int turn = 0; turn < 2; ++turn) {
    size_t best = waiting.size();
    uint32_t best_distance = 0;
    for (size_t i = 0; i < waiting.size(); ++i) {
      const uint32_t target = layout.Locate(waiting[i].first).cylinder;
      if (inward_ ? target < cylinder : target > cylinder) continue;
      const uint32_t distance = inward_ ? target - cylinder : cylinder - target;
      if (best < waiting.size() && distance >= best_distance) continue;
      best = i;
      best_distance = distance;
    }
    if (best < waiting.size()) return best;
    inward_ = !inward_;
  }
  return 0;
}

size_t CommandQueue::PickSptf(Tick earliest, std::span<const WaitingCommand> waiting,
                              const Layout& layout, const Mechanics& mechanics,
                              const HddOverhead& overhead, bool after_write) {
  size_t best = 0;
  Tick best_time = kNever;
  for (size_t i = 0; i < waiting.size(); ++i) {
    const WaitingCommand& command = waiting[i];
    const SectorPlace place = layout.Locate(command.first);
    const Tick arrival = earliest + overhead.Of(command.write, after_write) +
                         mechanics.MoveTime(place, command.write);
    if (arrival >= best_time) continue;  // the wait would only make it worse
    const Tick time = arrival + mechanics.RotationUntil(place, arrival);
    if (time >= best_time) continue;
    best = i;
    best_time = time;
  }
  return best;
}

}  // namespace biotope
