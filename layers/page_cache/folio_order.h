#ifndef BIOTOPE_LAYERS_PAGE_CACHE_FOLIO_ORDER_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_FOLIO_ORDER_H_

#include <algorithm>
#include <bit>
#include <cstdint>

#include "sim/core/units.h"

namespace biotope {

// How the pages of a readahead submission are grouped into folios: mm/readahead.c
// page_cache_ra_order and ra_alloc_folio (Linux 6.18). A folio of order n has 2^n pages and begins
// at a multiple of 2^n.

// The order of the folio that begins at `index`, if the submission ends with page `last`.
inline uint8_t FolioOrderAt(PageIndex index, PageIndex last, uint8_t max_order) {
  const int aligned = std::countr_zero(index.value());  // 64 for page 0
  const int fits = static_cast<int>(std::bit_width((last - index).value() + 1)) - 1;
  return static_cast<uint8_t>(std::min({static_cast<int>(max_order), aligned, fits}));
}

// Whether a new folio carries the mark that belongs to page `mark`.
inline bool FolioCarriesMark(PageIndex index, uint8_t order, PageIndex mark) {
  return (mark.value() >> order) << order == index.value();
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_FOLIO_ORDER_H_
