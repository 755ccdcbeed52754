#include "layers/page_cache/address_space.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <span>

namespace biotope {
namespace {

TEST(AddressSpace, EndIndexIsThePageOfTheLastByte) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(0));
  EXPECT_FALSE(mapping.end_index());
  const struct {
    uint64_t size, end_index;
  } kCases[] = {{1, 0}, {4096, 0}, {4097, 1}, {1ull << 44, (1ull << 32) - 1}};
  for (const auto& c : kCases) {
    mapping.set_size(Bytes(c.size));
    EXPECT_EQ(mapping.end_index(), PageIndex(c.end_index)) << c.size;
  }
}

TEST(AddressSpace, PagesAreAddedLockedAndReferenced) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(1 << 20));
  Page page;
  page.count = 1;
  ASSERT_EQ(mapping.AddToPageCache(page, PageIndex(3)), 0);
  EXPECT_TRUE(page.locked);
  EXPECT_FALSE(page.uptodate);
  EXPECT_EQ(page.count, 2u);
  EXPECT_EQ(page.mapping, &mapping);
  EXPECT_EQ(page.index, PageIndex(3));
  EXPECT_EQ(mapping.nr_pages(), 1u);

  EXPECT_EQ(mapping.Lookup(PageIndex(3)).page, &page);
  EXPECT_EQ(page.count, 2u);
  EXPECT_EQ(mapping.FindGetPage(PageIndex(3)).page, &page);
  EXPECT_EQ(page.count, 3u);
  EXPECT_EQ(mapping.FindGetPage(PageIndex(4)).page, nullptr);
}

TEST(AddressSpace, TheSecondOfTwoAddersIsRefused) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(1 << 20));
  Page first, second;
  ASSERT_EQ(mapping.AddToPageCache(first, PageIndex(3)), 0);
  EXPECT_EQ(mapping.AddToPageCache(second, PageIndex(3)), -EEXIST);
  EXPECT_EQ(second.mapping, nullptr);
  EXPECT_FALSE(second.locked);
  EXPECT_EQ(second.count, 0u);
  EXPECT_EQ(mapping.nr_pages(), 1u);
}

TEST(AddressSpace, RemovedPagesAreGone) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(1 << 20));
  Page page;
  ASSERT_EQ(mapping.AddToPageCache(page, PageIndex(3)), 0);
  mapping.RemoveFromPageCache(page);
  EXPECT_EQ(page.mapping, nullptr);
  EXPECT_EQ(page.count, 1u);  // the page cache's reference is the caller's now
  EXPECT_EQ(mapping.nr_pages(), 0u);
  EXPECT_EQ(mapping.Lookup(PageIndex(3)).page, nullptr);
  EXPECT_EQ(nodes.live(), 0u);
}

TEST(AddressSpace, SeveralPagesAtOnce) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(1 << 20));
  std::array<Page, 3> pages;
  for (size_t i = 0; i < 3; ++i) {
    ASSERT_EQ(mapping.AddToPageCache(pages[i], PageIndex(100 * i)), 0);
  }
  std::array<Page*, 2> found;
  ASSERT_EQ(mapping.FindGetPages(PageIndex(1), found), 2u);
  EXPECT_EQ(found[0], &pages[1]);
  EXPECT_EQ(found[1], &pages[2]);
  EXPECT_EQ(pages[0].count, 1u);
  EXPECT_EQ(pages[2].count, 2u);
}

TEST(AddressSpaceDeathTest, Misuse) {
  RadixTree::NodePool nodes;
  AddressSpace mapping(nodes, 12, Bytes(1 << 20)), other(nodes, 13, Bytes(1 << 20));
  Page page;
  ASSERT_EQ(mapping.AddToPageCache(page, PageIndex(3)), 0);
  EXPECT_DEATH((void)other.AddToPageCache(page, PageIndex(3)), "in the page cache already");
  EXPECT_DEATH(other.RemoveFromPageCache(page), "does not belong");
  page.locked = false;
  EXPECT_DEATH(mapping.RemoveFromPageCache(page), "not locked");
}

}  // namespace
}  // namespace biotope
