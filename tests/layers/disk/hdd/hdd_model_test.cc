#include "layers/disk/hdd/hdd_model.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "sim/core/error.h"
#include "tests/layers/disk/hdd/small_drive.h"

namespace biotope {
namespace {

constexpr bool kRead = false;
constexpr bool kWrite = true;

void ExpectTime(const ServiceTime& time, Tick overhead, Tick seek, Tick rotation, Tick transfer) {
  EXPECT_EQ(time.overhead.value(), overhead.value());
  EXPECT_EQ(time.seek.value(), seek.value());
  EXPECT_EQ(time.rotation.value(), rotation.value());
  EXPECT_EQ(time.transfer.value(), transfer.value());
}

TEST(HddModelTest, FirstSectorPassesTheHeadAtTheStart) {
  HddModel hdd(BareDrive());
  ExpectTime(hdd.Serve(Tick(0), Sector(0), 1, kRead), Tick(0), Tick(0), Tick(0), kMillisecond);
}

TEST(HddModelTest, WaitsForTheSector) {
  HddModel hdd(BareDrive());
  const Tick start = 80 * kMillisecond + kMicrosecond;  // ten revolutions and a bit
  ExpectTime(hdd.Serve(start, Sector(3), 2, kRead), Tick(0), Tick(0),
             3 * kMillisecond - kMicrosecond, 2 * kMillisecond);
}

TEST(HddModelTest, TheSameSectorComesRoundAfterARevolution) {
  HddModel hdd(BareDrive());
  Tick now = kSecond;
  now += hdd.Serve(now, Sector(5), 1, kRead).total();
  for (int i = 0; i < 10; ++i) {
    const ServiceTime again = hdd.Serve(now, Sector(5), 1, kRead);
    EXPECT_EQ(again.total(), 8 * kMillisecond);
    EXPECT_EQ(again.seek, Tick(0));
    now += again.total();
  }
}

TEST(HddModelTest, OverheadDependsOnThisCommandAndTheOneBefore) {
  HddModel hdd(SmallDrive());
  const auto overhead = [&](bool write) {
    return hdd.Serve(Tick(0), Sector(0), 1, write).overhead / kMicrosecond;
  };
  EXPECT_EQ(overhead(kRead), 10u);
  EXPECT_EQ(overhead(kWrite), 30u);
  EXPECT_EQ(overhead(kWrite), 40u);
  EXPECT_EQ(overhead(kRead), 20u);
  EXPECT_EQ(overhead(kRead), 10u);
}

// A scheduler asks while a command is under way; what it is told is what happens then.
TEST(HddModelTest, PositioningTimeIsThatOfTheNextCommand) {
  HddModel hdd(SmallDrive());
  Tick now = kSecond;
  for (const uint64_t next : {3, 100, 7, 60, 61, 2}) {
    const Tick asked = now + kMicrosecond;
    const Tick end = now + hdd.Serve(now, Sector(next * 5 % 101), 2, kRead).total();
    const Tick promised = hdd.PositioningTime(asked, Sector(next), kRead);
    const ServiceTime served = hdd.Serve(end, Sector(next), 1, kRead);
    EXPECT_EQ(asked + promised, end + served.overhead + served.seek + served.rotation) << next;
    now = end + served.total();
  }
}

// Sector 0 of the second zone begins at angle 0; the overhead passes before the arm moves.
TEST(HddModelTest, SeekThenRotation) {
  HddModel hdd(SmallDrive());
  const Tick seek = kNanosecond * 2'300'000;  // 10 cylinders: the last line goes on
  ExpectTime(hdd.Serve(Tick(0), Sector(240), 1, kRead), 10 * kMicrosecond, seek,
             8 * kMillisecond - seek - 10 * kMicrosecond, 2 * kMillisecond);
  EXPECT_EQ(hdd.cylinder(), 10u);
}

TEST(HddModelTest, ArmStaysWhereTheLastSectorWas) {
  HddModel hdd(BareDrive());
  hdd.Serve(Tick(0), Sector(4 * 24), 1, kRead);
  EXPECT_EQ(hdd.cylinder(), 4u);
  EXPECT_EQ(hdd.Serve(kSecond, Sector(3 * 24), 1, kRead).seek, kMillisecond);  // back by one
  EXPECT_EQ(hdd.Serve(2 * kSecond, Sector(3 * 24 + 8), 1, kRead).seek, 500 * kMicrosecond);
  EXPECT_EQ(hdd.head(), 1u);
  EXPECT_EQ(hdd.Serve(3 * kSecond, Sector(3 * 24 + 15), 1, kRead).seek, Tick(0));
  // The arm moves while the heads switch.
  EXPECT_EQ(hdd.Serve(4 * kSecond, Sector(4 * 24 + 16), 1, kRead).seek, kMillisecond);
}

TEST(HddModelTest, WritesSettleOnlyAfterAMove) {
  HddModel hdd(BareDrive());
  EXPECT_EQ(hdd.Serve(Tick(0), Sector(0), 1, kWrite).seek, Tick(0));
  EXPECT_EQ(hdd.Serve(kSecond, Sector(8), 1, kWrite).seek, 700 * kMicrosecond);
  EXPECT_EQ(hdd.Serve(2 * kSecond, Sector(24 + 8), 1, kWrite).seek, 1200 * kMicrosecond);
  EXPECT_EQ(hdd.Serve(3 * kSecond, Sector(24), 1, kRead).seek, 500 * kMicrosecond);
}

// The head skew is 1 ms: after the switch of 0.5 ms another 0.5 ms until the next track begins.
TEST(HddModelTest, TheSkewHidesAHeadSwitch) {
  HddModel hdd(BareDrive());
  ExpectTime(hdd.Serve(Tick(0), Sector(0), 16, kRead), Tick(0), 500 * kMicrosecond,
             500 * kMicrosecond, 16 * kMillisecond);
}

TEST(HddModelTest, ASwitchLongerThanTheSkewCostsARevolution) {
  HddParameters parameters = BareDrive();
  parameters.head_switch = kMillisecond + kMicrosecond;
  HddModel hdd(parameters);
  EXPECT_EQ(hdd.Serve(Tick(0), Sector(0), 16, kRead).total(), 25 * kMillisecond);
}

// What is read in pieces without a pause takes as long as what is read at once.
TEST(HddModelTest, PiecesAddUp) {
  HddParameters parameters = BareDrive();
  parameters.revolution = Tick(7'999'999'993);  // nothing divides it
  for (HddSweep& sweep : parameters.zones[0].sweeps) sweep.next_skew = 600'000'001;
  for (const uint32_t piece : {1u, 3u, 7u, 100u}) {
    HddModel whole(parameters);
    HddModel pieces(parameters);
    const Tick once = whole.Serve(Tick(0), Sector(0), 300, kRead).total();
    Tick now;
    for (uint32_t first = 0; first < 300; first += piece) {
      const uint32_t nr = std::min(piece, 300 - first);
      now += pieces.Serve(now, Sector(first), nr, kRead).total();
    }
    // Who comes late by less than 2 ns is in time (Mechanics).
    EXPECT_NEAR(static_cast<double>(now.value()), static_cast<double>(once.value()), 2000) << piece;
  }
}

TEST(HddModelTest, OnlyTheLastSectorOfAReadWaitsForAFastBus) {
  HddParameters parameters = BareDrive();
  parameters.bus.read_sector = 7 * kMicrosecond;
  HddModel hdd(parameters);
  ExpectTime(hdd.Serve(Tick(0), Sector(0), 16, kRead), 7 * kMicrosecond, 500 * kMicrosecond,
             500 * kMicrosecond, 16 * kMillisecond);
  EXPECT_EQ(hdd.Serve(kSecond, Sector(8), 8, kWrite).overhead, Tick(0));
}

// The first sector of a read is there after 1 ms; a slow bus then needs 3 ms for each.
TEST(HddModelTest, ASlowBusDelaysEverySectorOfARead) {
  HddParameters parameters = BareDrive();
  parameters.bus.read_sector = 3 * kMillisecond;
  HddModel hdd(parameters);
  EXPECT_EQ(hdd.Serve(Tick(0), Sector(0), 4, kRead).total(), 13 * kMillisecond);
}

TEST(HddModelTest, AReadTakesTheBusAtTheWatermark) {
  HddParameters parameters = BareDrive();
  parameters.bus.read_sector = 100 * kMicrosecond;
  parameters.bus.first_reselect = 50 * kMicrosecond;
  HddModel early(parameters);
  EXPECT_EQ(early.Serve(Tick(0), Sector(0), 4, kRead).total(), 4100 * kMicrosecond);
  parameters.bus.read_watermark_permille = 1000;
  HddModel late(parameters);  // all four sectors are sent when the last one has come
  EXPECT_EQ(late.Serve(Tick(0), Sector(0), 4, kRead).total(), 4450 * kMicrosecond);
}

TEST(HddModelTest, ArbitrationIsPaidForTheCommandAndForTheReturn) {
  HddParameters parameters = BareDrive();
  parameters.bus.arbitration = 5 * kMicrosecond;
  HddModel hdd(parameters);
  EXPECT_EQ(hdd.Serve(Tick(0), Sector(1), 1, kRead).total(), 2 * kMillisecond + 5 * kMicrosecond);
  EXPECT_EQ(hdd.Serve(kSecond, Sector(1), 1, kRead).overhead, 10 * kMicrosecond);
}

// Writes get their sectors from the bus: 8 of them come every 2 ms, so that each revolution takes a
// part of what has come.
TEST(HddModelTest, AWriteLosesARevolutionWhenItsDataAreLate) {
  HddParameters parameters = BareDrive();
  parameters.bus.write_sector = 500 * kMicrosecond;
  HddModel quick(parameters);
  EXPECT_EQ(quick.Serve(Tick(0), Sector(1), 4, kWrite).total(), 5 * kMillisecond);
  parameters.bus.write_sector = 1100 * kMicrosecond;
  HddModel slow(parameters);  // the first sector is too late for its place at 1 ms
  EXPECT_EQ(slow.Serve(Tick(0), Sector(1), 4, kWrite).total(), 13 * kMillisecond);
}

TEST(HddModelTest, MinimumWriteSeek) {
  HddParameters parameters = BareDrive();
  parameters.minimum_write_seek = 3 * kMillisecond;
  HddModel hdd(parameters);
  EXPECT_EQ(hdd.Serve(Tick(0), Sector(0), 1, kWrite).seek, 3 * kMillisecond);
  EXPECT_EQ(hdd.Serve(kSecond, Sector(0), 1, kRead).seek, Tick(0));
}

TEST(HddModelTest, NegativeWriteSettleMakesWritesFaster) {
  HddParameters parameters = BareDrive();
  parameters.write_settle_ps = -300'000'000;
  HddModel hdd(parameters);
  EXPECT_EQ(hdd.Serve(Tick(0), Sector(8), 1, kWrite).seek, 200 * kMicrosecond);
  parameters.write_settle_ps = -900'000'000;
  HddModel none(parameters);
  EXPECT_EQ(none.Serve(Tick(0), Sector(8), 1, kWrite).seek, Tick(0));
}

// The head arrives in the middle of sector 2 of eight: it takes sectors 3 to 5 first, then 0 to 2.
TEST(HddModelTest, ZeroLatencyTakesWhatPassesFirst) {
  HddParameters parameters = BareDrive();
  parameters.zero_latency_read = true;
  HddModel hdd(parameters);
  ExpectTime(hdd.Serve(2500 * kMicrosecond, Sector(0), 6, kRead), Tick(0), Tick(0),
             2500 * kMicrosecond, 6 * kMillisecond);
  HddModel outside(parameters);  // behind the wanted sectors: it waits for the first one
  EXPECT_EQ(outside.Serve(6500 * kMicrosecond, Sector(0), 6, kRead).total(), 7500 * kMicrosecond);
}

TEST(HddModelTest, ServesTheWholeDriveAndNothingBeyond) {
  HddModel hdd(BareDrive());
  EXPECT_EQ(hdd.capacity(), Sector(324));
  EXPECT_GT(hdd.Serve(Tick(0), Sector(0), 324, kRead).total(), Tick(0));
  EXPECT_EQ(hdd.cylinder(), 16u);
  EXPECT_EQ(hdd.Serve(kSecond, Sector(323), 1, kRead).transfer, 2 * kMillisecond);
  EXPECT_DEATH(hdd.Serve(kSecond, Sector(323), 2, kRead), "2 sectors at 323 of 324");
  EXPECT_DEATH(hdd.Serve(kSecond, Sector(0), 0, kRead), "0 sectors at 0 of 324");
}

TEST(HddModelTest, RefusesInvalidParameters) {
  HddParameters parameters = BareDrive();
  parameters.surfaces = 0;
  EXPECT_THROW(HddModel{parameters}, ScenarioError);
}

}  // namespace
}  // namespace biotope
