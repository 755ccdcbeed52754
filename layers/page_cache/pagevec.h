#ifndef BIOTOPE_LAYERS_PAGE_CACHE_PAGEVEC_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_PAGEVEC_H_

#include <array>
#include <cstdint>

namespace biotope {

struct Page;

// A handful of pages that are put onto the LRU together, so that its lock is taken once for all:
// struct pagevec. It holds a reference to each.
// Models: include/linux/pagevec.h (Linux 2.6.11).
struct Pagevec {
  static constexpr uint32_t kSize = 14;  // PAGEVEC_SIZE

  uint32_t nr = 0;
  std::array<Page*, kSize> pages{};
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_PAGEVEC_H_
