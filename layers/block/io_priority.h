#ifndef BIOTOPE_LAYERS_BLOCK_IO_PRIORITY_H_
#define BIOTOPE_LAYERS_BLOCK_IO_PRIORITY_H_

#include <cstdint>

namespace biotope {

// The classes of ioprio_set(2) (IOPRIO_CLASS_*), with their numbers.
enum class IoPriorityClass : uint8_t { kNone, kRealTime, kBestEffort, kIdle };

inline constexpr uint8_t kIoPriorityLevels = 8;

// Whose I/O goes first. Nobody has set it: best effort at the level of nice 0, which is what a task
// without an I/O priority of its own submits with.
struct IoPriority {
  IoPriorityClass priority_class = IoPriorityClass::kBestEffort;
  uint8_t level = 4;  // within the class: 0, the most urgent, to 7

  friend bool operator==(const IoPriority&, const IoPriority&) = default;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_BLOCK_IO_PRIORITY_H_
