#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FOLIO_CACHE_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FOLIO_CACHE_H_

#include <cstdint>
#include <iterator>
#include <map>
#include <optional>

#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"

namespace biotope {

// The page cache of one file, without the pages: where its folios are, and which carry the mark.
class FolioCache : public CachedPages {
 public:
  struct Folio {
    uint64_t index = 0;
    uint8_t order = 0;
    bool marked = false;

    uint64_t end() const { return index + (uint64_t{1} << order); }
  };

  explicit FolioCache(uint64_t file_size, uint8_t max_folio_order = 0)
      : file_size_(file_size), max_folio_order_(max_folio_order) {}

  bool IsCached(PageIndex index) const override { return Find(index.value()) != nullptr; }
  std::optional<PageIndex> end_index() const override {
    if (file_size_ == 0) return std::nullopt;
    return PageIndex((file_size_ - 1) / kPageSize);
  }
  uint8_t max_folio_order() const override { return max_folio_order_; }
  uint64_t file_size() const { return file_size_; }

  // The folio with page `index`, or null.
  const Folio* Find(uint64_t index) const {
    auto behind = folios_.upper_bound(index);
    if (behind == folios_.begin()) return nullptr;
    const Folio& folio = std::prev(behind)->second;
    return index < folio.end() ? &folio : nullptr;
  }
  // False if one of its pages is there already.
  bool Add(const Folio& folio) {
    for (uint64_t index = folio.index; index < folio.end(); ++index) {
      if (Find(index) != nullptr) return false;
    }
    folios_.emplace(folio.index, folio);
    return true;
  }
  void ClearMark(uint64_t index) { folios_.at(Find(index)->index).marked = false; }
  // Forgets the folios that lie in [first, end).
  void Remove(uint64_t first, uint64_t end) {
    for (auto it = folios_.lower_bound(first); it != folios_.end() && it->second.end() <= end;) {
      it = folios_.erase(it);
    }
  }

 private:
  uint64_t file_size_;
  uint8_t max_folio_order_;
  std::map<uint64_t, Folio> folios_;  // by index
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FOLIO_CACHE_H_
