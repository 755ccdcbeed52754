#ifndef BIOTOPE_LAYERS_PAGE_CACHE_LRU_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_LRU_H_

#include <cstdint>
#include <vector>

#include "layers/page_cache/page.h"
#include "layers/page_cache/page_pool.h"
#include "layers/page_cache/pagevec.h"

namespace biotope {

// Models: mm/swap.c lru_cache_add, __pagevec_lru_add, lru_add_drain, activate_page,
// mark_page_accessed, put_page (Linux 2.6.11). Left out on purpose: rotate_reclaimable_page
// (nothing is written), the active pagevec (for anonymous memory), zone->lru_lock.
//
// The active and the inactive list of a zone, and the references that keep pages alive. Their heads
// are the recent ends; reclaim takes from the tails (vmscan.h). A new page enters the inactive
// list, and waits for that in a pagevec: until then it is on no list, can be neither reclaimed nor
// activated.
class Lru {
 public:
  Lru(PagePool& pool, uint32_t nr_cpus) : pool_(pool), lru_add_pvecs_(nr_cpus) {}
  Lru(const Lru&) = delete;
  Lru& operator=(const Lru&) = delete;

  // lru_cache_add: through the pagevec of this CPU, which takes a reference of its own.
  void CacheAdd(Page& page, uint32_t cpu) {
    Get(page);
    PagevecAdd(lru_add_pvecs_[cpu], page);
  }
  // lru_add_drain: what waits in the pagevec of this CPU goes onto the list.
  void AddDrain(uint32_t cpu) { PagevecFlush(lru_add_pvecs_[cpu]); }

  // The same with a pagevec of the caller's (mpage_readpages): it takes over the caller's
  // reference, and is flushed when it is full.
  void PagevecAdd(Pagevec& pvec, Page& page) {
    pvec.pages[pvec.nr++] = &page;
    if (pvec.nr == Pagevec::kSize) PagevecFlush(pvec);
  }
  // __pagevec_lru_add: all go onto the inactive list, and their references are given back.
  void PagevecFlush(Pagevec& pvec);

  // mark_page_accessed: inactive -> inactive, referenced -> active -> active, referenced.
  void MarkPageAccessed(Page& page);

  // get_page and put_page. The last reference frees the page.
  void Get(Page& page) { ++page.count; }
  void Release(Page& page);

  // For reclaim: moves up to `nr` pages from the tail of a list to `group`, oldest last; returns
  // how many.
  uint32_t IsolateInactive(PageList& group, uint32_t nr) { return Isolate(inactive_, group, nr); }
  uint32_t IsolateActive(PageList& group, uint32_t nr) { return Isolate(active_, group, nr); }
  // And back, to the head of the list that Page::active says; their order is kept.
  void PutBack(PageList& group);

  uint64_t nr_active() const { return active_.size(); }
  uint64_t nr_inactive() const { return inactive_.size(); }

 private:
  PageList& ListOf(const Page& page) { return page.active ? active_ : inactive_; }
  void AddToList(Page& page);
  void RemoveFromList(Page& page);
  static uint32_t Isolate(PageList& list, PageList& group, uint32_t nr);

  PagePool& pool_;
  PageList active_;
  PageList inactive_;
  std::vector<Pagevec> lru_add_pvecs_;  // by CPU
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_LRU_H_
