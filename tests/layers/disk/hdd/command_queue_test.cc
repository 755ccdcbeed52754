#include "layers/disk/hdd/command_queue.h"

#include <gtest/gtest.h>

#include <vector>

#include "layers/disk/hdd/hdd_model.h"
#include "tests/layers/disk/hdd/small_drive.h"

namespace biotope {
namespace {

// Reads of the first sector of cylinders. A cylinder of the first zone has 24 sectors.
std::vector<WaitingCommand> Cylinders(const std::vector<uint64_t>& cylinders) {
  std::vector<WaitingCommand> waiting;
  for (const uint64_t cylinder : cylinders) {
    waiting.push_back({.first = Sector(cylinder * 24), .nr_sectors = 1, .write = false});
  }
  return waiting;
}

HddModel Drive(HddQueuePolicy policy, uint32_t depth) {
  HddParameters hdd = BareDrive();
  hdd.queue = {.depth = depth, .policy = policy};
  return HddModel(hdd);
}

TEST(CommandQueueTest, FcfsTakesTheFirst) {
  HddModel hdd = Drive(HddQueuePolicy::kFcfs, 8);
  EXPECT_EQ(hdd.PickNext(Tick(0), Cylinders({7, 1, 3})), 0u);
}

TEST(CommandQueueTest, LookGoesOnInItsDirection) {
  HddModel hdd = Drive(HddQueuePolicy::kLook, 8);
  hdd.Serve(Tick(0), Sector(4 * 24), 1, false);
  EXPECT_EQ(hdd.PickNext(kSecond, Cylinders({3, 7, 5, 1})), 2u);
  hdd.Serve(kSecond, Sector(7 * 24), 1, false);
  EXPECT_EQ(hdd.PickNext(2 * kSecond, Cylinders({3, 5, 1})), 1u);  // turns
  EXPECT_EQ(hdd.PickNext(2 * kSecond, Cylinders({8, 5})), 1u);     // and goes on outwards
}

TEST(CommandQueueTest, LookTakesTheFirstOfACylinder) {
  HddModel hdd = Drive(HddQueuePolicy::kLook, 8);
  EXPECT_EQ(hdd.PickNext(Tick(0), Cylinders({3, 2, 2})), 1u);
}

// From cylinder 0 at 0 ms: cylinder 1 is reached at 1 ms and its first sector comes at 4 ms (its
// track begins half a revolution after the first one: two head skews and a cylinder skew); sector 5
// of the present track comes at 5 ms, sector 2 at 2 ms.
TEST(CommandQueueTest, SptfCountsTheRotation) {
  HddModel hdd = Drive(HddQueuePolicy::kSptf, 8);
  std::vector<WaitingCommand> waiting = Cylinders({1});
  waiting.push_back({.first = Sector(5), .nr_sectors = 1, .write = false});
  EXPECT_EQ(hdd.PickNext(Tick(0), waiting), 0u);
  waiting.push_back({.first = Sector(2), .nr_sectors = 1, .write = false});
  EXPECT_EQ(hdd.PickNext(Tick(0), waiting), 2u);
  // At 2.5 ms sector 2 has passed.
  EXPECT_EQ(hdd.PickNext(2500 * kMicrosecond, waiting), 0u);
}

TEST(CommandQueueTest, OnlyTheDepthOfTheQueueCounts) {
  HddModel hdd = Drive(HddQueuePolicy::kLook, 2);
  EXPECT_EQ(hdd.queue_depth(), 2u);
  EXPECT_EQ(hdd.PickNext(Tick(0), Cylinders({9, 5, 1})), 1u);
}

}  // namespace
}  // namespace biotope
