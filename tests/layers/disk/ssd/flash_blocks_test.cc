#include "layers/disk/ssd/flash_blocks.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>

#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

constexpr uint32_t kPages = 16;   // of a block
constexpr uint32_t kBlocks = 32;  // of a plane

class FlashBlocksTest : public ::testing::Test {
 protected:
  // Writes `count` pages and returns where the first of them lies.
  FlashPosition Write(uint32_t plane, uint32_t count, LogicalPage first_page = 0) {
    const FlashPosition first = blocks_.Allocate(plane, WriteStream::kHost, first_page);
    for (uint32_t i = 1; i < count; ++i) {
      blocks_.Allocate(plane, WriteStream::kHost, first_page + i);
    }
    return first;
  }
  void InvalidateBlock(uint32_t plane, uint32_t block, uint32_t count = kPages) {
    for (uint32_t i = 0; i < count; ++i) blocks_.Invalidate(plane, block * kPages + i);
  }

  const SsdParameters ssd_ = SmallSsd();
  const LogicalPageMap map_{ssd_};
  FlashBlocks blocks_{ssd_, map_};
};

TEST_F(FlashBlocksTest, FillsABlockAndTakesAnother) {
  EXPECT_EQ(blocks_.free_blocks(3), kBlocks - 2);  // one for the host, one for collection
  const FlashPosition first = Write(3, kPages);
  EXPECT_EQ(first % kPages, 0u);
  EXPECT_EQ(blocks_.valid_pages(3, first / kPages), kPages);
  EXPECT_EQ(blocks_.PageAt(3, first + 5), 5u);
  EXPECT_EQ(blocks_.free_blocks(3), kBlocks - 3);
  const FlashPosition next = Write(3, 1);
  EXPECT_NE(next / kPages, first / kPages);
  EXPECT_EQ(blocks_.free_blocks(4), kBlocks - 2);
}

TEST_F(FlashBlocksTest, StreamsDoNotShareABlock) {
  const FlashPosition host = blocks_.Allocate(0, WriteStream::kHost, 1);
  const FlashPosition moved = blocks_.Allocate(0, WriteStream::kCollection, 2);
  EXPECT_NE(host / kPages, moved / kPages);
}

TEST_F(FlashBlocksTest, TheVictimIsTheFullBlockWithLeastThatIsValid) {
  const uint32_t first = Write(0, kPages) / kPages;
  const uint32_t second = Write(0, kPages) / kPages;
  const uint32_t open = Write(0, 3) / kPages;
  EXPECT_EQ(blocks_.TakeVictim(0), std::nullopt);  // all are valid
  InvalidateBlock(0, first, 2);
  InvalidateBlock(0, second, 5);
  InvalidateBlock(0, open, 3);
  EXPECT_EQ(blocks_.TakeVictim(0), second);
  EXPECT_EQ(blocks_.TakeVictim(0), first);  // the other one is being collected
  EXPECT_EQ(blocks_.TakeVictim(0), std::nullopt);
}

TEST_F(FlashBlocksTest, AnErasedBlockIsUsedAfterTheFreshOnesTheLeastErasedFirst) {
  const uint32_t block = Write(0, kPages) / kPages;
  InvalidateBlock(0, block);
  ASSERT_EQ(blocks_.TakeVictim(0), block);
  const uint32_t free = blocks_.free_blocks(0);
  blocks_.Erased(0, block);
  EXPECT_EQ(blocks_.free_blocks(0), free + 1);
  EXPECT_EQ(blocks_.erase_count(0, block), 1u);
  std::set<uint32_t> used;
  while (blocks_.free_blocks(0) > 1) used.insert(Write(0, kPages) / kPages);
  EXPECT_FALSE(used.contains(block));
  Write(0, kPages);  // opens it
  EXPECT_EQ(Write(0, 1) / kPages, block);
}

TEST_F(FlashBlocksTest, WearSpreadsOverAllBlocks) {
  for (uint32_t i = 0; i < 2000; ++i) {
    const uint32_t block = Write(0, kPages) / kPages;
    InvalidateBlock(0, block);
    ASSERT_EQ(blocks_.TakeVictim(0), block);
    blocks_.Erased(0, block);
  }
  uint32_t least = UINT32_MAX;
  uint32_t most = 0;
  for (uint32_t block = 0; block < kBlocks; ++block) {
    if (blocks_.erase_count(0, block) == 0) continue;  // the one that is open for collection
    least = std::min(least, blocks_.erase_count(0, block));
    most = std::max(most, blocks_.erase_count(0, block));
  }
  EXPECT_LE(most - least, 1u);
}

TEST(FlashBlocksSampleTest, ASampleIsNotTheBestButFindsOneIfThereIsAny) {
  SsdParameters ssd = SmallSsd();
  ssd.collection.candidates = 2;
  const LogicalPageMap map(ssd);
  FlashBlocks blocks(ssd, map);
  const FlashPosition only = blocks.Allocate(0, WriteStream::kHost, 0);
  for (uint32_t i = 1; i < kPages; ++i) blocks.Allocate(0, WriteStream::kHost, i);
  blocks.Invalidate(0, only);
  EXPECT_EQ(blocks.TakeVictim(0), only / kPages);
}

TEST(FlashBlocksFullTest, AFullDriveHasWhatTheMapSays) {
  SsdParameters ssd = SmallSsd();
  ssd.initial_state = SsdInitialState::kFull;
  const LogicalPageMap map(ssd);
  FlashBlocks blocks(ssd, map);
  uint64_t valid = 0;
  for (uint32_t plane = 0; plane < ssd.geometry.nr_planes(); ++plane) {
    for (uint32_t block = 0; block < kBlocks; ++block) valid += blocks.valid_pages(plane, block);
  }
  EXPECT_EQ(valid, ssd.logical_pages());
  EXPECT_EQ(blocks.PageAt(map.PlaneOf(77), map.Find(77).position), 77u);
}

}  // namespace
}  // namespace biotope
