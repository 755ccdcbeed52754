#include "layers/page_cache/truncate.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "tests/layers/page_cache/zone_fixture.h"

namespace biotope {
namespace {

uint64_t Invalidate(ZoneFixture& f, uint64_t start, uint64_t end) {
  return InvalidateMappingPages(f.mapping, PageIndex(start), PageIndex(end), f.zone.lru(), 0);
}

TEST(InvalidateMappingPages, TheRangeIncludesItsEnd) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 50);
  EXPECT_EQ(Invalidate(f, 10, 39), 30u);
  EXPECT_EQ(f.mapping.nr_pages(), 20u);
  EXPECT_TRUE(f.IsCached(9));
  EXPECT_FALSE(f.IsCached(10));
  EXPECT_FALSE(f.IsCached(39));
  EXPECT_TRUE(f.IsCached(40));
  EXPECT_EQ(f.zone.pool().used_pages(), 20u);
  EXPECT_EQ(f.zone.lru().nr_inactive(), 20u);
  for (const uint64_t index : f.Cached()) EXPECT_EQ(f.page(index).count, 1u);
}

TEST(InvalidateMappingPages, HolesAndTheWholeFile) {
  ZoneFixture f(1000);
  for (uint64_t i = 0; i < 40; ++i) f.ReadIn(i * 1000);
  EXPECT_EQ(Invalidate(f, 0, UINT64_MAX), 40u);
  EXPECT_EQ(f.mapping.nr_pages(), 0u);
  EXPECT_EQ(f.zone.pool().used_pages(), 0u);  // those in the pagevec as well
  EXPECT_EQ(Invalidate(f, 0, UINT64_MAX), 0u);
  EXPECT_EQ(Invalidate(f, 5, 4), 0u);
}

TEST(InvalidateMappingPages, BusyPagesStay) {
  const struct {
    std::string name;
    std::function<void(Page&)> change;
  } kCases[] = {
      {"locked", [](Page& p) { p.locked = true; }},
      {"dirty", [](Page& p) { p.dirty = true; }},
      {"writeback", [](Page& p) { p.writeback = true; }},
      {"mapped", [](Page& p) { p.mapcount = 1; }},
  };
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    ZoneFixture f(1000);
    f.ReadInAll(0, 3);
    c.change(f.page(1));
    EXPECT_EQ(Invalidate(f, 0, 2), 2u);
    ASSERT_EQ(f.Cached(), (std::vector<uint64_t>{1}));
    EXPECT_EQ(f.page(1).count, 1u);
    EXPECT_EQ(f.page(1).locked, c.name == "locked");
  }
}

TEST(InvalidateMappingPages, APageInUseLosesItsFileAndLivesOn) {
  ZoneFixture f(1000);
  f.ReadInAll(0, 2);
  Page& page = *f.mapping.FindGetPage(PageIndex(0)).page;
  EXPECT_EQ(Invalidate(f, 0, 1), 2u);
  EXPECT_EQ(page.mapping, nullptr);
  EXPECT_FALSE(page.uptodate);
  EXPECT_EQ(f.zone.pool().used_pages(), 1u);
  f.zone.lru().Release(page);
  EXPECT_EQ(f.zone.pool().used_pages(), 0u);
}

}  // namespace
}  // namespace biotope
