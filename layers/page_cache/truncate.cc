#include "layers/page_cache/truncate.h"

#include <array>

#include "layers/page_cache/pagevec.h"

namespace biotope {
namespace {

// invalidate_complete_page, and the checks before it.
bool Invalidate(AddressSpace& mapping, Page& page, Lru& lru) {
  if (page.locked || page.dirty || page.writeback || page.mapcount > 0) return false;
  page.locked = true;
  mapping.RemoveFromPageCache(page);
  page.uptodate = false;
  page.locked = false;
  lru.Release(page);  // the page cache's reference
  return true;
}

}  // namespace

uint64_t InvalidateMappingPages(AddressSpace& mapping, PageIndex start, PageIndex end, Lru& lru,
                                uint32_t cpu) {
  uint64_t removed = 0;
  PageIndex next = start;
  std::array<Page*, Pagevec::kSize> pages;
  while (next <= end) {
    const size_t found = mapping.FindGetPages(next, pages);
    if (found == 0) break;
    for (size_t i = 0; i < found; ++i) {
      Page& page = *pages[i];
      next = page.index + PageIndex(1);
      if (page.index <= end && Invalidate(mapping, page, lru)) ++removed;
    }
    // __pagevec_release: pages that wait in the pagevec of this CPU could not be freed otherwise.
    lru.AddDrain(cpu);
    for (Page* page : std::span(pages).first(found)) lru.Release(*page);
    if (next == PageIndex(0)) break;
  }
  return removed;
}

}  // namespace biotope
