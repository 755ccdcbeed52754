#include "layers/page_cache/radix_tree.h"

#include <gtest/gtest.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <iterator>
#include <map>
#include <random>
#include <vector>

namespace biotope {
namespace {

class RadixTreeTest : public testing::Test {
 protected:
  int Insert(uint64_t index) {
    Page& page = pages_[index];
    page.index = PageIndex(index);
    return tree_.Insert(PageIndex(index), page);
  }
  Page* Erase(uint64_t index) { return tree_.Erase(PageIndex(index)); }
  RadixTree::Found Lookup(uint64_t index) const { return tree_.Lookup(PageIndex(index)); }
  std::vector<uint64_t> Gang(uint64_t first, size_t max) const {
    std::vector<Page*> found(max);
    found.resize(tree_.GangLookup(PageIndex(first), found));
    std::vector<uint64_t> indices;
    for (const Page* page : found) indices.push_back(page->index.value());
    return indices;
  }

  RadixTree::NodePool nodes_;
  RadixTree tree_{nodes_};
  std::map<uint64_t, Page> pages_;
};

// A tree of a 32-bit kernel has 0 to 6 levels, for files from nothing to 16 TiB.
TEST_F(RadixTreeTest, HeightsOfA32BitKernel) {
  const struct {
    uint32_t height;
    uint64_t last_index;
    uint64_t bytes;  // of the file that just fits
  } kHeights[] = {
      {1, 63, 256ull << 10},
      {2, 4095, 16ull << 20},
      {3, 262143, 1ull << 30},
      {4, (1ull << 24) - 1, 64ull << 30},
      {5, (1ull << 30) - 1, 4ull << 40},
      {6, (1ull << 32) - 1, 16ull << 40},
  };
  EXPECT_EQ(tree_.height(), 0u);
  EXPECT_EQ(Lookup(0).levels, 0u);
  for (const auto& h : kHeights) {
    SCOPED_TRACE(h.height);
    EXPECT_EQ((h.last_index + 1) * kPageSize, h.bytes);
    RadixTree tree(nodes_);
    Page page;
    ASSERT_EQ(tree.Insert(PageIndex(h.last_index), page), 0);
    EXPECT_EQ(tree.height(), h.height);
    EXPECT_EQ(nodes_.live(), h.height);
    EXPECT_EQ(tree.Lookup(PageIndex(h.last_index)).page, &page);
    EXPECT_EQ(tree.Lookup(PageIndex(h.last_index)).levels, h.height);
    if (h.height < 6) {
      EXPECT_EQ(RadixTree::MaxIndex(h.height), PageIndex(h.last_index));
      Page next;
      ASSERT_EQ(tree.Insert(PageIndex(h.last_index + 1), next), 0);
      EXPECT_EQ(tree.height(), h.height + 1);
      ASSERT_EQ(tree.Erase(PageIndex(h.last_index + 1)), &next);
    }
    ASSERT_EQ(tree.Erase(PageIndex(h.last_index)), &page);
    EXPECT_EQ(nodes_.live(), 0u);
  }
}

TEST_F(RadixTreeTest, AllIndicesOf64BitsFit) {
  EXPECT_EQ(RadixTree::MaxIndex(0), PageIndex(0));
  EXPECT_EQ(RadixTree::MaxIndex(10), PageIndex((1ull << 60) - 1));
  EXPECT_EQ(RadixTree::MaxIndex(11), PageIndex(UINT64_MAX));
  ASSERT_EQ(Insert(UINT64_MAX), 0);
  EXPECT_EQ(tree_.height(), 11u);
  EXPECT_EQ(Lookup(UINT64_MAX).levels, 11u);
  EXPECT_EQ(Gang(0, 4), (std::vector<uint64_t>{UINT64_MAX}));
  EXPECT_EQ(Gang(UINT64_MAX, 4), (std::vector<uint64_t>{UINT64_MAX}));
  EXPECT_NE(Erase(UINT64_MAX), nullptr);
  // The search ends at the largest index, and does not begin again at 0.
  ASSERT_EQ(Insert(1ull << 60), 0);
  EXPECT_TRUE(Gang((1ull << 60) + 1, 4).empty());
}

TEST_F(RadixTreeTest, LookupEndsWhereTheTreeEnds) {
  ASSERT_EQ(Insert(5000), 0);  // height 3
  EXPECT_EQ(Lookup(5000).levels, 3u);
  EXPECT_EQ(Lookup(5001).levels, 3u);  // an empty slot of a leaf
  EXPECT_EQ(Lookup(5001).page, nullptr);
  EXPECT_EQ(Lookup(4096).levels, 2u);    // no leaf
  EXPECT_EQ(Lookup(0).levels, 1u);       // an empty slot of the root
  EXPECT_EQ(Lookup(262144).levels, 0u);  // too large for the tree
}

TEST_F(RadixTreeTest, InsertRefusesAnOccupiedIndex) {
  ASSERT_EQ(Insert(7), 0);
  Page other;
  EXPECT_EQ(tree_.Insert(PageIndex(7), other), -EEXIST);
  EXPECT_EQ(Lookup(7).page, &pages_[7]);
  EXPECT_EQ(nodes_.live(), 1u);
}

TEST_F(RadixTreeTest, GrowingKeepsWhatIsThere) {
  ASSERT_EQ(Insert(0), 0);
  EXPECT_EQ(tree_.height(), 1u);
  ASSERT_EQ(Insert(1ull << 24), 0);
  EXPECT_EQ(tree_.height(), 5u);
  EXPECT_EQ(Lookup(0).page, &pages_[0]);
  EXPECT_EQ(Lookup(0).levels, 5u);
  EXPECT_EQ(nodes_.live(), 1u + 4 + 4);  // a leaf, four roots on top, the path of the new index
}

TEST_F(RadixTreeTest, EraseFreesEmptyNodesButDoesNotLowerTheTree) {
  ASSERT_EQ(Insert(0), 0);
  ASSERT_EQ(Insert(1), 0);
  ASSERT_EQ(Insert(1ull << 24), 0);
  EXPECT_EQ(Erase(2), nullptr);
  EXPECT_EQ(Erase(1ull << 40), nullptr);
  EXPECT_EQ(Erase(1ull << 24), &pages_[1ull << 24]);
  EXPECT_EQ(nodes_.live(), 5u);
  EXPECT_EQ(tree_.height(), 5u);
  EXPECT_EQ(Erase(0), &pages_[0]);
  EXPECT_EQ(nodes_.live(), 5u);
  EXPECT_EQ(Lookup(1).page, &pages_[1]);
  EXPECT_EQ(Erase(1), &pages_[1]);
  EXPECT_EQ(nodes_.live(), 0u);
  EXPECT_EQ(tree_.height(), 0u);
  ASSERT_EQ(Insert(3), 0);
  EXPECT_EQ(tree_.height(), 1u);
}

TEST_F(RadixTreeTest, GangLookupIsAscendingAcrossNodes) {
  const std::vector<uint64_t> indices = {0, 1, 63, 64, 4095, 4096, 262144, 1ull << 33};
  for (const uint64_t index : indices) ASSERT_EQ(Insert(index), 0);
  EXPECT_EQ(Gang(0, 100), indices);
  EXPECT_EQ(Gang(0, 3), (std::vector<uint64_t>{0, 1, 63}));
  EXPECT_EQ(Gang(2, 3), (std::vector<uint64_t>{63, 64, 4095}));
  EXPECT_EQ(Gang(4097, 2), (std::vector<uint64_t>{262144, 1ull << 33}));
  EXPECT_TRUE(Gang((1ull << 33) + 1, 2).empty());
  EXPECT_TRUE(Gang(1ull << 50, 2).empty());
  EXPECT_TRUE(Gang(0, 0).empty());
}

TEST_F(RadixTreeTest, DestructionGivesAllNodesBack) {
  std::array<Page, 3> pages;
  {
    RadixTree tree(nodes_);
    ASSERT_EQ(tree.Insert(PageIndex(0), pages[0]), 0);
    ASSERT_EQ(tree.Insert(PageIndex(1ull << 20), pages[1]), 0);
    ASSERT_EQ(tree.Insert(PageIndex(1ull << 30), pages[2]), 0);
    EXPECT_GT(nodes_.live(), 0u);
  }
  EXPECT_EQ(nodes_.live(), 0u);
}

TEST_F(RadixTreeTest, AgreesWithAMapOnRandomOperations) {
  for (const uint64_t range : {100ull, 70'000ull, 1ull << 34}) {
    SCOPED_TRACE(range);
    std::mt19937_64 random(range);
    std::map<uint64_t, const Page*> model;
    for (int i = 0; i < 20'000; ++i) {
      const uint64_t index = random() % 16 < 8 ? random() % range : random() % 64;
      if (random() % 2 == 0) {
        const bool present = model.contains(index);
        ASSERT_EQ(Insert(index), present ? -EEXIST : 0);
        model[index] = &pages_[index];
      } else {
        const auto it = model.find(index);
        ASSERT_EQ(Erase(index), it == model.end() ? nullptr : it->second);
        if (it != model.end()) model.erase(it);
      }
      const uint64_t probe = random() % range;
      const auto it = model.find(probe);
      ASSERT_EQ(Lookup(probe).page, it == model.end() ? nullptr : it->second);
      std::vector<uint64_t> expected;
      for (auto at = model.lower_bound(probe); at != model.end() && expected.size() < 5; ++at) {
        expected.push_back(at->first);
      }
      ASSERT_EQ(Gang(probe, 5), expected);
    }
    while (!model.empty()) {
      ASSERT_NE(Erase(model.begin()->first), nullptr);
      model.erase(model.begin());
    }
    ASSERT_EQ(nodes_.live(), 0u);
  }
}

}  // namespace
}  // namespace biotope
