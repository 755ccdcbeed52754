#include "layers/page_cache/page_reclaim.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "tests/layers/page_cache/zone_fixture.h"

namespace biotope {
namespace {

using Kind = PageReclaim::Kind;
using Next = PageReclaim::Next;

// Runs to the end and returns what came after each step.
std::vector<Next> RunToEnd(PageReclaim reclaim, Zone& zone, ReclaimResult& result) {
  std::vector<Next> steps;
  do {
    steps.push_back(reclaim.Step(zone, 0, result));
  } while ((steps.back() == Next::kScan || steps.back() == Next::kNap) && steps.size() < 1000);
  return steps;
}

TEST(PageReclaim, DirectReclaimFrees32Pages) {
  ZoneFixture f(4096);
  f.ReadInAll(0, 4064);
  ReclaimResult result;
  const std::vector<Next> steps = RunToEnd(PageReclaim(Kind::kDirect), f.zone, result);
  // Owed: 4064 / 4096 + 1, 4064 / 2048 + 1, then 2 of 1024, ... = 1 + 2 + 4 + 8, the fifth
  // makes 31.
  EXPECT_EQ(steps, (std::vector<Next>{Next::kScan, Next::kScan, Next::kScan, Next::kScan,
                                      Next::kScan, Next::kSuccess}));
  EXPECT_EQ(result.reclaimed, 32u);
  EXPECT_EQ(f.zone.pool().free_pages(), 64u);
}

TEST(PageReclaim, DirectReclaimFailsWhenEverythingIsInUse) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 900);
  for (uint64_t i = 0; i < 900; ++i) f.zone.lru().Get(f.page(i));
  ReclaimResult result;
  const std::vector<Next> steps = RunToEnd(PageReclaim(Kind::kDirect), f.zone, result);
  EXPECT_EQ(result.reclaimed, 0u);
  // Priorities 12 to 0. It naps below 10 after passes that scan; one that owes less than 32 pages
  // (900 >> 5 and 1) does not.
  std::vector<Next> expected(13, Next::kScan);
  for (const size_t priority : {6, 4, 3, 2, 1}) expected[12 - priority] = Next::kNap;
  expected.back() = Next::kFailure;
  EXPECT_EQ(steps, expected);
}

TEST(PageReclaim, LockedPagesCauseNoNaps) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 900);
  for (uint64_t i = 0; i < 900; ++i) f.page(i).locked = true;
  ReclaimResult result;
  for (const Next next : RunToEnd(PageReclaim(Kind::kDirect), f.zone, result)) {
    EXPECT_NE(next, Next::kNap);
  }
  EXPECT_EQ(result.scanned, 0u);
}

TEST(PageReclaim, KswapdStopsAboveTheHighMark) {
  ZoneFixture f(4096);
  f.ReadInAll(0, 4096 - 40);
  ASSERT_TRUE(f.zone.NeedsKswapd());
  ReclaimResult result;
  EXPECT_EQ(RunToEnd(PageReclaim(Kind::kKswapd), f.zone, result).back(), Next::kSuccess);
  EXPECT_GT(f.zone.pool().free_pages(), f.zone.marks().pages_high);
  EXPECT_EQ(result.reclaimed, 32u);  // 40 + 32 > 48
  // Nothing to do: it does not scan.
  EXPECT_EQ(PageReclaim(Kind::kKswapd).Step(f.zone, 0, result), Next::kSuccess);
  EXPECT_EQ(result.reclaimed, 32u);
}

TEST(PageReclaim, KswapdStartsAgainAtTheDefaultPriorityAfter32Pages) {
  ZoneFixture f(4096);
  f.ReadInAll(0, 4096 - 2);
  f.zone.scan_budget().nr_scan_inactive = 31;
  PageReclaim kswapd(Kind::kKswapd);
  ReclaimResult result;
  EXPECT_EQ(kswapd.Step(f.zone, 0, result), Next::kScan);
  EXPECT_EQ(result.reclaimed, 32u);
  EXPECT_EQ(kswapd.priority(), kDefPriority);
  EXPECT_EQ(kswapd.Step(f.zone, 0, result), Next::kScan);
  EXPECT_EQ(kswapd.priority(), kDefPriority - 1);
}

TEST(PageReclaim, KswapdGivesUpOnAZoneWithoutReclaimablePages) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 960);
  for (uint64_t i = 0; i < 960; ++i) f.page(i).locked = true;
  ReclaimResult result;
  const std::vector<Next> steps = RunToEnd(PageReclaim(Kind::kKswapd), f.zone, result);
  EXPECT_EQ(steps.back(), Next::kFailure);
  EXPECT_TRUE(f.zone.pool().all_unreclaimable());
  EXPECT_GE(f.zone.pool().pages_scanned(), 4u * 960);
  // From now on it makes one light pass at each wake-up,
  EXPECT_EQ(RunToEnd(PageReclaim(Kind::kKswapd), f.zone, result).size(), 2u);
  // until something is freed.
  f.page(0).locked = false;
  ShrinkZone(f.zone, 0, 0);
  EXPECT_FALSE(f.IsCached(0));
  EXPECT_FALSE(f.zone.pool().all_unreclaimable());
}

TEST(PageReclaim, AnEmptyZoneIsGivenUpAtOnce) {
  ZoneFixture f(100);
  while (f.zone.Allocate(0) != nullptr) {
  }
  ReclaimResult result;
  EXPECT_EQ(RunToEnd(PageReclaim(Kind::kKswapd), f.zone, result),
            (std::vector<Next>{Next::kScan, Next::kFailure}));
}

}  // namespace
}  // namespace biotope
