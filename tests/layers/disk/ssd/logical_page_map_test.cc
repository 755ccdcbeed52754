#include "layers/disk/ssd/logical_page_map.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/random.h"
#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

constexpr auto C = FlashDimension::kChannel;
constexpr auto W = FlashDimension::kChip;
constexpr auto D = FlashDimension::kDie;
constexpr auto P = FlashDimension::kPlane;

// Planes are numbered channel, chip, die, plane: 8, 4, 2, 1 in the small drive.
TEST(LogicalPageMapTest, ConsecutivePagesRunThroughTheDimensionsInTheirOrder) {
  const struct {
    std::array<FlashDimension, 4> interleave;
    std::vector<uint32_t> planes;
  } cases[] = {
      {{C, W, D, P}, {0, 8, 4, 12, 2, 10, 6, 14, 1, 9, 5, 13, 3, 11, 7, 15, 0, 8}},
      {{P, D, W, C}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1}},
      {{W, P, C, D}, {0, 4, 1, 5, 8, 12, 9, 13, 2, 6, 3, 7, 10, 14, 11, 15, 0, 4}},
  };
  for (const auto& test : cases) {
    SsdParameters ssd = SmallSsd();
    ssd.geometry.interleave = test.interleave;
    const LogicalPageMap map(ssd);
    for (uint32_t page = 0; page < test.planes.size(); ++page) {
      EXPECT_EQ(map.PlaneOf(page), test.planes[page]) << page;
    }
  }
}

TEST(LogicalPageMapTest, AnEmptyDriveHasNothing) {
  const LogicalPageMap map(SmallSsd());
  EXPECT_EQ(map.Find(5).parts, 0);
  EXPECT_EQ(map.initial_blocks(), 0u);
  LogicalPage page;
  EXPECT_FALSE(map.InitialPage(0, 0, &page));
}

TEST(LogicalPageMapTest, AFullDriveHasEveryPageInOrder) {
  SsdParameters ssd = SmallSsd();
  ssd.initial_state = SsdInitialState::kFull;
  ssd.mapping = {.ideal = false, .cache_entries = 8, .entries_per_page = 128, .read = Bytes(512)};
  const LogicalPageMap map(ssd);
  const auto logical = static_cast<LogicalPage>(ssd.logical_pages());
  const auto all = static_cast<LogicalPage>(logical + ssd.translation_pages());
  ASSERT_GT(all, logical);
  for (LogicalPage page = 0; page < all; ++page) {
    const LogicalPageMap::Location location = map.Find(page);
    ASSERT_EQ(location.parts, kWholePage);
    ASSERT_LT(location.position, map.initial_blocks() * ssd.geometry.pages_per_block);
    // Translation pages have blocks of their own.
    ASSERT_EQ(location.position < ssd.geometry.pages_per_block, page >= logical);
    LogicalPage back;
    ASSERT_TRUE(map.InitialPage(map.PlaneOf(page), location.position, &back));
    ASSERT_EQ(back, page);
  }
}

TEST(LogicalPageMapTest, RemembersAndBecomesAnArrayWhenThatIsSmaller) {
  const SsdParameters ssd = SmallSsd();
  LogicalPageMap map(ssd);
  const uint64_t pages = ssd.logical_pages();
  std::vector<uint32_t> expected(pages, UINT32_MAX);
  Random random(1, "map");
  for (uint32_t i = 0; i < 3 * pages; ++i) {
    const auto page = static_cast<LogicalPage>(random.Below(pages));
    map.Set(page, {.position = i, .parts = static_cast<PageParts>(1 + i % 255)});
    expected[page] = i;
    ASSERT_LE(map.memory(), std::max<size_t>(pages * 4, 128));
  }
  EXPECT_EQ(map.memory(), pages * 4);
  for (LogicalPage page = 0; page < pages; ++page) {
    if (expected[page] == UINT32_MAX) {
      EXPECT_EQ(map.Find(page).parts, 0);
    } else {
      EXPECT_EQ(map.Find(page).position, expected[page]);
      EXPECT_EQ(map.Find(page).parts, 1 + expected[page] % 255);
    }
  }
}

}  // namespace
}  // namespace biotope
