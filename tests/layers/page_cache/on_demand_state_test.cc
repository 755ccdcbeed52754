#include "layers/page_cache/on_demand_state.h"

#include <gtest/gtest.h>

#include <cstdint>

#include "tests/layers/page_cache/folio_cache.h"

namespace biotope {
namespace {

TEST(OnDemandState, InitSize) {
  const struct {
    uint64_t max, size, expected;
  } kCases[] = {
      {32, 1, 4},     {32, 2, 4},   {32, 3, 8},    {32, 8, 16},  {32, 9, 32},
      {32, 32, 32},   {128, 1, 4},  {128, 4, 16},  {128, 5, 16}, {128, 32, 64},
      {128, 33, 128}, {8, 1, 2},    {8, 2, 4},     {8, 3, 8},    {1, 1, 1},
      {3, 1, 3},      {33, 33, 33}, {320, 11, 32}, {320, 8, 32}, {320, 65, 320},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(OnDemandInitSize(c.size, c.max), c.expected)
        << c.size << " pages of at most " << c.max;
  }
}

TEST(OnDemandState, NextSize) {
  const struct {
    uint64_t max, current, expected;
  } kCases[] = {
      {32, 1, 4},   {32, 2, 4},   {32, 4, 8},     {32, 16, 32}, {32, 17, 32}, {32, 32, 32},
      {128, 7, 28}, {128, 8, 16}, {128, 64, 128}, {33, 16, 32}, {33, 17, 33}, {32, 100, 32},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(OnDemandNextSize(c.current, c.max), c.expected)
        << c.current << " of at most " << c.max;
  }
}

TEST(OnDemandState, AdviceSetsTheMaximumOrAMode) {
  FileRaState ra{.ra_pages = 32};
  OnDemandAdvise(ra, ReadAdvice::kRandom, 32);
  EXPECT_TRUE(ra.random_mode);
  EXPECT_EQ(ra.ra_pages, 32u);
  OnDemandAdvise(ra, ReadAdvice::kSequential, 32);
  EXPECT_FALSE(ra.random_mode);
  EXPECT_EQ(ra.ra_pages, 64u);
  OnDemandAdvise(ra, ReadAdvice::kRandom, 32);
  EXPECT_EQ(ra.ra_pages, 64u);
  OnDemandAdvise(ra, ReadAdvice::kNormal, 32);
  EXPECT_FALSE(ra.random_mode);
  EXPECT_EQ(ra.ra_pages, 32u);
}

TEST(OnDemandState, LooksAroundAPage) {
  FolioCache cache(1 << 20);
  for (uint64_t index = 10; index < 20; ++index) cache.Add({.index = index});
  EXPECT_EQ(NextMiss(cache, PageIndex(12), 32), PageIndex(20));
  EXPECT_EQ(NextMiss(cache, PageIndex(12), 8), PageIndex(20));
  EXPECT_EQ(NextMiss(cache, PageIndex(12), 7), PageIndex(19));  // looked no further
  EXPECT_EQ(NextMiss(cache, PageIndex(20), 32), PageIndex(20));
  EXPECT_EQ(CachedBefore(cache, PageIndex(20), 32), 10u);
  EXPECT_EQ(CachedBefore(cache, PageIndex(20), 4), 4u);
  EXPECT_EQ(CachedBefore(cache, PageIndex(21), 32), 0u);
  for (uint64_t index = 0; index < 10; ++index) cache.Add({.index = index});
  EXPECT_EQ(CachedBefore(cache, PageIndex(5), 32), 5u);
}

}  // namespace
}  // namespace biotope
