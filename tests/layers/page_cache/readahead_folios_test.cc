#include "layers/page_cache/readahead_folios.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <string>

#include "layers/page_cache/folio_order.h"
#include "tests/layers/page_cache/folio_cache.h"

namespace biotope {
namespace {

using Trigger = ReadaheadCall::Trigger;

constexpr uint64_t kFileSize = 64 << 20;
const ReadaheadFolios kReadahead({.io_pages = 320});

// A file whose submissions are carried out at once, and written down: "4+8@4/2" is a run of 8 pages
// from page 4 on, the mark on page 4, in folios of order 2.
class ReadaheadFoliosTest : public testing::Test {
 protected:
  std::string Ask(ReadaheadCall call) {
    call.pages = &cache_;
    std::string io;
    auto submission = kReadahead.Begin(ra_, call);
    clear_mark_ = call.clear_mark;
    while (submission) {
      if (!io.empty()) io += ' ';
      io += Show(*submission);
      submission = kReadahead.Submitted(ra_, call, Add(*submission));
    }
    return io;
  }
  std::string Miss(uint64_t offset, uint64_t req_size = 1) {
    return Ask({.trigger = Trigger::kMiss, .offset = PageIndex(offset), .req_size = req_size});
  }
  std::string Mark(uint64_t offset, uint64_t req_size = 1, uint8_t order = 0) {
    return Ask({.trigger = Trigger::kMark,
                .offset = PageIndex(offset),
                .req_size = req_size,
                .folio_order = order});
  }
  void Cache(uint64_t first, uint64_t end) {
    for (uint64_t index = first; index < end; ++index) cache_.Add({.index = index});
  }
  void UseFile(uint64_t pages, uint8_t max_folio_order) {
    cache_ = FolioCache(pages * kPageSize, max_folio_order);
  }
  SubmitResult Add(const ReadaheadSubmission& submission) {
    SubmitResult result;
    const PageIndex last = submission.start + PageIndex(submission.count - 1);
    for (PageIndex index = submission.start; index <= last && memory_ > 0; --memory_) {
      const uint8_t order = FolioOrderAt(index, last, submission.order);
      if (!cache_.Add({.index = index.value(), .order = order})) break;
      index += PageIndex(uint64_t{1} << order);
      result.pages_started += uint64_t{1} << order;
    }
    return result;
  }

  FolioCache cache_{kFileSize};
  FileRaState ra_ = kReadahead.Open(32);
  uint64_t memory_ = UINT64_MAX;  // folios that can still be had
  bool clear_mark_ = false;

 private:
  static std::string Show(const ReadaheadSubmission& s) {
    std::string text = fmt::format("{}+{}", s.start.value(), s.count);
    if (s.mark >= s.start && s.mark < s.start + PageIndex(s.count)) {
      text += fmt::format("@{}", s.mark.value());
    }
    if (s.order > 0) text += fmt::format("/{}", s.order);
    return text;
  }
};

TEST_F(ReadaheadFoliosTest, MarksReachedInTurnOpenTheNextWindows) {
  EXPECT_EQ(Miss(0), "0+4@1");
  EXPECT_EQ(Mark(1), "4+8@4");
  EXPECT_TRUE(clear_mark_);
  EXPECT_EQ(Mark(4), "12+16@12");
  EXPECT_EQ(Mark(12), "28+32@28");
  EXPECT_EQ(Mark(28), "60+32@60");
}

TEST_F(ReadaheadFoliosTest, TheFirstWindowAndItsMark) {
  const struct {
    uint64_t ra_pages, req_size;
    const char* expected;
  } kCases[] = {
      {32, 1, "0+4@1"},       {32, 2, "0+4@2"},     {32, 3, "0+8@3"},      {32, 5, "0+16@5"},
      {32, 9, "0+32@9"},      {32, 32, "0+32@16"},  {32, 33, "0+33@17"},   {32, 64, "0+64@32"},
      {32, 400, "0+320@160"},  // as much as the device takes
      {128, 1, "0+4@1"},      {128, 17, "0+64@17"}, {128, 33, "0+128@33"}, {8, 1, "0+2@1"},
  };
  for (const auto& c : kCases) {
    cache_ = FolioCache(kFileSize);
    ra_ = kReadahead.Open(c.ra_pages);
    EXPECT_EQ(Miss(0, c.req_size), c.expected) << c.req_size << " pages, at most " << c.ra_pages;
  }
}

TEST_F(ReadaheadFoliosTest, WindowsEndWhereTheNextFolioCanBegin) {
  ra_ = kReadahead.Open(8);
  EXPECT_EQ(Miss(0), "0+2@1");
  EXPECT_EQ(Mark(1), "2+2@2");  // not up to page 6
  EXPECT_EQ(Mark(2), "4+4@4");
  EXPECT_EQ(Mark(4), "8+8@8");
}

TEST_F(ReadaheadFoliosTest, AnOddMaximumIsNotRounded) {
  EXPECT_EQ(Miss(0, 33), "0+33@17");
  EXPECT_EQ(Mark(17, 33), "33+33@33");
}

TEST_F(ReadaheadFoliosTest, FoliosGrowWithEachMark) {
  UseFile(16384, 9);
  EXPECT_EQ(Miss(0), "0+4@1");
  EXPECT_EQ(Mark(1), "4+8@4/2");
  EXPECT_EQ(Mark(4, 1, 2), "12+4@12/2");  // up to a multiple of 16
  EXPECT_EQ(Mark(12, 1, 2), "16+8@16/3");
  EXPECT_EQ(Mark(16, 1, 3), "24+8@24/3");
  EXPECT_EQ(Mark(24, 1, 3), "32+16@32/4");
  EXPECT_EQ(Mark(32, 1, 4), "48+16@48/4");
  EXPECT_EQ(Mark(48, 1, 4), "64+32@64/5");
  EXPECT_EQ(Mark(64, 1, 5), "96+32@96/5");
  EXPECT_EQ(ra_.order, 5);
  // A miss begins anew with single pages.
  kReadahead.NoteRead(ra_, 0, 5000 * kPageSize);
  EXPECT_EQ(Miss(5000), "5000+4@5001");
}

TEST_F(ReadaheadFoliosTest, TheMaximumOfTheMappingLimitsFolios) {
  UseFile(16384, 3);
  ra_ = {.ra_pages = 32, .start = PageIndex(64), .size = 32, .order = 3, .async_size = 32};
  EXPECT_EQ(Mark(64), "96+32@96/3");
}

TEST_F(ReadaheadFoliosTest, TheMarkIsThatOfItsFolio) {
  UseFile(16384, 9);
  // The mark belongs to page 9, which lies in the folio of pages 8 to 15.
  ra_ = {.ra_pages = 32, .start = PageIndex(0), .size = 16, .order = 3, .async_size = 7};
  EXPECT_EQ(Mark(8, 1, 3), "16+16@16/4");
}

TEST_F(ReadaheadFoliosTest, AJumpReadsWhatIsWanted) {
  EXPECT_EQ(Miss(100), "100+1");
  EXPECT_EQ(Miss(200, 32), "200+32");
  EXPECT_EQ(ra_.size, 0u);
}

TEST_F(ReadaheadFoliosTest, TheNextPageAndTheOneBehindItAreSequential) {
  kReadahead.NoteRead(ra_, 100 * kPageSize, 101 * kPageSize);
  EXPECT_EQ(Miss(103), "103+1");
  EXPECT_EQ(Miss(102), "102+1 104+2");  // 103 is there, so the mark is lost
  EXPECT_EQ(Miss(101), "101+1");
}

TEST_F(ReadaheadFoliosTest, ATraceMustBeLongerThanTheRequest) {
  Cache(100, 104);
  EXPECT_EQ(Miss(104, 4), "104+4");
  cache_.Remove(104, 108);
  EXPECT_EQ(Miss(104, 3), "104+7@110");
}

TEST_F(ReadaheadFoliosTest, ATraceFromTheBeginningCountsTwice) {
  Cache(0, 4);
  EXPECT_EQ(Miss(4), "4+9@12");
  Cache(13, 40);
  EXPECT_EQ(Miss(40), "40+32@71");  // never more than the maximum
}

TEST_F(ReadaheadFoliosTest, SomebodyElsesMarkContinuesBehindTheHole) {
  Cache(100, 105);
  EXPECT_EQ(Mark(100), "105+11@105");  // 5 + 1, doubled, and rounded down to a multiple of 4
  Cache(200, 233);
  EXPECT_EQ(Mark(200), "");  // no hole within 32 pages
  EXPECT_TRUE(clear_mark_);
}

TEST_F(ReadaheadFoliosTest, TheEndOfTheFileEndsTheWindowButNotTheMark) {
  UseFile(14, 0);
  EXPECT_EQ(Miss(0), "0+4@1");
  EXPECT_EQ(Mark(1), "4+8@4");
  EXPECT_EQ(Mark(4), "12+2");  // 16 pages would be marked before their beginning
  EXPECT_EQ(Mark(12), "");
  UseFile(14, 9);  // with large folios the mark is where it would be without the end
  ra_ = {.ra_pages = 32, .start = PageIndex(4), .size = 8, .async_size = 8};
  EXPECT_EQ(Mark(4), "12+2@12/2");
}

TEST_F(ReadaheadFoliosTest, CachedPagesEndABatch) {
  for (uint64_t index = 1; index < 32; index += 2) Cache(index, index + 1);
  EXPECT_EQ(Miss(0), "0+1 2+1");  // the mark would be on page 1
  EXPECT_EQ(Miss(4, 9), "4+1 6+1 8+1 10+1 12+1");
}

TEST_F(ReadaheadFoliosTest, AFolioThatHasNoRoomIsReadPageByPage) {
  UseFile(16384, 9);
  ra_ = {.ra_pages = 32, .start = PageIndex(0), .size = 16, .order = 1, .async_size = 16};
  Cache(26, 27);
  EXPECT_EQ(Mark(0, 1, 0), "16+8@16/3 24+2 27+21");
  EXPECT_EQ(ra_.size, 32u);
}

TEST_F(ReadaheadFoliosTest, PagesAddedBySomebodyElseInTheMeantime) {
  ReadaheadCall call{.trigger = Trigger::kMiss, .offset = PageIndex(0), .pages = &cache_};
  auto submission = kReadahead.Begin(ra_, call);
  ASSERT_TRUE(submission);
  Cache(2, 3);  // between the decision and the reading
  submission = kReadahead.Submitted(ra_, call, Add(*submission));
  ASSERT_TRUE(submission);
  EXPECT_EQ(submission->start, PageIndex(3));
  EXPECT_EQ(submission->count, 1u);
  EXPECT_FALSE(kReadahead.Submitted(ra_, call, Add(*submission)));
}

TEST_F(ReadaheadFoliosTest, WithoutMemoryItEndsThere) {
  memory_ = 3;
  EXPECT_EQ(Miss(0), "0+4@1");
  EXPECT_EQ(cache_.Find(3), nullptr);
}

TEST_F(ReadaheadFoliosTest, NoReadaheadReadsOnePage) {
  ra_ = kReadahead.Open(0);
  EXPECT_EQ(Miss(0, 16), "0+1");
  EXPECT_EQ(Mark(0), "");
  EXPECT_FALSE(clear_mark_);
}

TEST_F(ReadaheadFoliosTest, RandomModeReadsTheRequest) {
  kReadahead.Advise(ra_, ReadAdvice::kRandom, 32);
  EXPECT_EQ(Miss(0, 16), "0+16");
  EXPECT_EQ(Miss(16, 16), "16+16");
}

TEST_F(ReadaheadFoliosTest, AForcedRangeIsAsLongAsTheDeviceTakesAtOnce) {
  EXPECT_EQ(Ask({.trigger = Trigger::kForced, .offset = PageIndex(5), .req_size = 768}), "5+320");
  ra_ = kReadahead.Open(1100);  // or as a window
  EXPECT_EQ(Ask({.trigger = Trigger::kForced, .offset = PageIndex(5000), .req_size = 2000}),
            "5000+512 5512+512 6024+76");
  UseFile(300, 0);
  EXPECT_EQ(Ask({.trigger = Trigger::kForced, .offset = PageIndex(290), .req_size = 2000}),
            "290+10");
}

TEST_F(ReadaheadFoliosTest, AFaultReadsAroundItsPage) {
  EXPECT_EQ(Ask({.trigger = Trigger::kFaultMiss, .offset = PageIndex(100)}), "84+32@108");
  EXPECT_EQ(ra_.mmap_miss, 1u);
  EXPECT_EQ(Ask({.trigger = Trigger::kFaultMiss, .offset = PageIndex(3)}), "0+32@24");
}

TEST_F(ReadaheadFoliosTest, AFaultOnTheMarkIsAReadOfAWindow) {
  Ask({.trigger = Trigger::kFaultMiss, .offset = PageIndex(100)});
  EXPECT_EQ(Ask({.trigger = Trigger::kFaultHit, .offset = PageIndex(108), .marked = true}),
            "116+32@116");
  EXPECT_EQ(ra_.mmap_miss, 0u);
  ra_.mmap_miss = 5;
  EXPECT_EQ(Ask({.trigger = Trigger::kFaultHit, .offset = PageIndex(109), .locked = true}), "");
  EXPECT_EQ(ra_.mmap_miss, 5u);
}

TEST_F(ReadaheadFoliosTest, MappingsOfKnownUse) {
  ReadaheadCall call{.trigger = Trigger::kFaultMiss, .offset = PageIndex(100)};
  call.mapping_advice = ReadAdvice::kRandom;
  EXPECT_EQ(Ask(call), "");
  call.mapping_advice = ReadAdvice::kSequential;
  EXPECT_EQ(Ask(call), "100+32");  // a jump: exactly the request, which is one window
  call.offset = PageIndex(0);
  EXPECT_EQ(Ask(call), "0+32@16");
  EXPECT_EQ(ra_.mmap_miss, 0u);
}

TEST_F(ReadaheadFoliosTest, TooManyMissesEndReadAround) {
  ra_.mmap_miss = 99;
  EXPECT_EQ(Ask({.trigger = Trigger::kFaultMiss, .offset = PageIndex(100)}), "84+32@108");
  EXPECT_EQ(Ask({.trigger = Trigger::kFaultMiss, .offset = PageIndex(200)}), "");
  EXPECT_EQ(ra_.mmap_miss, 101u);
  ra_.mmap_miss = 1000;
  Ask({.trigger = Trigger::kFaultMiss, .offset = PageIndex(300)});
  EXPECT_EQ(ra_.mmap_miss, 1000u);  // counted no further
}

TEST_F(ReadaheadFoliosTest, WhatAReadLeavesBehind) {
  kReadahead.NoteRead(ra_, 4096, 10000);
  EXPECT_EQ(ra_.prev_pos, 10000u);
  kReadahead.NoteReadError(ra_);
  EXPECT_EQ(ra_.ra_pages, 8u);
}

}  // namespace
}  // namespace biotope
