// What the buffer of a drive does: hits, readahead, early completion of writes.

#include <gtest/gtest.h>

#include "layers/disk/hdd/hdd_model.h"
#include "tests/layers/disk/hdd/small_drive.h"

namespace biotope {
namespace {

constexpr bool kRead = false;
constexpr bool kWrite = true;

// A sector needs 1 ms on the media, 10 us on the bus; a hit 100 us in the controller.
HddParameters CachingDrive() {
  HddParameters hdd = BareDrive();
  hdd.hit_overhead = {.read_after_read = kMicrosecond * 100,
                      .read_after_write = kMicrosecond * 100,
                      .write_after_read = kMicrosecond * 100,
                      .write_after_write = kMicrosecond * 100};
  hdd.bus.read_sector = hdd.bus.write_sector = 10 * kMicrosecond;
  hdd.cache.enabled = true;
  hdd.cache.segments = 2;
  hdd.cache.segment_sectors = 16;
  hdd.cache.read_ahead = HddReadAhead::kSegment;
  hdd.cache.max_read_ahead = 4;
  return hdd;
}

constexpr Tick Hit(uint32_t sectors) { return kMicrosecond * (100 + 10 * sectors); }

Tick Serve(HddModel& hdd, Tick at, uint64_t first, uint32_t sectors, bool write) {
  return hdd.Serve(at, Sector(first), sectors, write).total();
}

TEST(HddCacheTest, WhatWasReadIsReadFromTheBuffer) {
  HddModel hdd(CachingDrive());
  EXPECT_EQ(Serve(hdd, Tick(0), 0, 2, kRead), 2 * kMillisecond + 10 * kMicrosecond);
  EXPECT_EQ(Serve(hdd, kSecond, 0, 2, kRead), Hit(2));
  EXPECT_EQ(Serve(hdd, 2 * kSecond, 1, 1, kRead), Hit(1));
}

TEST(HddCacheTest, NothingIsKeptWithoutACache) {
  HddParameters parameters = CachingDrive();
  parameters.cache.enabled = false;
  HddModel hdd(parameters);
  const Tick once = Serve(hdd, Tick(0), 0, 2, kRead);
  EXPECT_EQ(Serve(hdd, 8 * kMillisecond, 0, 2, kRead), once);
}

TEST(HddCacheTest, ReadaheadGoesOnWhileTheHostThinks) {
  HddModel hdd(CachingDrive());
  Serve(hdd, Tick(0), 0, 2, kRead);
  EXPECT_EQ(Serve(hdd, kSecond, 2, 4, kRead), Hit(4));
  EXPECT_GT(Serve(hdd, 2 * kSecond, 6, 1, kRead), kMillisecond);  // beyond the four sectors
}

// At 3.5 ms sector 2 is in the buffer and sector 3 half read: the rest comes as it passes.
TEST(HddCacheTest, AHitOnReadaheadUnderWay) {
  HddModel hdd(CachingDrive());
  Serve(hdd, Tick(0), 0, 2, kRead);
  EXPECT_EQ(Serve(hdd, 3500 * kMicrosecond, 2, 3, kRead), 1510 * kMicrosecond);
  EXPECT_EQ(Serve(hdd, kSecond, 5, 4, kRead), Hit(4));  // and it goes on
}

TEST(HddCacheTest, ACommandElsewhereEndsReadaheadAfterItsSector) {
  HddModel hdd(CachingDrive());
  Serve(hdd, Tick(0), 0, 2, kRead);
  // Sector 3 is under the head until 4 ms; the next cylinder is 1 ms away.
  EXPECT_EQ(hdd.Serve(3500 * kMicrosecond, Sector(24), 1, kRead).seek, kMillisecond);
  EXPECT_EQ(Serve(hdd, kSecond, 2, 1, kRead), Hit(1));
  EXPECT_GT(Serve(hdd, 2 * kSecond, 3, 1, kRead), Hit(1));
}

// Sector 53, two cylinders away, begins at 5 ms: in time from 3.2 ms on, too late from 4 ms on.
TEST(HddCacheTest, SomeDrivesStopInTheMiddleOfASector) {
  for (const bool stop_in_sector : {false, true}) {
    HddParameters parameters = CachingDrive();
    parameters.cache.stop_in_sector = stop_in_sector;
    HddModel hdd(parameters);
    Serve(hdd, Tick(0), 0, 2, kRead);
    const Tick done = 3200 * kMicrosecond + Serve(hdd, 3200 * kMicrosecond, 53, 1, kRead);
    EXPECT_EQ(done, (stop_in_sector ? 6 : 14) * kMillisecond + 10 * kMicrosecond);
  }
}

TEST(HddCacheTest, ReadaheadEndsWithTheTrack) {
  HddParameters parameters = CachingDrive();
  parameters.cache.read_ahead = HddReadAhead::kTrackEnd;
  HddModel hdd(parameters);
  Serve(hdd, Tick(0), 5, 1, kRead);
  EXPECT_EQ(Serve(hdd, kSecond, 6, 2, kRead), Hit(2));
  EXPECT_GT(Serve(hdd, 2 * kSecond, 8, 1, kRead), Hit(1));
}

TEST(HddCacheTest, AStreamReadsTheNextTrackToo) {
  HddParameters parameters = CachingDrive();
  parameters.cache.read_ahead = HddReadAhead::kStream;
  HddModel hdd(parameters);
  Serve(hdd, Tick(0), 4, 1, kRead);
  EXPECT_EQ(Serve(hdd, kSecond, 5, 3, kRead), Hit(3));
  // The end of the track was read, and the segment began on this track: it goes no further. The
  // next read crosses into the next track, so the one behind that is read as well.
  Serve(hdd, 2 * kSecond, 7, 2, kRead);
  EXPECT_EQ(Serve(hdd, 3 * kSecond, 9, 7, kRead), Hit(7));
  EXPECT_EQ(Serve(hdd, 4 * kSecond, 16, 8, kRead), Hit(8));
}

TEST(HddCacheTest, TheOldestSegmentIsReplaced) {
  HddParameters parameters = CachingDrive();
  parameters.cache.read_ahead = HddReadAhead::kNone;
  HddModel hdd(parameters);
  Serve(hdd, 1 * kSecond, 0, 1, kRead);
  Serve(hdd, 2 * kSecond, 100, 1, kRead);
  EXPECT_EQ(Serve(hdd, 3 * kSecond, 0, 1, kRead), Hit(1));
  Serve(hdd, 4 * kSecond, 200, 1, kRead);  // in place of 100
  EXPECT_EQ(Serve(hdd, 5 * kSecond, 0, 1, kRead), Hit(1));
  EXPECT_GT(Serve(hdd, 6 * kSecond, 100, 1, kRead), Hit(1));
}

TEST(HddCacheTest, AWriteMakesWhatWasReadOutOfDate) {
  HddParameters parameters = CachingDrive();
  parameters.cache.read_hits_on_writes = false;
  parameters.cache.read_ahead = HddReadAhead::kNone;
  HddModel hdd(parameters);
  Serve(hdd, Tick(0), 0, 4, kRead);
  Serve(hdd, kSecond, 1, 1, kWrite);
  EXPECT_GT(Serve(hdd, 2 * kSecond, 0, 1, kRead), Hit(1));
}

TEST(HddCacheTest, FreeSectorsBeforeTheWantedOnesAreKept) {
  HddParameters parameters = CachingDrive();
  parameters.zero_latency_read = true;
  parameters.cache.read_free_sectors = true;
  parameters.cache.read_ahead = HddReadAhead::kNone;
  HddModel hdd(parameters);
  Serve(hdd, 6 * kMillisecond, 4, 2, kRead);  // the head arrives behind sector 5
  EXPECT_EQ(Serve(hdd, kSecond, 0, 6, kRead), Hit(6));
}

HddParameters FastWriteDrive() {
  HddParameters hdd = CachingDrive();
  hdd.cache.fast_write = true;
  hdd.cache.combine_writes = true;
  return hdd;
}

TEST(HddCacheTest, AFastWriteIsDoneWhenTheBufferHasIt) {
  HddModel hdd(FastWriteDrive());
  EXPECT_EQ(Serve(hdd, Tick(0), 4, 2, kWrite), Hit(2));
  EXPECT_EQ(Serve(hdd, kSecond, 4, 2, kRead), Hit(2));
}

TEST(HddCacheTest, TheNextCommandWaitsForTheMediaToHaveIt) {
  HddModel hdd(FastWriteDrive());
  Serve(hdd, Tick(0), 4, 2, kWrite);  // on the media at 6 ms
  // Sector 0 of the next track comes at 9 ms.
  EXPECT_EQ(Serve(hdd, kMillisecond, 8, 1, kRead), 9 * kMillisecond + 10 * kMicrosecond);
}

TEST(HddCacheTest, AWriteMayGoOnWhereTheOneUnderWayEnds) {
  HddModel hdd(FastWriteDrive());
  Serve(hdd, Tick(0), 4, 2, kWrite);
  EXPECT_EQ(Serve(hdd, kMillisecond, 6, 2, kWrite), Hit(2));
  EXPECT_EQ(hdd.Flush(2 * kMillisecond), 6 * kMillisecond);  // all four at 8 ms
}

TEST(HddCacheTest, ABufferForSeveralWrites) {
  HddParameters parameters = FastWriteDrive();
  parameters.cache.write_while_writing = true;
  parameters.cache.segments = 4;
  parameters.cache.write_segments = 3;
  HddModel hdd(parameters);
  EXPECT_EQ(Serve(hdd, Tick(0), 4, 1, kWrite), Hit(1));
  EXPECT_EQ(Serve(hdd, kMillisecond, 100, 1, kWrite), Hit(1));
  EXPECT_EQ(Serve(hdd, 2 * kMillisecond, 200, 1, kWrite), Hit(1));
  EXPECT_GT(Serve(hdd, 3 * kMillisecond, 300, 1, kWrite), Hit(1));  // none is left
}

TEST(HddCacheTest, FlushWaitsForAllWrites) {
  HddParameters parameters = FastWriteDrive();
  parameters.cache.write_while_writing = true;
  parameters.cache.write_segments = 2;
  HddModel hdd(parameters);
  EXPECT_EQ(hdd.Flush(Tick(0)), Tick(0));
  Serve(hdd, Tick(0), 4, 1, kWrite);
  Serve(hdd, kMillisecond, 6, 1, kWrite);
  EXPECT_EQ(hdd.Flush(2 * kMillisecond), 5 * kMillisecond);
  EXPECT_EQ(hdd.Flush(kSecond), Tick(0));
}

TEST(HddCacheTest, AForcedWriteIsOnTheMediaWhenItIsDone) {
  HddModel hdd(FastWriteDrive());
  EXPECT_EQ(hdd.ServeForcedWrite(Tick(0), Sector(4), 2).total(), 6 * kMillisecond);
  EXPECT_EQ(hdd.Flush(6 * kMillisecond), Tick(0));
}

// Whatever happens, the parts of a service add up and the data of a read are on their way only
// after the command came.
TEST(HddCacheTest, ManyCommandsInAnyOrder) {
  for (const bool busy : {false, true}) {
    HddParameters parameters = FastWriteDrive();
    parameters.cache.write_while_writing = busy;
    parameters.cache.segments = 3;
    parameters.cache.write_segments = busy ? 2 : 1;
    parameters.zero_latency_read = parameters.zero_latency_write = true;
    HddModel hdd(parameters);
    uint64_t state = 1;
    const auto next = [&state](uint64_t bound) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      return (state >> 33) % bound;
    };
    Tick now;
    for (int i = 0; i < 20'000; ++i) {
      const uint64_t first = next(320);
      const auto sectors = static_cast<uint32_t>(1 + next(std::min<uint64_t>(10, 324 - first)));
      const Tick time = Serve(hdd, now, first, sectors, next(2) == 0);
      EXPECT_GE(time, kMicrosecond * 10);
      EXPECT_LT(time, 200 * kMillisecond);
      now += time + kMicrosecond * next(3000);
      if (next(50) == 0) now += hdd.Flush(now);
    }
  }
}

}  // namespace
}  // namespace biotope
