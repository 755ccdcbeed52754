#ifndef BIOTOPE_LAYERS_PAGE_CACHE_ON_DEMAND_STATE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_ON_DEMAND_STATE_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"

namespace biotope {

// What on-demand readahead has in common in all kernels that have it (mm/readahead.c, mm/fadvise.c,
// 2.6.34 to 6.18).

// get_init_ra_size: the first window for a request of `size` pages.
inline uint64_t OnDemandInitSize(uint64_t size, uint64_t max) {
  const uint64_t rounded = std::bit_ceil(size);
  if (rounded <= max / 32) return 4 * rounded;
  if (rounded <= max / 4) return 2 * rounded;
  return max;
}

// get_next_ra_size: the window after one of `current` pages.
inline uint64_t OnDemandNextSize(uint64_t current, uint64_t max) {
  return std::min((current < max / 16 ? 4 : 2) * current, max);
}

// posix_fadvise, as far as it changes the state of an open file.
inline void OnDemandAdvise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) {
  switch (advice) {
    case ReadAdvice::kNormal:
      ra.ra_pages = bdi_ra_pages;
      ra.random_mode = false;
      break;
    case ReadAdvice::kRandom:
      ra.random_mode = true;
      break;
    case ReadAdvice::kSequential:
      ra.ra_pages = 2 * bdi_ra_pages;
      ra.random_mode = false;
      break;
  }
}

// The first page at or behind `first` that is not cached; first + max_scan if so many are.
inline PageIndex NextMiss(const CachedPages& pages, PageIndex first, uint64_t max_scan) {
  PageIndex index = first;
  while (index < first + PageIndex(max_scan) && pages.IsCached(index)) ++index;
  return index;
}

// Pages in a row, directly before `offset`, that are cached; at most max_scan.
inline uint64_t CachedBefore(const CachedPages& pages, PageIndex offset, uint64_t max_scan) {
  const uint64_t most = std::min(offset.value(), max_scan);
  uint64_t count = 0;
  while (count < most && pages.IsCached(offset - PageIndex(count + 1))) ++count;
  return count;
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_ON_DEMAND_STATE_H_
