#include "layers/page_cache/zone.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "tests/layers/page_cache/zone_fixture.h"

namespace biotope {
namespace {

TEST(Zone, AllocationsStopAtTheirMark) {
  ZoneFixture f(100);  // marks 32, 40, 48
  const Watermarks& marks = f.zone.marks();
  EXPECT_FALSE(f.zone.NeedsKswapd());
  uint64_t pages = 0;
  while (f.zone.Allocate(marks.pages_low) != nullptr) ++pages;
  EXPECT_EQ(pages, 60u);
  EXPECT_EQ(f.zone.pool().free_pages(), marks.pages_low);
  EXPECT_TRUE(f.zone.NeedsKswapd());
  while (f.zone.Allocate(marks.pages_min) != nullptr) ++pages;
  EXPECT_EQ(f.zone.pool().free_pages(), marks.pages_min);
  while (f.zone.Allocate(0) != nullptr) ++pages;
  EXPECT_EQ(pages, 100u);
}

TEST(Zone, KswapdIsWantedAtTheLowMark) {
  ZoneFixture f(100);
  for (int i = 0; i < 59; ++i) f.zone.Allocate(0);
  EXPECT_EQ(f.zone.pool().free_pages(), 41u);
  EXPECT_FALSE(f.zone.NeedsKswapd());
  f.zone.Allocate(0);
  EXPECT_TRUE(f.zone.NeedsKswapd());
}

TEST(Zone, MaxSaneReadaheadIsHalfOfWhatIsFreeOrInactive) {
  ZoneFixture f(1000);
  EXPECT_EQ(f.zone.MaxSaneReadahead(100), 100u);
  EXPECT_EQ(f.zone.MaxSaneReadahead(10'000), 500u);
  f.ReadInAll(0, 100);
  EXPECT_EQ(f.zone.MaxSaneReadahead(10'000), 500u);
  for (uint64_t i = 0; i < 50; ++i) f.Touch(i);  // 50 of them are active now
  EXPECT_EQ(f.zone.MaxSaneReadahead(10'000), 475u);
}

TEST(ZoneDeathTest, MemoryBelowTheMarks) { EXPECT_DEATH(Zone(48, 1), "too few"); }

}  // namespace
}  // namespace biotope
