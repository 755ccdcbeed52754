#include "layers/page_cache/cached_mapping.h"

#include <gtest/gtest.h>

namespace biotope {
namespace {

TEST(CachedMapping, ShowsTheAddressSpace) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(0));
  const CachedMapping pages(mapping, 9);
  EXPECT_FALSE(pages.end_index());
  EXPECT_FALSE(pages.IsCached(PageIndex(3)));
  EXPECT_EQ(pages.max_folio_order(), 9);
  EXPECT_EQ(CachedMapping(mapping).max_folio_order(), 0);

  mapping.set_size(Bytes(5 * 4096 + 1));
  EXPECT_EQ(pages.end_index(), PageIndex(5));
  Page page;
  page.count = 1;
  ASSERT_EQ(mapping.AddToPageCache(page, PageIndex(3)), 0);
  EXPECT_TRUE(pages.IsCached(PageIndex(3)));  // though it is still being read
  EXPECT_FALSE(pages.IsCached(PageIndex(2)));
  mapping.RemoveFromPageCache(page);
}

}  // namespace
}  // namespace biotope
