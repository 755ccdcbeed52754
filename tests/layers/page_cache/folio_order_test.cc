#include "layers/page_cache/folio_order.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

namespace biotope {
namespace {

// The orders of the folios of [start, last].
std::vector<int> Orders(uint64_t start, uint64_t last, uint8_t max_order) {
  std::vector<int> orders;
  for (uint64_t index = start; index <= last; index += uint64_t{1} << orders.back()) {
    orders.push_back(FolioOrderAt(PageIndex(index), PageIndex(last), max_order));
  }
  return orders;
}

TEST(FolioOrder, FoliosAreAlignedAndEndWithTheSubmission) {
  EXPECT_EQ(Orders(0, 3, 0), (std::vector<int>{0, 0, 0, 0}));
  EXPECT_EQ(Orders(4, 11, 2), (std::vector<int>{2, 2}));
  EXPECT_EQ(Orders(0, 511, 9), (std::vector<int>{9}));
  // As large as the index allows, then as large as wanted.
  EXPECT_EQ(Orders(20, 63, 4), (std::vector<int>{2, 3, 4, 4}));
  // Smaller ones at the end.
  EXPECT_EQ(Orders(32, 44, 3), (std::vector<int>{3, 2, 0}));
  // Folios of two pages exist.
  EXPECT_EQ(Orders(34, 39, 2), (std::vector<int>{1, 2}));
  EXPECT_EQ(Orders(7, 7, 9), (std::vector<int>{0}));
}

TEST(FolioOrder, TheMarkBelongsToTheFolioThatHoldsItsPage) {
  EXPECT_TRUE(FolioCarriesMark(PageIndex(8), 3, PageIndex(13)));
  EXPECT_FALSE(FolioCarriesMark(PageIndex(8), 2, PageIndex(13)));
  EXPECT_TRUE(FolioCarriesMark(PageIndex(13), 0, PageIndex(13)));
  EXPECT_FALSE(FolioCarriesMark(PageIndex(0), 9, PageIndex(UINT64_MAX)));  // no mark
}

}  // namespace
}  // namespace biotope
