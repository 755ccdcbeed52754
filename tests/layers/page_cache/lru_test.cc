#include "layers/page_cache/lru.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/layers/page_cache/zone_fixture.h"

namespace biotope {
namespace {

// The pages of a list from head to tail, by taking it apart and putting it back.
std::vector<uint64_t> Inactive(Lru& lru) {
  PageList group;
  lru.IsolateInactive(group, UINT32_MAX);
  std::vector<uint64_t> indices;
  for (const Page& page : group) indices.push_back(page.index.value());
  lru.PutBack(group);
  return indices;
}

TEST(Lru, NewPagesWaitInAPagevecOf14) {
  ZoneFixture f(1000);
  for (uint64_t i = 0; i < 13; ++i) f.ReadIn(i);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 0u);
  EXPECT_FALSE(f.page(0).on_lru);
  EXPECT_EQ(f.page(0).count, 2u);
  f.ReadIn(13);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 14u);
  EXPECT_TRUE(f.page(0).on_lru);
  EXPECT_EQ(f.page(0).count, 1u);
  f.ReadIn(14);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 14u);
  f.zone.lru().AddDrain(0);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 15u);
  EXPECT_EQ(Inactive(f.zone.lru()),
            (std::vector<uint64_t>{14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0}));
}

TEST(Lru, EachCpuHasItsPagevec) {
  ZoneFixture f(1000);
  f.ReadIn(0, /*cpu=*/0);
  f.ReadIn(1, /*cpu=*/1);
  f.zone.lru().AddDrain(1);
  EXPECT_EQ(Inactive(f.zone.lru()), (std::vector<uint64_t>{1}));
}

TEST(Lru, APagevecOfTheCallersTakesOverItsReferences) {
  ZoneFixture f(1000);
  Pagevec pvec;
  for (uint64_t i = 0; i < 16; ++i) {
    Page* page = f.zone.Allocate(0);
    ASSERT_EQ(f.mapping.AddToPageCache(*page, PageIndex(i)), 0);
    f.zone.lru().PagevecAdd(pvec, *page);
  }
  EXPECT_EQ(f.zone.lru().nr_inactive(), 14u);
  EXPECT_EQ(pvec.nr, 2u);
  f.zone.lru().PagevecFlush(pvec);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 16u);
  EXPECT_EQ(pvec.nr, 0u);
  for (uint64_t i = 0; i < 16; ++i) EXPECT_EQ(f.page(i).count, 1u);
}

TEST(Lru, MarkPageAccessed) {
  const struct {
    std::string name;
    bool active, referenced, on_lru;
    bool then_active, then_referenced;
  } kCases[] = {
      {"first touch", false, false, true, false, true},
      {"second touch promotes", false, true, true, true, false},
      {"an active page's first touch", true, false, true, true, true},
      {"an active page's second touch", true, true, true, true, true},
      {"in a pagevec, first touch", false, false, false, false, true},
      {"in a pagevec, second touch", false, true, false, false, true},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    PagePool pool(10);
    Lru lru(pool, 1);
    Page& page = *pool.Allocate();
    page.active = c.active;
    page.referenced = c.referenced;
    if (c.on_lru) {
      PageList group;
      group.push_back(page);
      lru.PutBack(group);
    }
    lru.MarkPageAccessed(page);
    EXPECT_EQ(page.active, c.then_active);
    EXPECT_EQ(page.referenced, c.then_referenced);
    EXPECT_EQ(page.on_lru, c.on_lru);
    EXPECT_EQ(lru.nr_active(), c.on_lru && c.then_active ? 1u : 0u);
    EXPECT_EQ(lru.nr_inactive(), c.on_lru && !c.then_active ? 1u : 0u);
  }
}

TEST(Lru, TheLastReferenceFreesThePage) {
  ZoneFixture f(1000);
  f.ReadIn(0);
  f.zone.lru().AddDrain(0);
  Page& page = *f.mapping.FindGetPage(PageIndex(0)).page;
  page.locked = true;
  f.mapping.RemoveFromPageCache(page);
  page.locked = false;
  f.zone.lru().Release(page);  // the page cache's
  EXPECT_EQ(f.zone.pool().used_pages(), 1u);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 1u);
  f.zone.lru().Release(page);  // ours
  EXPECT_EQ(f.zone.pool().used_pages(), 0u);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 0u);
}

TEST(Lru, IsolatedPagesComeBackInTheirOrder) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 6);
  PageList group;
  EXPECT_EQ(f.zone.lru().IsolateInactive(group, 4), 4u);
  EXPECT_EQ(group.back().index, PageIndex(0));  // the oldest
  EXPECT_FALSE(group.back().on_lru);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 2u);
  f.zone.lru().PutBack(group);
  EXPECT_EQ(Inactive(f.zone.lru()), (std::vector<uint64_t>{3, 2, 1, 0, 5, 4}));
  EXPECT_EQ(f.zone.lru().IsolateActive(group, 4), 0u);
}

}  // namespace
}  // namespace biotope
