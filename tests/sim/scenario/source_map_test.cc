#include "sim/scenario/source_map.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

namespace biotope {
namespace {

SourceMap::Origin At(size_t offset) {
  static const auto text = std::make_shared<const SourceText>(SourceText::File("f", "0123456789"));
  return {text, {offset, 1}};
}

// The offset of the place of `path`, or -1.
int OffsetOf(const SourceMap& map, const std::string& path) {
  const SourceMap::Origin* origin = map.Find(path);
  return origin == nullptr ? -1 : static_cast<int>(origin->span.offset);
}

TEST(SourceMapTest, AnUnknownPathIsWhereItsParentIs) {
  SourceMap map;
  map.AddIfAbsent("a", At(1));
  map.AddIfAbsent("a.b[2]", At(2));
  EXPECT_EQ(OffsetOf(map, "a"), 1);
  EXPECT_EQ(OffsetOf(map, "a.b"), 1);
  EXPECT_EQ(OffsetOf(map, "a.b[2].c.d[0]"), 2);
  EXPECT_EQ(OffsetOf(map, "a.b[1]"), 1);
  EXPECT_EQ(OffsetOf(map, "b"), -1);
  EXPECT_EQ(OffsetOf(map, ""), -1);
}

TEST(SourceMapTest, ReplaceTakesAllBelowAndNothingBeside) {
  SourceMap map;
  for (const char* path : {"a", "a.b", "a[0].c", "ab", "a_b"}) map.AddIfAbsent(path, At(1));
  map.Replace("a", At(2));
  EXPECT_EQ(OffsetOf(map, "a.b"), 2);
  EXPECT_EQ(OffsetOf(map, "a[0].c"), 2);
  EXPECT_EQ(OffsetOf(map, "ab"), 1);
  EXPECT_EQ(OffsetOf(map, "a_b"), 1);
}

TEST(SourceMapTest, ExtractMovesAndMergeKeepsWhatIsThere) {
  SourceMap map;
  map.AddIfAbsent("a[0]", At(1));
  map.AddIfAbsent("a[0].b", At(2));
  map.AddIfAbsent("a[1]", At(3));
  const SourceMap moved = map.Extract("a[0]", "a[1]");
  EXPECT_EQ(OffsetOf(map, "a[0].b"), -1);
  map.Merge(moved);
  EXPECT_EQ(OffsetOf(map, "a[1]"), 3);
  EXPECT_EQ(OffsetOf(map, "a[1].b"), 2);
}

}  // namespace
}  // namespace biotope
