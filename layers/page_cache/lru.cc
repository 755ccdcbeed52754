#include "layers/page_cache/lru.h"

#include <utility>

#include "sim/core/check.h"

namespace biotope {

void Lru::AddToList(Page& page) {
  BIOTOPE_CHECK(!page.on_lru, "page {} is on the LRU already", page.index.value());
  page.on_lru = true;
  ListOf(page).push_front(page);
}

void Lru::RemoveFromList(Page& page) {
  PageList& list = ListOf(page);
  list.erase(list.iterator_to(page));
  page.on_lru = false;
}

void Lru::PagevecFlush(Pagevec& pvec) {
  const uint32_t nr = std::exchange(pvec.nr, 0);
  for (uint32_t i = 0; i < nr; ++i) AddToList(*pvec.pages[i]);
  for (uint32_t i = 0; i < nr; ++i) Release(*pvec.pages[i]);
}

void Lru::MarkPageAccessed(Page& page) {
  if (!page.referenced) {
    page.referenced = true;
  } else if (!page.active && page.on_lru) {
    RemoveFromList(page);
    page.active = true;
    AddToList(page);
    page.referenced = false;
  }
}

void Lru::Release(Page& page) {
  BIOTOPE_CHECK(page.count > 0, "page {} has no reference to release", page.index.value());
  if (--page.count > 0) return;
  if (page.on_lru) RemoveFromList(page);
  pool_.Free(page);
}

uint32_t Lru::Isolate(PageList& list, PageList& group, uint32_t nr) {
  uint32_t taken = 0;
  for (; taken < nr && !list.empty(); ++taken) {
    Page& page = list.back();
    list.pop_back();
    page.on_lru = false;
    group.push_front(page);
  }
  return taken;
}

void Lru::PutBack(PageList& group) {
  while (!group.empty()) {
    Page& page = group.back();
    group.pop_back();
    AddToList(page);
  }
}

}  // namespace biotope
