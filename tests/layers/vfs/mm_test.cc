#include "layers/vfs/mm.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "layers/page_cache/page.h"

namespace biotope {
namespace {

class MmTest : public ::testing::Test {
 protected:
  MmStruct mm_;
  std::shared_ptr<File> file_ = std::make_shared<File>();
  std::vector<Page> pages_ = std::vector<Page>(8);
  std::vector<Page*> removed_;
};

TEST_F(MmTest, AnAddressLeadsToItsPageOfTheFile) {
  const uint64_t address = mm_.Map(file_, PageIndex(5), 4);
  ASSERT_NE(mm_.Find(address), nullptr);
  const VmArea* area = mm_.Find(address + 3 * kPageSize + 7);
  ASSERT_NE(area, nullptr);
  EXPECT_EQ(area->FilePage((address >> kPageShift) + 3), PageIndex(8));
  EXPECT_EQ(mm_.Find(address + 4 * kPageSize), nullptr);
  EXPECT_EQ(mm_.Find(address - 1), nullptr);
}

TEST_F(MmTest, AMappingKeepsItsFile) {
  const uint64_t address = mm_.Map(file_, PageIndex(0), 1);
  EXPECT_EQ(file_.use_count(), 2);
  mm_.Unmap(address, address + kPageSize, &removed_);
  EXPECT_EQ(file_.use_count(), 1);
}

TEST_F(MmTest, AdviceSplitsAnArea) {
  const uint64_t address = mm_.Map(file_, PageIndex(0), 8);
  const uint64_t from = address + 2 * kPageSize;
  EXPECT_TRUE(mm_.Advise(from, from + 3 * kPageSize, ReadAdvice::kRandom));
  EXPECT_EQ(mm_.Find(address + kPageSize)->advice, ReadAdvice::kNormal);
  EXPECT_EQ(mm_.Find(from)->advice, ReadAdvice::kRandom);
  EXPECT_EQ(mm_.Find(from + 2 * kPageSize)->advice, ReadAdvice::kRandom);
  EXPECT_EQ(mm_.Find(from + 3 * kPageSize)->advice, ReadAdvice::kNormal);
  EXPECT_EQ(mm_.Find(from)->FilePage(from >> kPageShift), PageIndex(2));
  EXPECT_EQ(mm_.AreasOf(address, address + 8 * kPageSize).size(), 3u);
  // Behind its end nothing is mapped.
  EXPECT_FALSE(mm_.Advise(address, address + 9 * kPageSize, ReadAdvice::kSequential));
  EXPECT_EQ(mm_.Find(from)->advice, ReadAdvice::kSequential);
}

TEST_F(MmTest, UnmappingReturnsThePagesThatWereThere) {
  const uint64_t address = mm_.Map(file_, PageIndex(0), 8);
  for (uint64_t i : {0, 2, 3, 7}) mm_.SetPresent(address + i * kPageSize, pages_[i]);
  EXPECT_TRUE(mm_.IsPresent(address + 2 * kPageSize + 100));
  EXPECT_FALSE(mm_.IsPresent(address + kPageSize));
  mm_.Unmap(address + kPageSize, address + 3 * kPageSize, &removed_);
  EXPECT_EQ(removed_, std::vector<Page*>{&pages_[2]});
  EXPECT_EQ(mm_.Find(address + kPageSize), nullptr);
  EXPECT_NE(mm_.Find(address), nullptr);
  EXPECT_EQ(mm_.Find(address + 3 * kPageSize)->FilePage((address >> kPageShift) + 3), PageIndex(3));
  removed_.clear();
  mm_.Zap(address, address + 8 * kPageSize, &removed_);
  EXPECT_EQ(removed_.size(), 3u);
  EXPECT_NE(mm_.Find(address), nullptr);
}

}  // namespace
}  // namespace biotope
