#ifndef BIOTOPE_LAYERS_PAGE_CACHE_PAGE_POOL_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_PAGE_POOL_H_

#include <cstdint>

#include "layers/page_cache/page.h"
#include "layers/page_cache/slab.h"
#include "sim/core/check.h"

namespace biotope {

// The page frames of the machine that the page cache may have. Memory of ours is taken for those
// alone that are in use, and used again: a simulated machine of 64 GiB costs nothing until its page
// cache is full.
class PagePool {
 public:
  explicit PagePool(uint64_t present_pages) : present_pages_(present_pages) {}

  // A page with one reference, the caller's; null if no frame is free. Watermarks are Zone's
  // affair.
  Page* Allocate() {
    if (free_pages() == 0) return nullptr;
    Page* page = slab_.Allocate();
    page->count = 1;
    return page;
  }

  // Takes back a page that nobody refers to any more.
  void Free(Page& page) {
    BIOTOPE_CHECK(page.count == 0 && page.mapping == nullptr, "page {} is in use",
                  page.index.value());
    BIOTOPE_CHECK(!page.locked && !page.on_lru && page.waiters.empty(), "page {} is busy",
                  page.index.value());
    slab_.Free(&page);
    pages_scanned_ = 0;
    all_unreclaimable_ = false;
  }

  uint64_t present_pages() const { return present_pages_; }
  uint64_t used_pages() const { return slab_.live(); }
  uint64_t free_pages() const { return present_pages_ - slab_.live(); }
  // Pages that we have memory for: the largest number ever in use, rounded up to a chunk.
  uint64_t capacity() const { return slab_.capacity(); }

  // zone->pages_scanned: what reclaim has scanned since a page was last freed.
  uint64_t pages_scanned() const { return pages_scanned_; }
  void AddPagesScanned(uint64_t nr) { pages_scanned_ += nr; }
  // zone->all_unreclaimable: reclaim has given up, until a page is freed.
  bool all_unreclaimable() const { return all_unreclaimable_; }
  void set_all_unreclaimable() { all_unreclaimable_ = true; }

 private:
  const uint64_t present_pages_;
  uint64_t pages_scanned_ = 0;
  bool all_unreclaimable_ = false;
  Slab<Page, 512> slab_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_PAGE_POOL_H_
