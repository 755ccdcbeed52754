#ifndef BIOTOPE_LAYERS_PAGE_CACHE_ZONE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_ZONE_H_

#include <algorithm>
#include <cstdint>

#include "layers/page_cache/lru.h"
#include "layers/page_cache/page_pool.h"
#include "layers/page_cache/watermarks.h"
#include "sim/core/check.h"

namespace biotope {

// The machine's memory for the page cache: frames, lists, watermarks. One zone for all of it.
// Models: mm/page_alloc.c __alloc_pages and zone_watermark_ok for single pages, mm/readahead.c
// max_sane_readahead (Linux 2.6.11). Left out on purpose: several zones and nodes, larger orders,
// the free lists of the CPUs, memory that others than the page cache take.
//
// An allocation goes like this, and the caller does what takes time:
//   page = Allocate(pages_low)                   free memory is plentiful; otherwise
//   wake kswapd (PageReclaim::Kind::kKswapd)
//   page = Allocate(pages_min)                   there is still some; otherwise
//   PageReclaim::Kind::kDirect, and if it made progress again Allocate(pages_min); otherwise once
//   Allocate(pages_high); and if that fails too, the machine is out of memory.
class Zone {
 public:
  // Scanning that each list is owed; spent when it makes a group (vmscan.h).
  struct ScanBudget {
    uint64_t nr_scan_active = 0;
    uint64_t nr_scan_inactive = 0;
  };

  // A machine with so many pages for its page cache, and vm.min_free_kbytes as the kernel chooses
  // it.
  Zone(uint64_t present_pages, uint32_t nr_cpus)
      : Zone(present_pages, nr_cpus, Watermarks::MinFreeKbytes(present_pages)) {}
  Zone(uint64_t present_pages, uint32_t nr_cpus, uint64_t min_free_kbytes)
      : marks_(Watermarks::FromMinFreeKbytes(min_free_kbytes)),
        pool_(present_pages),
        lru_(pool_, nr_cpus) {
    BIOTOPE_CHECK(present_pages > marks_.pages_high,
                  "{} pages of memory are too few for marks of {}", present_pages,
                  marks_.pages_high);
  }

  const Watermarks& marks() const { return marks_; }
  PagePool& pool() { return pool_; }
  const PagePool& pool() const { return pool_; }
  Lru& lru() { return lru_; }
  const Lru& lru() const { return lru_; }

  ScanBudget& scan_budget() { return scan_budget_; }

  // zone_watermark_ok for one page.
  bool WatermarkOk(uint64_t mark) const { return pool_.free_pages() > mark; }
  bool NeedsKswapd() const { return !WatermarkOk(marks_.pages_low); }

  // A page that is not in the page cache yet, with one reference, the caller's; null unless more
  // than `mark` pages are free.
  Page* Allocate(uint64_t mark) { return WatermarkOk(mark) ? pool_.Allocate() : nullptr; }

  // What a forced readahead of so many pages is limited to.
  uint64_t MaxSaneReadahead(uint64_t nr_pages) const {
    return std::min(nr_pages, (lru_.nr_inactive() + pool_.free_pages()) / 2);
  }

 private:
  const Watermarks marks_;
  PagePool pool_;
  Lru lru_;
  ScanBudget scan_budget_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_ZONE_H_
