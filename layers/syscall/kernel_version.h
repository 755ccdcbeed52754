#ifndef BIOTOPE_LAYERS_SYSCALL_KERNEL_VERSION_H_
#define BIOTOPE_LAYERS_SYSCALL_KERNEL_VERSION_H_

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace biotope {

// "2.6.11" or "6.8": up to three numbers.
struct KernelVersion {
  std::array<uint32_t, 3> numbers{};

  friend constexpr auto operator<=>(const KernelVersion&, const KernelVersion&) = default;

  // Nothing if `text` is not a version. What follows the third number does not count.
  static constexpr std::optional<KernelVersion> Parse(std::string_view text) {
    KernelVersion version;
    size_t digits = 0;
    size_t index = 0;
    for (const char c : text) {
      if (c >= '0' && c <= '9') {
        if (++digits > 6) return std::nullopt;
        version.numbers[index] = version.numbers[index] * 10 + static_cast<uint32_t>(c - '0');
      } else if (c == '.' && digits > 0) {
        if (++index == version.numbers.size()) return version;
        digits = 0;
      } else {
        return std::nullopt;
      }
    }
    if (digits == 0) return std::nullopt;
    return version;
  }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_KERNEL_VERSION_H_
