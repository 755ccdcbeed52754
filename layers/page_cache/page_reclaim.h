#ifndef BIOTOPE_LAYERS_PAGE_CACHE_PAGE_RECLAIM_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_PAGE_RECLAIM_H_

#include <cstdint>

#include "layers/page_cache/vmscan.h"
#include "layers/page_cache/zone.h"

namespace biotope {

// Models: mm/vmscan.c try_to_free_pages, balance_pgdat, wakeup_kswapd (Linux 2.6.11). Left out on
// purpose: pdflush, slab, suspend, several zones.
//
// One run of reclaim, pass by pass, harder with each: by a task that needs a page now (direct), or
// by kswapd, which frees until the high mark is reached. Its caller has the CPU: it charges for
// each step and sleeps when told.
class PageReclaim {
 public:
  enum class Kind { kDirect, kKswapd };
  enum class Next {
    kScan,     // go on with the next Step
    kNap,      // blk_congestion_wait(WRITE, HZ/10), then go on with the next Step
    kSuccess,  // direct: 32 pages are free; kswapd: the high mark is reached
    kFailure,  // direct: not at any priority; kswapd: it has given up (all_unreclaimable)
  };

  explicit PageReclaim(Kind kind) : kind_(kind) {}

  // Makes one pass on CPU `cpu`, adds what it did to `result`, and returns what comes next.
  Next Step(Zone& zone, uint32_t cpu, ReclaimResult& result);

  int priority() const { return priority_; }

 private:
  Next StepDirect(Zone& zone, uint32_t cpu, ReclaimResult& result);
  Next StepKswapd(Zone& zone, uint32_t cpu, ReclaimResult& result);

  const Kind kind_;
  int priority_ = kDefPriority;
  ReclaimResult total_;  // kswapd: since it was last at the default priority
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_PAGE_RECLAIM_H_
