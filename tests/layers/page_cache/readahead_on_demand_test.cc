#include "layers/page_cache/readahead_on_demand.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/layers/page_cache/on_demand_driver.h"

namespace biotope {
namespace {

constexpr uint64_t kPage = kPageSize;
constexpr uint64_t kMiB = 1024 * 1024;
const ReadaheadOnDemand kReadahead;

// The I/O of each read of one page.
std::vector<std::string> ReadPages(OnDemandDriver& file, const std::vector<uint64_t>& pages) {
  std::vector<std::string> io;
  for (const uint64_t page : pages) {
    file.Read(page * kPage, kPage);
    io.push_back(file.TakeIo());
  }
  return io;
}
using Io = std::vector<std::string>;

TEST(ReadaheadOnDemand, SequentialReadsGrowToTheMaximum) {
  OnDemandDriver file(kReadahead, kMiB, 32);
  for (uint64_t at = 0; at < kMiB; at += kPage) file.Read(at, kPage);
  EXPECT_EQ(file.TakeIo(),
            "0+4(4)@1 4+8(8)@4 12+16(16)@12 28+32(32)@28 60+32(32)@60 92+32(32)@92 124+32(32)@124 "
            "156+32(32)@156 188+32(32)@188 220+32(32)@220 252+32(4)@252");
}

TEST(ReadaheadOnDemand, OneLargeReadStaysOneWindowAhead) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  file.Read(0, 512 * 1024);
  // The first window would begin with its own mark: two in one.
  EXPECT_EQ(file.TakeIo(), "0+64(64)@32 64+32(32)@64 96+32(32)@96 128+32(32)@128");
}

TEST(ReadaheadOnDemand, ARequestLargerThanTheWindowIsReadInWindows) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  file.Read(100 * kPage, 40 * kPage);
  EXPECT_EQ(file.TakeIo(), "100+64(64)@132 164+32(32)@164");
}

TEST(ReadaheadOnDemand, AJumpReadsWhatIsWanted) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  file.Read(100 * kPage, 8 * kPage);
  EXPECT_EQ(file.TakeIo(), "100+8(8)");
  EXPECT_EQ(ReadPages(file, {300, 40, 10}), (Io{"300+1(1)", "40+1(1)", "10+1(1)"}));
}

TEST(ReadaheadOnDemand, TheNextPageOpensAWindow) {
  OnDemandDriver file(kReadahead, kMiB, 32);
  EXPECT_EQ(ReadPages(file, {40, 10, 11, 12, 13}),
            (Io{"40+1(1)", "10+1(1)", "11+4(4)@12", "15+8(8)@15", ""}));
}

TEST(ReadaheadOnDemand, EverySecondPageIsNotSequential) {
  // In 2.6.37 prev_pos lies in the page read last, not behind it.
  OnDemandDriver file(kReadahead, kMiB, 32);
  EXPECT_EQ(ReadPages(file, {100, 102, 104}), (Io{"100+1(1)", "102+1(1)", "104+1(1)"}));
}

TEST(ReadaheadOnDemand, OneCachedPageBeforeAMissIsATrace) {
  OnDemandDriver file(kReadahead, kMiB, 32);
  file.cache().Add({.index = 99});
  file.Read(100 * kPage, kPage);
  // Two pages of history and request make 4, marked at once: 8 more are added.
  EXPECT_EQ(file.TakeIo(), "100+12(12)@104");
}

TEST(ReadaheadOnDemand, AHistoryFromTheBeginningCountsTwice) {
  OnDemandDriver file(kReadahead, kMiB, 128);
  for (uint64_t page = 0; page < 3; ++page) file.cache().Add({.index = page});
  file.Read(3 * kPage, kPage);
  // 2 * 3 + 1 = 7, rounded up to 8, doubled to 16; the next window is 32.
  EXPECT_EQ(file.TakeIo(), "3+48(48)@19");
}

TEST(ReadaheadOnDemand, SomebodyElsesMarkContinuesBehindTheHole) {
  OnDemandDriver file(kReadahead, kMiB, 32);
  for (uint64_t page = 100; page < 105; ++page) file.cache().Add({.index = page});
  file.cache().Remove(100, 101);
  file.cache().Add({.index = 100, .marked = true});
  file.Read(100 * kPage, kPage);
  // 5 pages up to the hole and 1 wanted: 6, doubled.
  EXPECT_EQ(file.TakeIo(), "105+12(12)@105");
  EXPECT_FALSE(file.cache().Find(100)->marked);
}

TEST(ReadaheadOnDemand, AMarkWithoutAHoleIsUsedUp) {
  OnDemandDriver file(kReadahead, kMiB, 8);
  file.cache().Add({.index = 100, .marked = true});
  for (uint64_t page = 101; page < 120; ++page) file.cache().Add({.index = page});
  file.Read(100 * kPage, kPage);
  EXPECT_EQ(file.TakeIo(), "");
  EXPECT_FALSE(file.cache().Find(100)->marked);
}

TEST(ReadaheadOnDemand, TwoStreamsOnOneDescriptorKeepTheirWindows) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  EXPECT_EQ(ReadPages(file, {0, 512, 1, 513, 2, 514, 3, 515, 4, 516}),
            (Io{"0+4(4)@1", "512+1(1)", "4+8(8)@4", "513+12(12)@517", "", "", "", "",
                "12+18(18)@12", ""}));
}

TEST(ReadaheadOnDemand, CongestionUsesTheMarkUp) {
  OnDemandDriver file(kReadahead, kMiB, 32);
  file.Read(0, kPage);
  file.TakeIo();
  file.set_congested(true);
  EXPECT_EQ(ReadPages(file, {1}), (Io{""}));
  EXPECT_FALSE(file.cache().Find(1)->marked);
  file.set_congested(false);
  // The page behind the window is missing, and it is the expected one: two windows at once.
  EXPECT_EQ(ReadPages(file, {2, 3, 4}), (Io{"", "", "4+24(24)@12"}));
}

TEST(ReadaheadOnDemand, NoReadaheadReadsEachPageAlone) {
  OnDemandDriver file(kReadahead, kMiB, 0);
  file.Read(0, 3 * kPage);
  EXPECT_EQ(file.TakeIo(), "rp0 rp1 rp2");
}

TEST(ReadaheadOnDemand, RandomModeReadsTheRequest) {
  OnDemandDriver file(kReadahead, 16 * kMiB, 32);
  kReadahead.Advise(file.ra(), ReadAdvice::kRandom, 32);
  file.Read(0, 64 * kPage);
  EXPECT_EQ(file.TakeIo(), "0+64(64)");
  file.Read(100 * kPage, 600 * kPage);
  EXPECT_EQ(file.TakeIo(), "100+512(512) 612+88(88)");
}

TEST(ReadaheadOnDemand, AForcedRangeGoesInChunksThatMemoryHasRoomFor) {
  OnDemandDriver file(kReadahead, 16 * kMiB, 32);
  file.WillNeed(10, 1025);
  EXPECT_EQ(file.TakeIo(), "10+512(512) 522+512(512) 1034+1(1)");
  file.set_sane_pages(7);
  file.WillNeed(2000, 1025);
  EXPECT_EQ(file.TakeIo(), "2000+7(7)");
}

TEST(ReadaheadOnDemand, MemoryLimitsTheWindow) {
  OnDemandDriver file(kReadahead, 16 * kMiB, 32);
  file.set_sane_pages(8);
  file.Read(0, kPage);
  EXPECT_EQ(file.TakeIo(), "0+2(2)@1");
}

TEST(ReadaheadOnDemand, AReadBeyondTheEndAsksForAPageThatIsNotThere) {
  OnDemandDriver file(kReadahead, 2 * kPage, 32);
  file.Read(0, 4 * kPage);
  EXPECT_EQ(file.TakeIo(), "0+8(2) rp2");
}

TEST(ReadaheadOnDemand, FaultsReadAroundTheirPage) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  file.Fault(100, ReadAdvice::kNormal);
  EXPECT_EQ(file.TakeIo(), "84+32(32)");  // no mark
  EXPECT_EQ(file.ra().mmap_miss, 1u);
  file.Fault(101, ReadAdvice::kNormal);
  EXPECT_EQ(file.ra().mmap_miss, 0u);
  file.Fault(5, ReadAdvice::kNormal);
  EXPECT_EQ(file.TakeIo(), "0+32(32)");
  file.ra().mmap_miss = 100;
  file.Fault(600, ReadAdvice::kNormal);
  EXPECT_EQ(file.TakeIo(), "rp600");
}

TEST(ReadaheadOnDemand, FaultsInOrderReadAhead) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  for (uint64_t page = 100; page < 116; ++page) file.Fault(page, ReadAdvice::kNormal);
  file.TakeIo();
  // The page behind the window, and the one behind the last fault: two windows at once.
  file.Fault(116, ReadAdvice::kNormal);
  EXPECT_EQ(file.TakeIo(), "116+64(64)@148");
  for (uint64_t page = 117; page <= 148; ++page) file.Fault(page, ReadAdvice::kNormal);
  EXPECT_EQ(file.TakeIo(), "180+32(32)@180");
}

TEST(ReadaheadOnDemand, AFaultAtSomebodyElsesMarkContinuesBehindTheHole) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  file.cache().Add({.index = 100, .marked = true});
  for (uint64_t page = 101; page < 105; ++page) file.cache().Add({.index = page});
  file.Fault(100, ReadAdvice::kNormal);
  EXPECT_EQ(file.TakeIo(), "105+32(32)@105");
}

TEST(ReadaheadOnDemand, AdviceForMappings) {
  OnDemandDriver file(kReadahead, 4 * kMiB, 32);
  file.Fault(100, ReadAdvice::kRandom);
  EXPECT_EQ(file.TakeIo(), "rp100");
  file.Fault(200, ReadAdvice::kSequential);
  EXPECT_EQ(file.TakeIo(), "200+32(32)");  // a jump, and a request of 32 pages
  EXPECT_EQ(file.ra().mmap_miss, 0u);
}

TEST(ReadaheadOnDemand, WhereAReadEnded) {
  FileRaState ra = kReadahead.Open(32);
  kReadahead.NoteRead(ra, 0, kPage);
  EXPECT_EQ(ra.prev_pos, 0u);
  kReadahead.NoteRead(ra, kPage, kPage + 100);
  EXPECT_EQ(ra.prev_pos, kPage + 100);
  kReadahead.NoteRead(ra, kPage + 100, 3 * kPage);
  EXPECT_EQ(ra.prev_pos, 2 * kPage);
}

TEST(ReadaheadOnDemand, AReadErrorQuartersTheMaximum) {
  FileRaState ra = kReadahead.Open(32);
  kReadahead.NoteReadError(ra);
  EXPECT_EQ(ra.ra_pages, 8u);
}

TEST(ReadaheadOnDemand, TakesCareOfAllPagesBeforeTheyAreLookedUp) {
  FileRaState ra = kReadahead.Open(32);
  ReadaheadCall call{.offset = PageIndex(5), .req_size = 9};
  EXPECT_FALSE(kReadahead.Begin(ra, call));
  EXPECT_EQ(call.taken, 9u);
}

}  // namespace
}  // namespace biotope
