#ifndef BIOTOPE_LAYERS_PAGE_CACHE_VMSCAN_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_VMSCAN_H_

#include <cstdint>

#include "layers/page_cache/zone.h"

namespace biotope {

inline constexpr uint32_t kSwapClusterMax = 32;  // pages of a group, and goal of a pass
inline constexpr int kDefPriority = 12;  // scans 1/2^12 of the lists; priority 0 all of them

// What a scan did; the caller charges for it.
struct ReclaimResult {
  uint64_t scanned_active = 0;  // pages looked at by refill_inactive_zone
  uint64_t deactivated = 0;     // of them moved to the inactive list
  uint64_t scanned = 0;         // inactive pages that shrink_list could lock
  uint64_t activated = 0;       // of them moved to the active list
  uint64_t reclaimed = 0;       // of them removed from their file and freed

  ReclaimResult& operator+=(const ReclaimResult& other);
};

// Models: mm/vmscan.c shrink_zone, refill_inactive_zone, shrink_cache, shrink_list (Linux 2.6.11).
// Left out on purpose: pageout (a dirty page is kept), try_to_unmap and swap (a page that a process
// maps is kept active, whatever swap_tendency says), the slab shrinkers.
//
// Reclaims pages of `zone` by scanning 1/2^priority of each list, at most until 32 pages are free:
// pages from the tail of the active list become inactive, pages from the tail of the inactive list
// that are clean, unlocked and nobody's are freed, referenced or not. `cpu` is where it runs.
ReclaimResult ShrinkZone(Zone& zone, int priority, uint32_t cpu);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_VMSCAN_H_
