#include "layers/disk/ssd/flat_index.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <map>

#include "sim/core/random.h"

namespace biotope {
namespace {

// Keys from a small range, so that they are set and erased again and again and meet in long runs.
TEST(FlatIndexTest, DoesWhatAMapDoes) {
  FlatIndex index;
  std::map<uint32_t, uint32_t> map;
  Random random(1, "flat_index");
  for (uint32_t i = 0; i < 100'000; ++i) {
    const auto key = static_cast<uint32_t>(random.Below(300));
    if (random.Below(2) == 0) {
      index.Set(key, i);
      map[key] = i;
    } else {
      EXPECT_EQ(index.Erase(key), map.erase(key) == 1);
    }
    const auto asked = static_cast<uint32_t>(random.Below(300));
    const auto found = map.find(asked);
    ASSERT_EQ(index.Find(asked), found == map.end() ? FlatIndex::kNone : found->second);
    ASSERT_EQ(index.size(), map.size());
  }
}

TEST(FlatIndexTest, VisitsEachEntryOnce) {
  FlatIndex index;
  for (uint32_t key = 0; key < 1000; ++key) index.Set(key, key * 2);
  std::map<uint32_t, uint32_t> seen;
  index.ForEach(
      [&](uint32_t key, uint32_t value) { EXPECT_TRUE(seen.emplace(key, value).second); });
  EXPECT_EQ(seen.size(), 1000u);
  EXPECT_EQ(seen.at(999), 1998u);
}

TEST(FlatIndexTest, ClearForgetsAllAndKeepsTheMemory) {
  FlatIndex index;
  for (uint32_t key = 0; key < 1000; ++key) index.Set(key, key);
  const size_t memory = index.memory();
  index.Clear();
  EXPECT_EQ(index.size(), 0u);
  EXPECT_EQ(index.Find(5), FlatIndex::kNone);
  for (uint32_t key = 0; key < 1000; ++key) index.Set(key, key);
  EXPECT_EQ(index.memory(), memory);
  EXPECT_LE(memory, 1000u * 8 * 3);
}

}  // namespace
}  // namespace biotope
