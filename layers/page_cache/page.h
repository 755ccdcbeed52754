#ifndef BIOTOPE_LAYERS_PAGE_CACHE_PAGE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_PAGE_H_

#include <boost/intrusive/list.hpp>
#include <cstdint>

#include "layers/page_cache/page_waiter.h"
#include "sim/core/units.h"

namespace biotope {

class AddressSpace;

// A page frame: struct page, as far as the page cache uses it. The data are not simulated.
//
// A page that is being read is locked and not uptodate; the end of its I/O sets uptodate or error,
// unlocks it and wakes its waiters. Whoever keeps a pointer to a page while the simulation goes on
// holds a reference (AddressSpace::FindGetPage, Lru::Get) and gives it back (Lru::Release).
// Models: include/linux/mm.h, include/linux/page-flags.h (Linux 2.6.11). Left out on purpose: pages
// that are not part of the page cache, compound pages.
struct Page {
  Page() = default;
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

  AddressSpace* mapping = nullptr;  // the file that it belongs to; null: not in the page cache
  PageIndex index;                  // position in that file

  boost::intrusive::list_member_hook<boost::intrusive::link_mode<boost::intrusive::normal_link>>
      lru;
  Page* next_in_bio = nullptr;  // the next page of the same bio
  PageWaitQueue waiters;        // who waits for the page to be unlocked

  uint32_t count = 0;            // _count: the page cache, each pagevec and each user hold one
  uint16_t mapcount = 0;         // page tables that map it
  uint16_t buffers_pending = 0;  // block_read_full_page: buffers that are still being read

  bool locked : 1 = false;       // PG_locked
  bool uptodate : 1 = false;     // PG_uptodate
  bool error : 1 = false;        // PG_error
  bool referenced : 1 = false;   // PG_referenced
  bool active : 1 = false;       // PG_active: belongs on the active list
  bool on_lru : 1 = false;       // PG_lru: is on one of the lists
  bool dirty : 1 = false;        // PG_dirty
  bool writeback : 1 = false;    // PG_writeback
  bool has_buffers : 1 = false;  // PG_private
};
static_assert(sizeof(Page) <= 64);

using PageList =
    boost::intrusive::list<Page,
                           boost::intrusive::member_hook<Page, decltype(Page::lru), &Page::lru>>;

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_PAGE_H_
