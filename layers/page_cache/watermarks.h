#ifndef BIOTOPE_LAYERS_PAGE_CACHE_WATERMARKS_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_WATERMARKS_H_

#include <cstdint>

namespace biotope {

// How many pages of a zone the kernel wants to be free.
// Models: mm/page_alloc.c init_per_zone_pages_min, setup_per_zone_pages_min (Linux 2.6.11), for a
// machine whose memory is one zone. Left out on purpose: lowmem_reserve, the high-memory zone.
struct Watermarks {
  uint64_t pages_min = 0;   // below: allocations reclaim themselves
  uint64_t pages_low = 0;   // below: kswapd is woken
  uint64_t pages_high = 0;  // kswapd sleeps again

  // vm.min_free_kbytes as the kernel chooses it for so many pages of memory.
  static uint64_t MinFreeKbytes(uint64_t present_pages);
  static Watermarks FromMinFreeKbytes(uint64_t min_free_kbytes);
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_WATERMARKS_H_
