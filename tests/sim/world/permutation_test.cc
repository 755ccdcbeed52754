#include "sim/world/permutation.h"

#include <gtest/gtest.h>

#include <vector>

namespace biotope {
namespace {

TEST(PermutationTest, HasEachElementOnce) {
  for (const uint64_t size : {1, 2, 3, 15, 16, 17, 1000, 4096}) {
    Random random(1, "test");
    const Permutation order(size, random);
    std::vector<int> seen(size);
    for (uint64_t i = 0; i < size; ++i) {
      ASSERT_LT(order.At(i), size);
      ++seen[order.At(i)];
    }
    EXPECT_EQ(seen, std::vector<int>(size, 1)) << size;
  }
}

TEST(PermutationTest, IsNoOrderThatOneSees) {
  Random random(1, "test");
  const Permutation order(100'000, random);
  // Of the neighbours in a random order, half go up, and few are adjacent.
  int up = 0;
  int adjacent = 0;
  for (uint64_t i = 1; i < 100'000; ++i) {
    up += order.At(i) > order.At(i - 1);
    adjacent += order.At(i) == order.At(i - 1) + 1;
  }
  EXPECT_NEAR(up, 50'000, 1000);
  EXPECT_LT(adjacent, 20);
}

TEST(PermutationTest, DependsOnTheStream) {
  Random one(1, "a");
  Random two(2, "a");
  const Permutation first(1000, one);
  const Permutation second(1000, two);
  int same = 0;
  for (uint64_t i = 0; i < 1000; ++i) same += first.At(i) == second.At(i);
  EXPECT_LT(same, 20);
}

}  // namespace
}  // namespace biotope
