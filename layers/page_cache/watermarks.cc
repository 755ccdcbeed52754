#include "layers/page_cache/watermarks.h"

#include <algorithm>

#include "sim/core/units.h"

namespace biotope {
namespace {

constexpr uint64_t kKbytesPerPage = kPageSize / 1024;

// floor(sqrt(n)), bit by bit.
uint64_t IntSqrt(uint64_t n) {
  uint64_t root = 0;
  for (uint64_t bit = uint64_t{1} << 31; bit > 0; bit >>= 1) {
    if ((root | bit) * (root | bit) <= n) root |= bit;
  }
  return root;
}

}  // namespace

uint64_t Watermarks::MinFreeKbytes(uint64_t present_pages) {
  return std::clamp<uint64_t>(IntSqrt(16 * present_pages * kKbytesPerPage), 128, 65536);
}

Watermarks Watermarks::FromMinFreeKbytes(uint64_t min_free_kbytes) {
  const uint64_t pages_min = min_free_kbytes / kKbytesPerPage;
  return {.pages_min = pages_min, .pages_low = pages_min * 5 / 4, .pages_high = pages_min * 6 / 4};
}

}  // namespace biotope
