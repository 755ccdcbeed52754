#include "layers/driver/nvme_queue_pair.h"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <deque>
#include <vector>

#include "sim/core/random.h"

namespace biotope {
namespace {

std::vector<uint16_t> ReapAll(NvmeQueuePair& queue) {
  std::array<uint16_t, 64> commands;
  const size_t count = queue.Reap(commands);
  return {commands.begin(), commands.begin() + static_cast<std::ptrdiff_t>(count)};
}

TEST(NvmeQueuePairTest, OneDoorbellForABatch) {
  NvmeQueuePair queue(8);
  EXPECT_FALSE(queue.Submit(1, /*last=*/false));
  EXPECT_FALSE(queue.Submit(2, /*last=*/false));
  EXPECT_EQ(queue.pending(), 0u);  // the device does not know of them
  EXPECT_TRUE(queue.Submit(3, /*last=*/true));
  EXPECT_EQ(queue.pending(), 3u);
  EXPECT_EQ(queue.sq_doorbell_writes(), 1u);
  EXPECT_EQ(queue.Fetch(), 1);
  EXPECT_EQ(queue.pending(), 2u);
}

TEST(NvmeQueuePairTest, ABatchThatEndsEarlyIsCommitted) {
  NvmeQueuePair queue(8);
  queue.Submit(1, /*last=*/false);
  EXPECT_TRUE(queue.Commit());
  EXPECT_FALSE(queue.Commit());
  EXPECT_EQ(queue.pending(), 1u);
}

TEST(NvmeQueuePairTest, TheDoorbellIsWrittenBeforeTheRingOverruns) {
  NvmeQueuePair queue(4);
  EXPECT_FALSE(queue.Submit(1, /*last=*/false));
  EXPECT_FALSE(queue.Submit(2, /*last=*/false));
  EXPECT_TRUE(queue.Submit(3, /*last=*/false));
  EXPECT_TRUE(queue.sq_full());
  EXPECT_EQ(queue.depth(), 3);
}

TEST(NvmeQueuePairTest, ACompletionEntryTellsHowFarTheSubmissionQueueWasFetched) {
  NvmeQueuePair queue(4);
  for (uint16_t i = 0; i < 3; ++i) queue.Submit(i, /*last=*/true);
  queue.Fetch();
  queue.Fetch();
  EXPECT_TRUE(queue.sq_full());
  queue.Post(1);
  EXPECT_EQ(ReapAll(queue), std::vector<uint16_t>{1});
  EXPECT_FALSE(queue.sq_full());
}

TEST(NvmeQueuePairTest, TheDeviceWaitsForRoomInTheCompletionQueue) {
  NvmeQueuePair queue(3);
  for (uint16_t i = 0; i < 2; ++i) queue.Submit(i, /*last=*/true);
  queue.Fetch();
  queue.Fetch();
  queue.Post(0);
  EXPECT_FALSE(queue.cq_full());
  queue.Post(1);
  EXPECT_TRUE(queue.cq_full());
  EXPECT_EQ(ReapAll(queue).size(), 2u);
  EXPECT_FALSE(queue.cq_full());
  EXPECT_EQ(queue.cq_doorbell_writes(), 1u);
  EXPECT_TRUE(ReapAll(queue).empty());
  EXPECT_EQ(queue.cq_doorbell_writes(), 1u);
}

// Many times round: the phase bit tells new entries from old ones.
TEST(NvmeQueuePairTest, EveryCommandComesBackOnceInTheOrderOfTheDevice) {
  NvmeQueuePair queue(5);
  Random random(1, "nvme");
  std::deque<uint16_t> in_device;
  std::deque<uint16_t> posted;
  uint16_t next = 0;
  for (int i = 0; i < 20'000; ++i) {
    switch (random.Below(4)) {
      case 0:
        if (!queue.sq_full()) queue.Submit(next++, random.Below(2) == 0);
        break;
      case 1:
        if (queue.pending() > 0) in_device.push_back(queue.Fetch());
        break;
      case 2:
        if (in_device.empty() || queue.cq_full()) break;
        queue.Post(in_device.front());
        posted.push_back(in_device.front());
        in_device.pop_front();
        break;
      case 3:
        queue.Commit();
        for (const uint16_t command : ReapAll(queue)) {
          ASSERT_EQ(command, posted.front());
          posted.pop_front();
        }
        ASSERT_TRUE(posted.empty());
        break;
    }
  }
  EXPECT_GT(next, 1000);
}

TEST(NvmeInterruptCoalescingTest, AsItComesUpItDelaysNothing) {
  NvmeInterruptCoalescing off(0, 0);
  EXPECT_TRUE(off.Posted(Tick(5)));
  EXPECT_EQ(off.deadline(), kNever);
  NvmeInterruptCoalescing no_time(7, 0);
  EXPECT_TRUE(no_time.Posted(Tick(5)));
}

TEST(NvmeInterruptCoalescingTest, SoManyEntriesOrSoMuchTime) {
  NvmeInterruptCoalescing coalescing(2, 3);  // three entries or 300 us
  EXPECT_FALSE(coalescing.Posted(Tick(1000)));
  EXPECT_EQ(coalescing.deadline(), Tick(1000) + 300 * kMicrosecond);
  EXPECT_FALSE(coalescing.Posted(Tick(2000)));
  EXPECT_EQ(coalescing.deadline(), Tick(1000) + 300 * kMicrosecond);
  EXPECT_TRUE(coalescing.Posted(Tick(3000)));
  EXPECT_EQ(coalescing.deadline(), kNever);
  EXPECT_FALSE(coalescing.Posted(kSecond));
  coalescing.Raise();
  EXPECT_EQ(coalescing.deadline(), kNever);
  EXPECT_FALSE(coalescing.Posted(kSecond));
  EXPECT_FALSE(coalescing.Posted(kSecond));
}

TEST(NvmeQueueOfCpuTest, NeighboursShareAQueue) {
  for (uint32_t cpu = 0; cpu < 8; ++cpu) {
    EXPECT_EQ(NvmeQueueOfCpu(cpu, 8, 8), cpu);
    EXPECT_EQ(NvmeQueueOfCpu(cpu, 8, 4), cpu / 2);
    EXPECT_EQ(NvmeQueueOfCpu(cpu, 8, 1), 0u);
  }
}

}  // namespace
}  // namespace biotope
