#include "layers/disk/ssd/translation.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>
#include <vector>

#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

class TranslationTest : public ::testing::Test, private Translation::Flash {
 protected:
  Translation Make(uint32_t entries, uint32_t deferred) {
    ssd_.mapping = {.ideal = false,
                    .cache_entries = entries,
                    .entries_per_page = 100,
                    .read = Bytes(512),
                    .deferred_pages = deferred};
    return Translation(ssd_, ops_, *this);
  }
  OpId Op(LogicalPage page) {
    const OpId id = ops_.Allocate();
    ops_[id].page = page;
    return id;
  }
  std::vector<LogicalPage> Pages(FlashOpList list) {
    std::vector<LogicalPage> pages;
    while (!list.empty()) pages.push_back(ops_[list.PopFront(ops_)].page);
    return pages;
  }
  // Brings the entry into the cache.
  void Load(Translation& translation, LogicalPage page) {
    if (translation.Find(Op(page), Tick(0))) return;
    translation.OnRead(page / 100, Tick(0));
    reads_.clear();
  }

  void ReadTranslationPage(uint32_t number, Tick) override { reads_.push_back(number); }
  void ProgramTranslationPage(uint32_t number, Tick) override { programs_.push_back(number); }

  using Numbers = std::vector<uint32_t>;

  SsdParameters ssd_ = SmallSsd();
  FlashOpPool ops_;
  Numbers reads_;
  Numbers programs_;
};

TEST_F(TranslationTest, AMissReadsThePageAndBringsWhatWasAskedFor) {
  Translation translation = Make(10, 0);
  EXPECT_FALSE(translation.Find(Op(205), Tick(0)));
  EXPECT_EQ(reads_, Numbers{2});
  EXPECT_EQ(Pages(translation.OnRead(2, Tick(0))), std::vector<LogicalPage>{205});
  EXPECT_TRUE(translation.Find(Op(205), Tick(0)));
  EXPECT_FALSE(translation.Find(Op(206), Tick(0)));  // its neighbour did not come along
  EXPECT_EQ(reads_, (Numbers{2, 2}));
}

TEST_F(TranslationTest, MissesOfTheSamePageShareARead) {
  Translation translation = Make(10, 0);
  for (const LogicalPage page : {210u, 220u, 210u}) {
    EXPECT_FALSE(translation.Find(Op(page), Tick(0)));
  }
  EXPECT_EQ(reads_, Numbers{2});
  EXPECT_EQ(Pages(translation.OnRead(2, Tick(0))), (std::vector<LogicalPage>{210, 220, 210}));
  EXPECT_EQ(translation.statistics().misses, 3u);
}

TEST_F(TranslationTest, AnUnchangedEntryLeavesWithoutAWrite) {
  Translation translation = Make(2, 0);
  for (const LogicalPage page : {1u, 101u, 201u}) Load(translation, page);
  EXPECT_EQ(translation.statistics().write_backs, 0u);
  EXPECT_FALSE(translation.Find(Op(1), Tick(0)));
}

TEST_F(TranslationTest, AChangedEntryIsMergedIntoItsPage) {
  Translation translation = Make(2, 0);
  Load(translation, 1);
  translation.Changed(1, Tick(0));
  Load(translation, 101);
  EXPECT_FALSE(translation.Find(Op(201), Tick(0)));  // makes room: page 0 is written back
  EXPECT_EQ(reads_, (Numbers{0, 2}));
  translation.OnRead(0, Tick(0));
  EXPECT_EQ(programs_, Numbers{0});
  reads_.clear();
  // Until it is programmed it is in memory.
  EXPECT_TRUE(translation.Find(Op(2), Tick(0)));
  EXPECT_TRUE(reads_.empty());
  translation.OnProgrammed(0);
  EXPECT_FALSE(translation.Find(Op(3), Tick(0)));
}

TEST_F(TranslationTest, AWriteBackTakesAllChangedEntriesOfThePage) {
  Translation translation = Make(3, 0);
  for (const LogicalPage page : {1u, 2u, 3u}) {
    Load(translation, page);
    translation.Changed(page, Tick(0));
  }
  Load(translation, 101);
  Load(translation, 201);
  EXPECT_EQ(translation.statistics().write_backs, 1u);
  translation.Changed(3, Tick(0));  // again
  for (const LogicalPage page : {301u, 401u, 501u}) Load(translation, page);
  EXPECT_EQ(translation.statistics().write_backs, 2u);
}

TEST_F(TranslationTest, PagesMayWaitInMemoryBeforeTheyAreProgrammed) {
  Translation translation = Make(1, 2);
  for (const LogicalPage page : {1u, 101u, 201u, 301u}) {
    translation.Changed(page, Tick(0));
    for (const uint32_t read : std::exchange(reads_, Numbers())) {
      translation.OnRead(read, Tick(0));
    }
  }
  EXPECT_EQ(translation.statistics().write_backs, 3u);
  EXPECT_EQ(programs_, Numbers{0});  // the first of three
  EXPECT_TRUE(translation.Find(Op(102), Tick(0)));
}

}  // namespace
}  // namespace biotope
