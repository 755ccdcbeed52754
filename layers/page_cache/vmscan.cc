#include "layers/page_cache/vmscan.h"

#include <algorithm>
#include <utility>

#include "layers/page_cache/address_space.h"

namespace biotope {
namespace {

// Adds what this pass owes to a list. Scanning less than a group is put off.
uint64_t TakeBudget(uint64_t& owed, uint64_t nr_pages, int priority) {
  owed += (nr_pages >> priority) + 1;
  return owed < kSwapClusterMax ? 0 : std::exchange(owed, 0);
}

void RefillInactiveZone(Zone& zone, uint32_t nr_to_scan, uint32_t cpu, ReclaimResult& result) {
  zone.lru().AddDrain(cpu);
  PageList group;
  const uint32_t scanned = zone.lru().IsolateActive(group, nr_to_scan);
  zone.pool().AddPagesScanned(scanned);
  result.scanned_active += scanned;
  for (Page& page : group) {
    if (page.mapcount > 0) continue;
    page.active = false;
    ++result.deactivated;
  }
  zone.lru().PutBack(group);
}

enum class Verdict { kKeep, kActivate, kFree };

// The decision of shrink_list about one page that it has locked.
Verdict Judge(Page& page) {
  if (page.writeback) return Verdict::kKeep;
  page.referenced = false;
  if (page.mapcount > 0) return Verdict::kActivate;
  if (page.dirty) return Verdict::kKeep;
  // Somebody uses it besides the page cache. (The kernel asks for 2, for it holds one itself.)
  if (page.mapping == nullptr || page.count != 1) return Verdict::kKeep;
  return Verdict::kFree;
}

// shrink_list: frees what it can of `group`, oldest first; the others stay in it.
void ShrinkList(Zone& zone, PageList& group, ReclaimResult& result) {
  for (auto it = group.end(); it != group.begin();) {
    Page& page = *--it;
    if (page.locked) continue;
    result.scanned += page.mapcount > 0 ? 2 : 1;
    switch (Judge(page)) {
      case Verdict::kKeep:
        break;
      case Verdict::kActivate:
        page.active = true;
        ++result.activated;
        break;
      case Verdict::kFree:
        it = group.erase(it);
        page.locked = true;
        page.mapping->RemoveFromPageCache(page);
        page.locked = false;
        zone.lru().Release(page);
        ++result.reclaimed;
        break;
    }
  }
}

void ShrinkCache(Zone& zone, uint32_t nr_to_scan, uint32_t cpu, ReclaimResult& result) {
  zone.lru().AddDrain(cpu);
  int64_t max_scan = nr_to_scan;
  while (max_scan > 0) {
    PageList group;
    const uint32_t nr_taken = zone.lru().IsolateInactive(group, kSwapClusterMax);
    // The kernel counts the attempt that ends its loop as well.
    const uint32_t nr_scan = nr_taken + 1;
    zone.pool().AddPagesScanned(nr_scan);
    if (nr_taken == 0) return;
    max_scan -= nr_scan;
    ShrinkList(zone, group, result);
    zone.lru().PutBack(group);
  }
}

}  // namespace

ReclaimResult& ReclaimResult::operator+=(const ReclaimResult& other) {
  scanned_active += other.scanned_active;
  deactivated += other.deactivated;
  scanned += other.scanned;
  activated += other.activated;
  reclaimed += other.reclaimed;
  return *this;
}

ReclaimResult ShrinkZone(Zone& zone, int priority, uint32_t cpu) {
  Zone::ScanBudget& owed = zone.scan_budget();
  uint64_t nr_active = TakeBudget(owed.nr_scan_active, zone.lru().nr_active(), priority);
  uint64_t nr_inactive = TakeBudget(owed.nr_scan_inactive, zone.lru().nr_inactive(), priority);
  ReclaimResult result;
  while (nr_active > 0 || nr_inactive > 0) {
    const auto active = static_cast<uint32_t>(std::min<uint64_t>(nr_active, kSwapClusterMax));
    if (active > 0) RefillInactiveZone(zone, active, cpu, result);
    nr_active -= active;

    const auto inactive = static_cast<uint32_t>(std::min<uint64_t>(nr_inactive, kSwapClusterMax));
    if (inactive > 0) ShrinkCache(zone, inactive, cpu, result);
    nr_inactive -= inactive;
    if (inactive > 0 && result.reclaimed >= kSwapClusterMax) break;
  }
  return result;
}

}  // namespace biotope
