#ifndef BIOTOPE_LAYERS_PAGE_CACHE_CACHED_MAPPING_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_CACHED_MAPPING_H_

#include <cstdint>
#include <optional>

#include "layers/page_cache/address_space.h"
#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"

namespace biotope {

// What a readahead algorithm may know about a file: a view of its address space.
class CachedMapping final : public CachedPages {
 public:
  explicit CachedMapping(const AddressSpace& mapping, uint8_t max_folio_order = 0)
      : mapping_(mapping), max_folio_order_(max_folio_order) {}

  bool IsCached(PageIndex index) const override { return mapping_.Lookup(index).page != nullptr; }
  std::optional<PageIndex> end_index() const override { return mapping_.end_index(); }
  uint8_t max_folio_order() const override { return max_folio_order_; }

 private:
  const AddressSpace& mapping_;
  const uint8_t max_folio_order_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_CACHED_MAPPING_H_
