#include "layers/disk/ssd/write_buffer.h"

#include <gtest/gtest.h>

#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

SsdParameters Buffered(uint32_t pages, Tick hot_window) {
  SsdParameters ssd = SmallSsd();
  ssd.buffer = {.capacity = ssd.geometry.page * pages,
                .byte = Tick(1),
                .write_back = Bytes(65536),
                .hot_window = hot_window};
  return ssd;
}

WriteBuffer::Written Write(WriteBuffer& buffer, LogicalPage page, uint64_t us = 0) {
  return buffer.Write(page, 0x0f, 0x07, /*through=*/false, kMicrosecond * us);
}

TEST(WriteBufferTest, WithoutAHotWindowEverythingIsWrittenBackAtOnce) {
  WriteBuffer buffer(Buffered(4, Tick(0)));
  EXPECT_TRUE(buffer.enabled());
  for (int i = 0; i < 3; ++i) {
    const WriteBuffer::Written written = Write(buffer, 7);
    EXPECT_TRUE(written.write_back);
    EXPECT_FALSE(written.evicted.has_value());
  }
  EXPECT_FALSE(buffer.TakeDirty().has_value());
}

TEST(WriteBufferTest, KeepsAPageUntilItsNewestVersionIsProgrammed) {
  WriteBuffer buffer(Buffered(4, Tick(0)));
  const uint32_t old_version = Write(buffer, 7).version;
  EXPECT_EQ(buffer.Covered(7), 0x07);  // parts that it holds whole
  const uint32_t version = Write(buffer, 7).version;
  buffer.OnProgrammed(7, old_version);
  EXPECT_EQ(buffer.Covered(7), 0x07);
  buffer.OnProgrammed(7, version);
  EXPECT_EQ(buffer.Covered(7), 0);
}

TEST(WriteBufferTest, APageThatIsWrittenAgainSoonStays) {
  WriteBuffer buffer(Buffered(4, 100 * kMicrosecond));
  EXPECT_TRUE(Write(buffer, 7, 10).write_back);
  EXPECT_FALSE(Write(buffer, 7, 20).write_back);
  EXPECT_TRUE(Write(buffer, 8, 30).write_back);
  const auto dirty = buffer.TakeDirty();
  ASSERT_TRUE(dirty.has_value());
  EXPECT_EQ(dirty->page, 7u);
  EXPECT_EQ(dirty->touched, 0x0f);
  EXPECT_FALSE(buffer.TakeDirty().has_value());
  // The set of pages that were written lately is emptied.
  EXPECT_TRUE(Write(buffer, 7, 500).write_back);
  EXPECT_FALSE(Write(buffer, 7, 501).write_back);
}

TEST(WriteBufferTest, AForcedWriteIsWrittenBackWhateverTheRule) {
  WriteBuffer buffer(Buffered(4, kSecond));
  Write(buffer, 7);
  EXPECT_TRUE(buffer.Write(7, 1, 1, /*through=*/true, Tick(0)).write_back);
}

TEST(WriteBufferTest, AFullBufferGivesUpWhatWasNotUsedForLongest) {
  WriteBuffer buffer(Buffered(2, kSecond));
  Write(buffer, 1);
  Write(buffer, 1);  // stays, dirty
  Write(buffer, 2);  // on its way
  buffer.Covered(1);
  const auto clean = Write(buffer, 3);  // page 2 goes, which is on its way already
  EXPECT_FALSE(clean.evicted.has_value());
  EXPECT_EQ(buffer.Covered(2), 0);
  buffer.Covered(3);
  const auto dirty = Write(buffer, 4);
  ASSERT_TRUE(dirty.evicted.has_value());
  EXPECT_EQ(dirty.evicted->page, 1u);
  EXPECT_FALSE(buffer.TakeDirty().has_value());
}

}  // namespace
}  // namespace biotope
