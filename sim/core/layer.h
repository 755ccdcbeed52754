#ifndef BIOTOPE_SIM_CORE_LAYER_H_
#define BIOTOPE_SIM_CORE_LAYER_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace biotope {

// Where a moment of an I/O is spent. The order is that of the path downwards; it is the order of
// every table. kUser and kCpu are not actors: time in user mode, and waiting for a core.
enum class Layer : uint8_t {
  kUser,
  kCpu,
  kSyscall,
  kVfs,
  kExt2,
  kPageCache,
  kBlock,
  kIosched,
  kDriver,
  kDisk,
};

inline constexpr size_t kLayerCount = 10;

inline constexpr std::array<std::string_view, kLayerCount> kLayerNames = {
    "user", "cpu", "syscall", "vfs", "ext2", "page_cache", "block", "iosched", "driver", "disk"};

constexpr std::string_view LayerName(Layer layer) {
  return kLayerNames[static_cast<size_t>(layer)];
}

}  // namespace biotope

#endif  // BIOTOPE_SIM_CORE_LAYER_H_
