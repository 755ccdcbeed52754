#include "layers/disk/ssd/mapping_cache.h"

#include <gtest/gtest.h>

namespace biotope {
namespace {

using State = MappingCache::State;

TEST(MappingCacheTest, AReservedEntryIsNotThereUntilItCame) {
  MappingCache cache(4);
  EXPECT_EQ(cache.Use(7), State::kAbsent);
  cache.Reserve(7);
  EXPECT_EQ(cache.Use(7), State::kReserved);
  cache.Validate(7);
  EXPECT_EQ(cache.Use(7), State::kValid);
}

TEST(MappingCacheTest, TheLeastRecentlyUsedGoesFirst) {
  MappingCache cache(3);
  for (const LogicalPage page : {1u, 2u, 3u}) {
    cache.Reserve(page);
    cache.Validate(page);
  }
  EXPECT_TRUE(cache.full());
  cache.Use(1);
  EXPECT_EQ(cache.Evict().page, 2u);
  EXPECT_FALSE(cache.full());
  cache.Reserve(4);
  EXPECT_EQ(cache.Evict().page, 3u);
  EXPECT_EQ(cache.Evict().page, 1u);
  EXPECT_EQ(cache.Evict().page, 4u);
  EXPECT_EQ(cache.size(), 0u);
}

TEST(MappingCacheTest, AnEvictedEntryTellsWhenItChanged) {
  MappingCache cache(2);
  cache.Reserve(1);
  cache.Reserve(2);
  cache.MarkChanged(1, 42);
  cache.MarkChanged(9, 43);  // not there
  EXPECT_EQ(cache.Evict().changed, 42u);
  EXPECT_EQ(cache.Evict().changed, 0u);
  cache.Reserve(1);  // reuses a node: nothing of the past is left
  EXPECT_EQ(cache.Use(1), State::kReserved);
  EXPECT_EQ(cache.Evict().changed, 0u);
}

}  // namespace
}  // namespace biotope
