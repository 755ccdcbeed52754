#include "layers/page_cache/readahead_two_windows.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "layers/page_cache/forced_readahead.h"
#include "tests/layers/page_cache/readahead_driver.h"

namespace biotope {
namespace {

constexpr uint64_t kPage = kPageSize;
constexpr uint64_t kMiB = 1024 * 1024;
const ReadaheadTwoWindows kReadahead;

std::string SequentialIo(uint64_t file_size, uint64_t ra_pages, uint64_t read_size) {
  ReadaheadDriver file(kReadahead, file_size, ra_pages);
  for (uint64_t at = 0; at < file_size; at += read_size) file.Read(at, read_size);
  return file.TakeIo();
}

// The submissions of one call that asks for `req_size` pages, when each ends with `result`.
struct Asked {
  std::vector<std::tuple<uint64_t, uint64_t, bool>> submissions;  // start, count, block
  uint64_t taken = 0;
};
Asked Ask(FileRaState& ra, uint64_t offset, uint64_t req_size, const SubmitResult& result) {
  ReadaheadCall call{.offset = PageIndex(offset), .req_size = req_size};
  Asked asked;
  for (auto s = kReadahead.Begin(ra, call); s; s = kReadahead.Submitted(ra, call, result)) {
    asked.submissions.emplace_back(s->start.value(), s->count, s->block);
  }
  asked.taken = call.taken;
  return asked;
}
using Submissions = decltype(Asked::submissions);

constexpr SubmitResult kStarted{.congested = false, .pages_started = 1};
constexpr SubmitResult kAllCached{.congested = false, .pages_started = 0};
constexpr SubmitResult kCongested{.congested = true, .pages_started = 0};

void Miss(FileRaState& ra, uint64_t offset) {
  ReadaheadCall call{.trigger = ReadaheadCall::Trigger::kMiss, .offset = PageIndex(offset)};
  EXPECT_FALSE(kReadahead.Begin(ra, call));
}

TEST(ReadaheadTwoWindows, InitSize) {
  const struct {
    uint64_t max, size, expected;
  } kCases[] = {
      {32, 1, 8},   {32, 8, 8},   {32, 9, 32},   {32, 32, 32},                    // 128 KiB
      {128, 1, 1},  {128, 2, 4},  {128, 3, 32},  {128, 32, 32},  {128, 33, 128},  // 512 KiB
      {256, 4, 16}, {256, 3, 16}, {256, 64, 64}, {256, 65, 256}, {8, 2, 2},
      {8, 3, 8},    {1, 1, 1},    {2, 2, 2},     {3, 1, 3},      {5, 1, 1},
  };
  for (const auto& c : kCases) {
    EXPECT_EQ(ReadaheadTwoWindows::InitSize(c.size, c.max), c.expected)
        << c.size << " pages of at most " << c.max;
  }
}

TEST(ReadaheadTwoWindows, NextSize) {
  const struct {
    uint64_t max, current;
    bool miss;
    uint64_t expected;
  } kCases[] = {
      {32, 1, false, 4},
      {32, 2, false, 4},
      {32, 8, false, 16},
      {32, 16, false, 32},
      {32, 32, false, 32},
      {128, 7, false, 28},
      {128, 8, false, 16},
      {128, 64, false, 128},
      {32, 32, true, 30},
      {32, 6, true, 4},
      {32, 4, true, 4},
      {32, 2, true, 4},
      {2, 2, true, 2},
      // cur - 2 wraps around below two pages: the window becomes the largest.
      {128, 1, true, 128},
      {128, 0, true, 128},
  };
  for (const auto& c : kCases) {
    FileRaState ra = kReadahead.Open(c.max);
    ra.miss = c.miss;
    EXPECT_EQ(ReadaheadTwoWindows::NextSize(ra, c.current), c.expected)
        << c.current << " of at most " << c.max << (c.miss ? " after a miss" : "");
    EXPECT_FALSE(ra.miss);
  }
}

TEST(ReadaheadTwoWindows, SequentialReadOfOneMebibyte) {
  EXPECT_EQ(SequentialIo(kMiB, 32, kPage),
            "0+8(8) 8+16(16) 24+32(32) 56+32(32) 88+32(32) 120+32(32) 152+32(32) 184+32(32) "
            "216+32(32) 248+32(8)");
  EXPECT_EQ(SequentialIo(kMiB, 8, kPage).substr(0, 31), "0+2(2) 2+4(4) 6+8(8) 14+8(8) 22");
  EXPECT_EQ(SequentialIo(2 * kMiB, 128, kPage),
            "0+1(1) 1+4(4) 5+16(16) 21+32(32) 53+64(64) 117+128(128) 245+128(128) 373+128(128) "
            "501+128(11)");
}

TEST(ReadaheadTwoWindows, WindowsShiftOnTheFirstPageOfTheAheadWindow) {
  ReadaheadDriver file(kReadahead, kMiB, 32);
  std::vector<std::pair<uint64_t, std::string>> io;
  for (uint64_t page = 0; page < 60; ++page) {
    file.Read(page * kPage, kPage);
    if (std::string now = file.TakeIo(); !now.empty()) io.emplace_back(page, now);
  }
  const std::vector<std::pair<uint64_t, std::string>> expected = {
      {0, "0+8(8)"}, {1, "8+16(16)"}, {8, "24+32(32)"}, {24, "56+32(32)"}, {56, "88+32(32)"}};
  EXPECT_EQ(io, expected);
}

TEST(ReadaheadTwoWindows, OneLargeReadKeepsTwoWindowsAhead) {
  ReadaheadDriver file(kReadahead, 4 * kMiB, 32);
  file.Read(0, 512 * 1024);
  EXPECT_EQ(file.TakeIo(), "0+32(32) 32+32(32) 64+32(32) 96+32(32) 128+32(32)");
}

TEST(ReadaheadTwoWindows, SequentialReadsOf64KiB) {
  ReadaheadDriver file(kReadahead, 4 * kMiB, 32);
  std::vector<std::string> io;
  for (uint64_t i = 0; i < 7; ++i) {
    file.Read(i * 64 * 1024, 64 * 1024);
    io.push_back(file.TakeIo());
  }
  const std::vector<std::string> expected = {"0+32(32)",  "32+32(32)", "64+32(32)", "",
                                             "96+32(32)", "",          "128+32(32)"};
  EXPECT_EQ(io, expected);
}

TEST(ReadaheadTwoWindows, JumpsSwitchItOffUntilTwoReadsFollowEachOther) {
  ReadaheadDriver file(kReadahead, kMiB, 32);
  for (const uint64_t page : {40, 10, 11, 12, 13}) file.Read(page * kPage, kPage);
  EXPECT_EQ(file.TakeIo(), "40+1(1) 10+1(1) 11+8(8) 19+16(16)");
}

TEST(ReadaheadTwoWindows, TwoStreamsOnOneDescriptorNeverRecover) {
  ReadaheadDriver file(kReadahead, 4 * kMiB, 32);
  for (uint64_t i = 0; i < 3; ++i) {
    file.Read(i * kPage, kPage);
    file.Read((512 + i) * kPage, kPage);
  }
  EXPECT_EQ(file.TakeIo(), "0+8(8) 512+1(1) 513+1(1) 514+1(1)");
}

TEST(ReadaheadTwoWindows, WindowsReachBeyondTheEndOfTheFile) {
  EXPECT_EQ(SequentialIo(20480, 32, kPage), "0+8(5)");
}

TEST(ReadaheadTwoWindows, ReadsOfPartsOfAPageDoNotLookLikeJumps) {
  ReadaheadDriver file(kReadahead, kMiB, 32);
  for (uint64_t at = 0; at < 3 * kPage; at += 512) file.Read(at, 512);
  EXPECT_EQ(file.TakeIo(), "0+8(8) 8+16(16)");
}

TEST(ReadaheadTwoWindows, ARepeatedPageAtADifferentRequestSizeIsAJump) {
  FileRaState ra = kReadahead.Open(32);
  Ask(ra, 0, 2, kStarted);  // pages 0 and 1
  EXPECT_EQ(Ask(ra, 1, 2, kStarted).submissions, (Submissions{{1, 2, true}}));
  EXPECT_EQ(ra.size, FileRaState::kOff);
}

TEST(ReadaheadTwoWindows, NoReadaheadTakesOnePageAtATime) {
  EXPECT_EQ(SequentialIo(4 * kPage, 0, 4 * kPage), "rp0 rp1 rp2 rp3");
  FileRaState ra = kReadahead.Open(0);
  const Asked asked = Ask(ra, 7, 16, kStarted);
  EXPECT_TRUE(asked.submissions.empty());
  EXPECT_EQ(asked.taken, 1u);
  EXPECT_EQ(ra.prev_page, PageIndex(7));
}

TEST(ReadaheadTwoWindows, RequestsAboveTheMaximumAreTakenInPieces) {
  FileRaState ra = kReadahead.Open(32);
  EXPECT_EQ(Ask(ra, 100, 64, kStarted).taken, 32u);
  EXPECT_EQ(ra.prev_page, PageIndex(131));
}

TEST(ReadaheadTwoWindows, AdviceSetsTheMaximum) {
  FileRaState ra = kReadahead.Open(32);
  EXPECT_EQ(ra.ra_pages, 32u);
  kReadahead.Advise(ra, ReadAdvice::kSequential, 32);
  EXPECT_EQ(ra.ra_pages, 64u);
  kReadahead.Advise(ra, ReadAdvice::kRandom, 32);
  EXPECT_EQ(ra.ra_pages, 0u);
  kReadahead.Advise(ra, ReadAdvice::kNormal, 32);
  EXPECT_EQ(ra.ra_pages, 32u);
}

// A file that was read without readahead has pages behind it, but never had a window.
TEST(ReadaheadTwoWindows, AdviceNormalAfterRandomBeginsWithAJump) {
  const struct {
    std::string name;
    uint64_t page;
  } kCases[] = {{"the same page", 7}, {"the next page", 8}};
  for (const auto& c : kCases) {
    SCOPED_TRACE(c.name);
    FileRaState ra = kReadahead.Open(0);
    Ask(ra, 7, 1, kStarted);
    kReadahead.Advise(ra, ReadAdvice::kNormal, 32);
    EXPECT_EQ(Ask(ra, c.page, 1, kStarted).submissions, (Submissions{{c.page, 1, true}}));
    EXPECT_EQ(ra.size, FileRaState::kOff);
    EXPECT_EQ(Ask(ra, c.page + 1, 1, kStarted).submissions, (Submissions{{c.page + 1, 8, true}}));
  }
}

TEST(ReadaheadTwoWindows, SequentialAdviceAndFourKibReads) {
  ReadaheadDriver file(kReadahead, kMiB, 32);
  kReadahead.Advise(file.ra(), ReadAdvice::kSequential, 32);
  for (uint64_t page = 0; page < 22; ++page) file.Read(page * kPage, kPage);
  EXPECT_EQ(file.TakeIo(), "0+1(1) 1+4(4) 5+8(8) 13+16(16) 29+32(32)");
}

TEST(ReadaheadTwoWindows, AheadWindowsBlockOnlyIfTheyHoldWantedPages) {
  FileRaState ra = kReadahead.Open(32);
  EXPECT_EQ(Ask(ra, 0, 1, kStarted).submissions, (Submissions{{0, 8, true}}));
  EXPECT_EQ(Ask(ra, 1, 1, kStarted).submissions, (Submissions{{8, 16, false}}));
  // Pages 2 to 9 reach into the ahead window, not behind it.
  EXPECT_EQ(Ask(ra, 2, 8, kStarted).submissions, (Submissions{{24, 32, false}}));
  // Pages 10 to 41 cover the current window and reach into the next one twice.
  EXPECT_EQ(Ask(ra, 10, 32, kStarted).submissions, (Submissions{{56, 32, false}}));
  EXPECT_EQ(ra.start, PageIndex(24));
  EXPECT_EQ(ra.ahead_start, PageIndex(56));
}

TEST(ReadaheadTwoWindows, AnAheadWindowThatIsWantedAtOnceBlocks) {
  FileRaState ra = kReadahead.Open(32);
  Ask(ra, 0, 1, kStarted);  // current window 0..7, none ahead
  EXPECT_EQ(Ask(ra, 1, 8, kStarted).submissions, (Submissions{{8, 16, true}, {24, 32, false}}));
  EXPECT_EQ(Ask(ra, 9, 32, kStarted).submissions, (Submissions{{56, 32, false}}));
  FileRaState large = kReadahead.Open(32);
  EXPECT_EQ(Ask(large, 0, 32, kStarted).submissions, (Submissions{{0, 32, true}, {32, 32, true}}));
  FileRaState below = kReadahead.Open(32);
  EXPECT_EQ(Ask(below, 0, 31, kStarted).submissions, (Submissions{{0, 32, true}}));
}

TEST(ReadaheadTwoWindows, CongestionGivesUpTheAheadWindowAndTriesAgain) {
  FileRaState ra = kReadahead.Open(32);
  Ask(ra, 0, 1, kStarted);
  EXPECT_EQ(Ask(ra, 1, 1, kCongested).submissions, (Submissions{{8, 16, false}}));
  EXPECT_EQ(ra.ahead_start, PageIndex(0));
  EXPECT_EQ(ra.ahead_size, 0u);
  EXPECT_EQ(ra.cache_hit, 0u);
  EXPECT_EQ(ra.prev_page, PageIndex(1));
  // Still sequential, with the current window that it had.
  EXPECT_EQ(Ask(ra, 2, 1, kStarted).submissions, (Submissions{{8, 16, false}}));
  // The same at a shift.
  for (uint64_t page = 3; page < 8; ++page) Ask(ra, page, 1, kStarted);
  EXPECT_EQ(Ask(ra, 8, 1, kCongested).submissions, (Submissions{{24, 32, false}}));
  EXPECT_EQ(ra.start, PageIndex(8));
  EXPECT_EQ(ra.size, 16u);
  EXPECT_EQ(ra.ahead_start, PageIndex(0));
  EXPECT_EQ(Ask(ra, 9, 1, kStarted).submissions, (Submissions{{24, 32, false}}));
}

TEST(ReadaheadTwoWindows, CongestionSkipsNothingThatIsWanted) {
  ReadaheadDriver file(kReadahead, kMiB, 32);
  file.set_congested(true);
  for (uint64_t page = 0; page < 10; ++page) file.Read(page * kPage, kPage);
  EXPECT_EQ(file.TakeIo(), "0+8(8) 8+16(16)");
}

TEST(ReadaheadTwoWindows, CachedFilesAreLeftAloneAfter256Pages) {
  FileRaState ra = kReadahead.Open(32);
  uint64_t submitted = 0, page = 0;
  while (!ra.in_cache) {
    for (const auto& [start, count, block] : Ask(ra, page++, 1, kAllCached).submissions) {
      submitted += count;
    }
    ASSERT_LT(page, 1000u);
  }
  EXPECT_EQ(submitted, 8u + 16 + 32 * 8);  // the first sum that is not below 256
  EXPECT_EQ(ra.size, FileRaState::kOff);
  EXPECT_EQ(ra.ahead_start, PageIndex(0));
  const Asked asked = Ask(ra, page, 16, kAllCached);
  EXPECT_TRUE(asked.submissions.empty());
  EXPECT_EQ(asked.taken, 1u);
  EXPECT_EQ(ra.prev_page, PageIndex(page));
  // A page that is missing starts it again, with the memory of the miss.
  Miss(ra, page);
  EXPECT_FALSE(ra.in_cache);
  EXPECT_TRUE(ra.miss);
  EXPECT_EQ(Ask(ra, page + 1, 1, kStarted).submissions, (Submissions{{page + 1, 8, true}}));
  EXPECT_EQ(ra.cache_hit, 0u);
  EXPECT_EQ(Ask(ra, page + 2, 1, kStarted).submissions, (Submissions{{page + 9, 6, false}}));
}

TEST(ReadaheadTwoWindows, ACachedFirstWindowOf256PagesIsEnough) {
  FileRaState ra = kReadahead.Open(256);
  const Asked asked = Ask(ra, 0, 256, kAllCached);
  EXPECT_EQ(asked.submissions, (Submissions{{0, 256, true}}));  // no ahead window
  EXPECT_EQ(asked.taken, 256u);
  EXPECT_TRUE(ra.in_cache);
  EXPECT_EQ(ra.ahead_start, PageIndex(0));
  EXPECT_EQ(ra.prev_page, PageIndex(255));
}

TEST(ReadaheadTwoWindows, OneStartedPageForgetsTheCacheHits) {
  FileRaState ra = kReadahead.Open(32);
  ra.cache_hit = 255 - 8;
  Ask(ra, 0, 1, kAllCached);
  EXPECT_EQ(ra.cache_hit, 255u);
  EXPECT_FALSE(ra.in_cache);
  Ask(ra, 1, 1, kStarted);
  EXPECT_EQ(ra.cache_hit, 0u);
}

TEST(ReadaheadTwoWindows, CacheHitsOfACongestedSubmissionDoNotCount) {
  FileRaState ra = kReadahead.Open(32);
  Ask(ra, 0, 1, kStarted);
  ra.cache_hit = 250;
  Ask(ra, 1, 1, kCongested);
  EXPECT_EQ(ra.cache_hit, 250u);
  EXPECT_FALSE(ra.in_cache);
}

TEST(ReadaheadTwoWindows, JumpsForgetAMissButNotTheCacheHits) {
  FileRaState ra = kReadahead.Open(32);
  Ask(ra, 0, 1, kStarted);
  Miss(ra, 5);
  ra.cache_hit = 10;
  Ask(ra, 50, 1, kAllCached);
  EXPECT_FALSE(ra.miss);
  EXPECT_EQ(ra.cache_hit, 11u);
}

TEST(ReadaheadTwoWindows, ThrashingShrinksTheWindows) {
  ReadaheadDriver file(kReadahead, 16 * kMiB, 32);
  for (uint64_t page = 0; page < 56; ++page) file.Read(page * kPage, kPage);
  file.TakeIo();            // windows 24..55 and 56..87
  file.cached().erase(60);  // evicted before it was read
  std::vector<std::string> io;
  for (uint64_t page = 56; page < 140; ++page) {
    file.Read(page * kPage, kPage);
    if (std::string now = file.TakeIo(); !now.empty()) io.push_back(now);
  }
  const std::vector<std::string> expected = {"88+32(32)", "rp60", "120+30(30)", "150+32(32)"};
  EXPECT_EQ(io, expected);
}

TEST(ForcedReadahead, ChunksOfTwoMebibytes) {
  ForcedReadahead range(PageIndex(10), 1025);
  std::vector<std::pair<uint64_t, uint64_t>> chunks;
  while (const auto chunk = range.Next()) {
    EXPECT_TRUE(chunk->block);
    chunks.emplace_back(chunk->start.value(), chunk->count);
  }
  const std::vector<std::pair<uint64_t, uint64_t>> expected = {{10, 512}, {522, 512}, {1034, 1}};
  EXPECT_EQ(chunks, expected);
  EXPECT_FALSE(ForcedReadahead(PageIndex(0), 0).Next());
}

}  // namespace
}  // namespace biotope
