#include "layers/disk/ssd/ssd_model.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "sim/core/error.h"
#include "tests/layers/disk/ssd/closed_loop.h"
#include "tests/layers/disk/ssd/reference_ssd.h"
#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

constexpr SsdCommandKind kRead = SsdCommandKind::kRead;
constexpr SsdCommandKind kWrite = SsdCommandKind::kWrite;
constexpr SsdCommandKind kFlush = SsdCommandKind::kFlush;

SsdCommand Command(uint64_t tag, SsdCommandKind kind, uint64_t first, uint32_t nr_sectors,
                   bool fua = false) {
  return {.tag = tag, .kind = kind, .fua = fua, .first = Sector(first), .nr_sectors = nr_sectors};
}

using Dates = std::map<uint64_t, uint64_t>;  // of completion in ns, by tag

// Everything that happens before `end`.
Dates Finish(SsdModel& ssd, Tick end = kNever) {
  Dates dates;
  std::array<SsdCompletion, 4> done;
  while (ssd.NextEvent() < end) {
    const size_t count = ssd.Advance(ssd.NextEvent(), done);
    for (size_t i = 0; i < count; ++i) dates[done[i].tag] = done[i].date / kNanosecond;
  }
  return dates;
}

// Submits each command at its date in us.
Dates SubmitAll(SsdModel& ssd, const std::vector<std::pair<uint64_t, SsdCommand>>& commands) {
  Dates dates;
  for (const auto& [us, command] : commands) {
    dates.merge(Finish(ssd, kMicrosecond * us));
    ssd.Submit(command, kMicrosecond * us);
  }
  dates.merge(Finish(ssd));
  return dates;
}

uint64_t Alone(SsdModel& ssd, const SsdCommand& command, Tick now = Tick(0)) {
  ssd.Submit(command, now);
  return Finish(ssd).at(command.tag) - now / kNanosecond;
}

// Doorbell 30 bytes on the link at 4 per ns, read request 32, entry 92; command 290, array 75,000,
// data 4,096 x 3, then 4,992 bytes of packets and a completion entry of 44.
TEST(SsdModelTest, AReadOfTheReferenceDrive) {
  SsdModel ideal(ReferenceSsd(true));
  EXPECT_EQ(Alone(ideal, Command(1, kRead, 16000, 8)),
            (30 + 32 + 92 + 4992 + 44) / 4 + 290 + 75'000 + 12'288);
  // The translation page first: 512 bytes of it.
  SsdModel cached(ReferenceSsd(false));
  EXPECT_EQ(Alone(cached, Command(1, kRead, 16000, 8)),
            (30 + 32 + 92 + 4992 + 44) / 4 + 2 * (290 + 75'000) + 1'536 + 12'288);
  EXPECT_EQ(Alone(cached, Command(2, kRead, 16000, 8), kSecond),
            (30 + 32 + 92 + 4992 + 44) / 4 + 290 + 75'000 + 12'288);
}

TEST(SsdModelTest, AWriteOfTheReferenceDriveEndsInTheBuffer) {
  SsdModel ssd(ReferenceSsd(true));
  EXPECT_EQ(Alone(ssd, Command(1, kWrite, 16000, 8)),
            (30 + 32 + 92 + 32 + 4992 + 44) / 4 + 26 + 20'480);
}

TEST(SsdModelTest, FirmwareAddsLatencyAndTakesCommandsOneByOne) {
  SsdParameters parameters = SmallSsd();
  SsdModel plain(parameters);
  const uint64_t time = Alone(plain, Command(1, kRead, 0, 8));
  parameters.firmware.read = 7 * kMicrosecond;
  parameters.firmware.interval = 30 * kMicrosecond;
  SsdModel slow(parameters);
  slow.Submit(Command(1, kRead, 0, 8), Tick(0));
  slow.Submit(Command(2, kRead, 8, 8), Tick(0));  // another channel
  const Dates dates = Finish(slow);
  EXPECT_EQ(dates.at(1), time + 7'000);
  EXPECT_EQ(dates.at(2), time + 37'000);
}

TEST(SsdModelTest, APageIsReadOnceForEachCommandHoweverManySectors) {
  SsdModel ssd(ReferenceSsd(true));
  Alone(ssd, Command(1, kRead, 5, 40));  // pages 0, 1 and 2
  EXPECT_EQ(ssd.backend().statistics().read_commands, 3u);
}

TEST(SsdModelTest, WhatIsInTheBufferIsReadFromThere) {
  SsdModel ssd(ReferenceSsd(true));
  const Dates dates =
      SubmitAll(ssd, {{0, Command(1, kWrite, 16000, 8)},
                      {100, Command(2, kRead, 16000, 8)},
                      {100, Command(3, kRead, 16008, 8)}});  // the rest of the page is not
  EXPECT_LT(dates.at(2), 125'000u);
  EXPECT_GT(dates.at(3), 175'000u);
}

TEST(SsdModelTest, AWriteToPartOfAPageReadsTheRest) {
  SsdParameters parameters = SmallSsd();
  parameters.initial_state = SsdInitialState::kFull;
  SsdModel ssd(parameters);
  EXPECT_GT(Alone(ssd, Command(1, kWrite, 8, 8)), 500'000u);
  EXPECT_EQ(ssd.ftl().statistics().update_reads, 0u);
  // 50 us more, and 3,584 bytes over the channel twice: out of the old page and into the new one.
  const uint64_t whole = Alone(ssd, Command(2, kWrite, 16, 8), kSecond);
  const uint64_t part = Alone(ssd, Command(3, kWrite, 24, 1), 2 * kSecond);
  EXPECT_EQ(ssd.ftl().statistics().update_reads, 1u);
  EXPECT_NEAR(static_cast<double>(part), static_cast<double>(whole + 51'000 + 3'584), 20.0);
}

TEST(SsdModelTest, AWriteToANewPageReadsNothing) {
  SsdModel ssd(SmallSsd());
  Alone(ssd, Command(1, kWrite, 24, 1));
  Alone(ssd, Command(2, kWrite, 24, 1), kSecond);  // the same sector again
  EXPECT_EQ(ssd.ftl().statistics().update_reads, 0u);
  Alone(ssd, Command(3, kWrite, 25, 1), 2 * kSecond);  // another one: the first has to stay
  EXPECT_EQ(ssd.ftl().statistics().update_reads, 1u);
}

SsdParameters Buffered(bool protection) {
  SsdParameters ssd = SmallSsd();
  ssd.buffer = {.capacity = Bytes(1 << 20),
                .byte = Tick(1),
                .write_back = Bytes(65536),
                .hot_window = kSecond,
                .power_loss_protection = protection};
  return ssd;
}

TEST(SsdModelTest, AFlushWaitsForWhatIsInTheBuffer) {
  SsdModel ssd(Buffered(false));
  const Dates dates = SubmitAll(ssd, {{0, Command(1, kWrite, 0, 8)},
                                      {1, Command(2, kWrite, 0, 8)},  // hot: stays in the buffer
                                      {10, Command(3, kFlush, 0, 0)}});
  EXPECT_LT(dates.at(1), 1'000u);
  EXPECT_LT(dates.at(2), 2'000u);
  EXPECT_GT(dates.at(3), 1'000'000u);                            // two programs of the same chip
  EXPECT_EQ(Alone(ssd, Command(4, kFlush, 0, 0), kSecond), 0u);  // nothing is left
}

TEST(SsdModelTest, AFlushDoesNotWaitForLaterWrites) {
  SsdModel ssd(Buffered(false));
  const Dates dates = SubmitAll(ssd, {{0, Command(1, kWrite, 0, 8)},
                                      {10, Command(2, kFlush, 0, 0)},
                                      {20, Command(3, kWrite, 64, 8)},  // waits for the same chip
                                      {30, Command(4, kFlush, 0, 0)}});
  EXPECT_LT(dates.at(2), 600'000u);
  EXPECT_GT(dates.at(4), 1'000'000u);
}

// The end of a later write is not the end of an earlier one.
TEST(SsdModelTest, AFlushCountsNoLaterWrites) {
  SsdModel ssd(Buffered(false));
  const Dates dates = SubmitAll(ssd, {{0, Command(1, kWrite, 0, 8)},
                                      {0, Command(2, kWrite, 128, 8)},  // the same chip
                                      {10, Command(3, kFlush, 0, 0)},
                                      {20, Command(4, kWrite, 8, 8)}});  // another channel
  EXPECT_GT(dates.at(3), 1'000'000u);
}

TEST(SsdModelTest, WithPowerLossProtectionAFlushIsDoneAtOnce) {
  SsdModel ssd(Buffered(true));
  const Dates dates =
      SubmitAll(ssd, {{0, Command(1, kWrite, 0, 8)}, {10, Command(2, kFlush, 0, 0)}});
  EXPECT_LT(dates.at(2), 11'000u);
}

TEST(SsdModelTest, AForcedWriteEndsInTheFlash) {
  SsdModel ssd(Buffered(false));
  EXPECT_LT(Alone(ssd, Command(1, kWrite, 0, 8)), 10'000u);
  EXPECT_GT(Alone(ssd, Command(2, kWrite, 0, 8, /*fua=*/true), kSecond), 500'000u);
}

// 16 pages of 4 KiB may be on their way.
TEST(SsdModelTest, WritesWaitWhenTooMuchIsOnItsWayToTheFlash) {
  SsdModel ssd(Buffered(false));
  for (uint64_t i = 0; i < 17; ++i) ssd.Submit(Command(i, kWrite, i * 8, 8), Tick(0));
  const Dates dates = Finish(ssd);
  EXPECT_LT(dates.at(15), 10'000u);
  EXPECT_GT(dates.at(16), 500'000u);
}

TEST(SsdModelTest, AWriteLargerThanThatGoesInPieces) {
  SsdModel ssd(Buffered(false));
  EXPECT_GT(Alone(ssd, Command(1, kWrite, 0, 1024)), 500'000u);
  EXPECT_EQ(ssd.outstanding(), 0u);
}

TEST(SsdModelTest, HoldsNoMoreCommandsThanItFetches) {
  SsdParameters parameters = SmallSsd();
  parameters.link.fetch_size = 1;
  SsdModel ssd(parameters);
  ssd.Submit(Command(1, kRead, 0, 8), Tick(0));
  ssd.Submit(Command(2, kRead, 8, 8), Tick(0));  // another channel, and yet later
  const Dates dates = Finish(ssd);
  EXPECT_GE(dates.at(2), 2 * 55'096u);
}

TEST(SsdModelTest, StopsWhenThereIsNoRoomForCompletions) {
  SsdModel ssd(SmallSsd());
  for (uint64_t i = 0; i < 6; ++i) ssd.Submit(Command(i, kRead, i * 8, 8), Tick(0));
  std::array<SsdCompletion, 4> done;
  EXPECT_EQ(ssd.Advance(kSecond, done), 4u);
  EXPECT_LE(ssd.NextEvent(), kSecond);
  EXPECT_EQ(ssd.outstanding(), 2u);
  EXPECT_EQ(ssd.Advance(kSecond, done), 2u);
  EXPECT_EQ(ssd.NextEvent(), kNever);
}

TEST(SsdModelTest, RefusesParametersThatCannotBe) {
  SsdParameters parameters = SmallSsd();
  parameters.geometry.channels = 0;
  EXPECT_THROW(SsdModel ssd(parameters), ScenarioError);
}

// Everything at once, on a drive that is full: all come back, and twice the same.
TEST(SsdModelTest, UnderAllLoadsAllCommandsComeBackAlwaysAtTheSameDates) {
  for (const bool ideal : {true, false}) {
    for (const bool buffered : {true, false}) {
      SsdParameters parameters = buffered ? Buffered(false) : SmallSsd();
      parameters.initial_state = SsdInitialState::kFull;
      parameters.scheduling = {.die_interleaving = true, .multi_plane = true};
      parameters.mapping = {.ideal = ideal,
                            .cache_entries = 64,
                            .entries_per_page = 128,
                            .read = Bytes(512),
                            .deferred_pages = 2};
      parameters.collection.preemptible = buffered;
      std::vector<Tick> ends;
      for (int i = 0; i < 2; ++i) {
        SsdModel ssd(parameters);
        ClosedLoop load{.write = true, .nr_sectors = 11, .alignment = 1, .queue_depth = 32};
        load.requests = 3000;
        load.working_set = 1;
        const ClosedLoop::Result result = load.Run(ssd);
        EXPECT_EQ(result.completed, 3000u);
        EXPECT_GT(ssd.ftl().statistics().collections, 100u);
        Finish(ssd);
        EXPECT_EQ(ssd.outstanding(), 0u);
        ends.push_back(result.sum);
      }
      EXPECT_EQ(ends[0], ends[1]);
    }
  }
}

}  // namespace
}  // namespace biotope
