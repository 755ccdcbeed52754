#include "layers/page_cache/vmscan.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include "tests/layers/page_cache/zone_fixture.h"

namespace biotope {
namespace {

std::vector<uint64_t> Range(uint64_t first, uint64_t count) {
  std::vector<uint64_t> range(count);
  std::iota(range.begin(), range.end(), first);
  return range;
}

TEST(ShrinkZone, FreesTheOldestInactivePages) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 100);
  const ReclaimResult result = ShrinkZone(f.zone, /*priority=*/0, /*cpu=*/0);
  EXPECT_EQ(result.reclaimed, 32u);  // the goal of a pass, although 101 could be scanned
  EXPECT_EQ(result.scanned, 32u);
  EXPECT_EQ(result.scanned_active, 0u);
  EXPECT_EQ(f.Cached(), Range(32, 68));
  EXPECT_EQ(f.zone.pool().free_pages(), 1000u - 68);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 68u);
}

// What happens to the oldest of 40 inactive pages, when one thing is different about it.
TEST(ShrinkZone, WhichPagesAreKept) {
  const struct {
    std::string name;
    std::function<void(Page&)> change;
    bool freed, active, referenced;
    uint64_t scanned;
  } kCases[] = {
      {"clean", [](Page& p) { p.referenced = false; }, true, false, false, 32},
      {"referenced", [](Page& p) { p.referenced = true; }, true, false, false, 32},
      {"not uptodate", [](Page& p) { p.uptodate = false; }, true, false, false, 32},
      {"locked", [](Page& p) { p.locked = true; }, false, false, true, 31},
      {"in use", [](Page& p) { ++p.count; }, false, false, false, 32},
      {"dirty", [](Page& p) { p.dirty = true; }, false, false, false, 32},
      {"writeback", [](Page& p) { p.writeback = true; }, false, false, true, 32},
      {"mapped", [](Page& p) { p.mapcount = 1; }, false, true, false, 33},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    ZoneFixture f(1000);
    f.ReadInAll(0, 40);
    c.change(f.page(0));
    f.zone.scan_budget().nr_scan_inactive = 31 - (40 >> kDefPriority);  // one group of 32
    const ReclaimResult result = ShrinkZone(f.zone, kDefPriority, 0);
    EXPECT_EQ(result.reclaimed, c.freed ? 32u : 31u);
    EXPECT_EQ(result.scanned, c.scanned);
    EXPECT_EQ(result.activated, c.active ? 1u : 0u);
    ASSERT_EQ(f.IsCached(0), !c.freed);
    if (c.freed) continue;
    EXPECT_EQ(f.page(0).active, c.active);
    EXPECT_EQ(f.page(0).referenced, c.referenced);
    EXPECT_TRUE(f.page(0).on_lru);
    EXPECT_EQ(f.zone.lru().nr_active(), c.active ? 1u : 0u);
    // A kept page is at the head of its list: the next to go are the 8 that were not scanned.
    PageList group;
    f.zone.lru().IsolateInactive(group, 8);
    EXPECT_EQ(group.back().index, PageIndex(32));
    EXPECT_EQ(group.front().index, PageIndex(39));
    f.zone.lru().PutBack(group);
  }
}

TEST(ShrinkZone, PagesThatNobodyOwnsStay) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 40);
  Page& page = *f.mapping.FindGetPage(PageIndex(0)).page;
  page.locked = true;
  f.mapping.RemoveFromPageCache(page);
  page.locked = false;
  f.zone.lru().Release(page);
  EXPECT_EQ(page.count, 1u);  // ours
  ShrinkZone(f.zone, 0, 0);
  EXPECT_TRUE(page.on_lru);
  f.zone.lru().Release(page);
  EXPECT_EQ(f.zone.pool().used_pages(), f.mapping.nr_pages());
}

TEST(ShrinkZone, LittleScanningIsPutOff) {
  ZoneFixture f(100'000);
  f.ReadInAll(0, 8192);  // owes 8192 / 4096 + 1 = 3 pages a pass
  for (int pass = 1; pass <= 10; ++pass) {
    EXPECT_EQ(ShrinkZone(f.zone, kDefPriority, 0).scanned, 0u) << pass;
  }
  const ReclaimResult result = ShrinkZone(f.zone, kDefPriority, 0);  // 33
  EXPECT_EQ(result.reclaimed, 32u);
  EXPECT_EQ(f.zone.scan_budget().nr_scan_inactive, 0u);
  EXPECT_EQ(f.zone.scan_budget().nr_scan_active, 11u);
}

// A working set of 1024 pages beside a stream, read once, four times as large as the memory.
TEST(ShrinkZone, StreamingReadsDoNotPushOutWhatIsActive) {
  const struct {
    std::string name;
    uint64_t touch_every;  // pages of the stream between two readings of the working set
    uint64_t kept;
  } kCases[] = {
      {"read again and again", 512, 1024},
      // Activity fades: in a zone this small the active list is scanned as fast as the inactive
      // one.
      {"read twice, then never again", UINT64_MAX, 0},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    ZoneFixture f(4096 + 128);
    f.ReadInAll(0, 1024);
    for (uint64_t i = 0; i < 1024; ++i) f.Touch(i);
    ASSERT_EQ(f.zone.lru().nr_active(), 1024u);
    for (uint64_t i = 0; i < 16384; ++i) {
      for (int pass = 0; f.zone.NeedsKswapd() && pass < 100; ++pass) {
        ShrinkZone(f.zone, kDefPriority, 0);
      }
      ASSERT_NE(f.ReadIn(100'000 + i), nullptr);
      EXPECT_FALSE(f.page(100'000 + i).active);
      for (uint64_t page = 0; i % c.touch_every == c.touch_every - 1 && page < 1024; ++page) {
        f.Touch(page);
      }
    }
    uint64_t kept = 0;
    for (uint64_t i = 0; i < 1024; ++i) kept += f.IsCached(i);
    EXPECT_EQ(kept, c.kept);
  }
}

TEST(ShrinkZone, ReadTwiceIsKeptLongerThanReadOnce) {
  for (const bool twice : {false, true}) {
    ZoneFixture f(1000);
    f.ReadInAll(0, 64);
    if (twice) {
      for (uint64_t i = 0; i < 32; ++i) f.Touch(i);
    }
    ShrinkZone(f.zone, 4, 0);  // owes 64 / 16 + 1 pages: nothing yet
    f.zone.scan_budget() = {.nr_scan_active = 0, .nr_scan_inactive = 31};
    ShrinkZone(f.zone, 4, 0);
    EXPECT_EQ(f.IsCached(0), twice);
    EXPECT_EQ(f.IsCached(32), !twice);
  }
}

TEST(ShrinkZone, TheActiveListAgesFromItsTail) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 64);
  for (uint64_t i = 0; i < 64; ++i) f.Touch(i);
  f.page(3).referenced = true;
  f.page(5).mapcount = 1;
  f.zone.scan_budget() = {.nr_scan_active = 31, .nr_scan_inactive = 0};
  const ReclaimResult result = ShrinkZone(f.zone, kDefPriority, 0);
  EXPECT_EQ(result.scanned_active, 32u);
  EXPECT_EQ(result.deactivated, 31u);  // referenced or not, but not the mapped one
  EXPECT_EQ(f.zone.lru().nr_active(), 33u);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 31u);
  EXPECT_FALSE(f.page(0).active);
  EXPECT_FALSE(f.page(31).active);
  EXPECT_TRUE(f.page(32).active);
  EXPECT_TRUE(f.page(5).active);
  // Referenced stays: one touch brings it back.
  EXPECT_TRUE(f.page(3).referenced);
  f.Touch(3);
  EXPECT_TRUE(f.page(3).active);
}

TEST(ShrinkZone, PagesInThePagevecOfThisCpuAreReached) {
  ZoneFixture f(1000);
  for (uint64_t i = 0; i < 10; ++i) f.ReadIn(i, /*cpu=*/0);
  for (uint64_t i = 10; i < 15; ++i) f.ReadIn(i, /*cpu=*/1);
  f.zone.scan_budget().nr_scan_inactive = 31;
  EXPECT_EQ(ShrinkZone(f.zone, 0, /*cpu=*/0).reclaimed, 10u);
  EXPECT_EQ(f.Cached(), Range(10, 5));
}

TEST(ShrinkZone, AShortListIsScannedAgainWithinAPass) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 10);
  for (uint64_t i = 0; i < 10; ++i) f.page(i).locked = true;
  f.zone.scan_budget().nr_scan_inactive = 31;
  const ReclaimResult result = ShrinkZone(f.zone, kDefPriority, 0);
  EXPECT_EQ(result.scanned, 0u);
  EXPECT_EQ(result.reclaimed, 0u);
  EXPECT_EQ(f.zone.pool().pages_scanned(), 33u);  // three times 10 and the attempt that ends it
}

}  // namespace
}  // namespace biotope
