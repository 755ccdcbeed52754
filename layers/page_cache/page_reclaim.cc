#include "layers/page_cache/page_reclaim.h"

namespace biotope {
namespace {

// Passes below this priority are followed by a nap.
constexpr int kNapPriority = kDefPriority - 2;

// zone->pages_scanned: so many times the lists without a page freed, and the zone is given up.
constexpr uint64_t kUnreclaimableFactor = 4;

// A zone that was given up is only looked at in the first, lightest pass.
bool IsSkipped(const Zone& zone, int priority) {
  return zone.pool().all_unreclaimable() && priority != kDefPriority;
}

}  // namespace

PageReclaim::Next PageReclaim::Step(Zone& zone, uint32_t cpu, ReclaimResult& result) {
  switch (kind_) {
    case Kind::kDirect:
      return StepDirect(zone, cpu, result);
    case Kind::kKswapd:
      return StepKswapd(zone, cpu, result);
  }
  __builtin_unreachable();
}

PageReclaim::Next PageReclaim::StepDirect(Zone& zone, uint32_t cpu, ReclaimResult& result) {
  ReclaimResult pass;
  if (!IsSkipped(zone, priority_)) pass = ShrinkZone(zone, priority_, cpu);
  result += pass;
  if (pass.reclaimed >= kSwapClusterMax) return Next::kSuccess;
  const bool nap = pass.scanned > 0 && priority_ < kNapPriority;
  // The kernel naps after the last pass too, before it reports failure; nobody gains by that.
  if (priority_ == 0) return Next::kFailure;
  --priority_;
  return nap ? Next::kNap : Next::kScan;
}

PageReclaim::Next PageReclaim::StepKswapd(Zone& zone, uint32_t cpu, ReclaimResult& result) {
  if (zone.WatermarkOk(zone.marks().pages_high)) return Next::kSuccess;
  if (IsSkipped(zone, priority_)) return Next::kFailure;

  const ReclaimResult pass = ShrinkZone(zone, priority_, cpu);
  result += pass;
  total_ += pass;
  const uint64_t lru_pages = zone.lru().nr_active() + zone.lru().nr_inactive();
  if (zone.pool().pages_scanned() >= lru_pages * kUnreclaimableFactor) {
    zone.pool().set_all_unreclaimable();
  }
  const bool nap = total_.scanned > 0 && priority_ < kNapPriority;
  if (total_.reclaimed >= kSwapClusterMax || priority_ == 0) {
    priority_ = kDefPriority;
    total_ = {};
  } else {
    --priority_;
  }
  return nap ? Next::kNap : Next::kScan;
}

}  // namespace biotope
