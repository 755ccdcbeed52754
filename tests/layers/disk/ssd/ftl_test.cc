#include "layers/disk/ssd/ftl.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>

#include "layers/disk/ssd/ssd_model.h"
#include "tests/layers/disk/ssd/closed_loop.h"
#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

struct Wear {
  double amplification;
  uint64_t collections;
  uint64_t valid;
};

constexpr uint32_t kBlocks = 128;  // of a plane

SsdParameters OneDie() {
  SsdParameters parameters = SmallSsd();
  parameters.geometry.channels = 1;
  parameters.geometry.chips_per_channel = 1;
  parameters.geometry.dies_per_chip = 1;
  parameters.geometry.blocks_per_plane = kBlocks;
  parameters.geometry.pages_per_block = 256;
  return parameters;
}

// Pages programmed for each page that the host writes, uniformly at random over the whole drive,
// after it was overwritten twice.
Wear WriteAmplification(uint32_t over_provisioning_ppm, uint32_t candidates) {
  SsdParameters parameters = OneDie();
  parameters.initial_state = SsdInitialState::kFull;
  parameters.collection = {.over_provisioning_ppm = over_provisioning_ppm,
                           .threshold_blocks = 4,
                           .reserve_blocks = 3,
                           .max_jobs = 1,
                           .candidates = candidates};
  SsdModel ssd(parameters);
  ClosedLoop load{.write = true, .alignment = 8, .queue_depth = 32};
  load.working_set = 1;
  load.requests = 2 * parameters.logical_pages();
  load.Run(ssd);
  const uint64_t moved = ssd.ftl().statistics().moved_pages;
  // Dates never go back: the second load begins where the first one ended.
  ClosedLoop more = load;
  more.start = Tick(kSecond * 1000);
  more.requests = parameters.logical_pages();
  more.Run(ssd);
  uint64_t valid = 0;
  for (uint32_t plane = 0; plane < parameters.geometry.nr_planes(); ++plane) {
    for (uint32_t block = 0; block < parameters.geometry.blocks_per_plane; ++block) {
      valid += ssd.ftl().blocks().valid_pages(plane, block);
    }
  }
  return {.amplification = 1 + static_cast<double>(ssd.ftl().statistics().moved_pages - moved) /
                                   static_cast<double>(more.requests),
          .collections = ssd.ftl().statistics().collections,
          .valid = valid};
}

// The share u of a block that is still valid when it is the oldest one, for uniformly random
// writes: with flash of a times the capacity, u = exp(-a (1 - u)) (Desnoyers, SYSTOR 2012, LRU
// cleaning). Each collected block gives 1 - u. The best block is a little better than the oldest.
double OldestFirst(double a) {
  double u = 0.5;
  for (int i = 0; i < 200; ++i) u = std::exp(-a * (1 - u));
  return 1 / (1 - u);
}

TEST(FtlTest, WriteAmplificationIsThatOfTheory) {
  for (const uint32_t ppm : {150'000u, 250'000u}) {
    // Free blocks are no room for data, nor are, on average, halves of the two that are open.
    const double blocks = kBlocks - 4.0;
    const double expected = OldestFirst(blocks / (kBlocks * (1 - ppm / 1e6)));
    const Wear wear = WriteAmplification(ppm, 0);
    EXPECT_LE(wear.amplification, expected * 1.02) << ppm;
    EXPECT_GE(wear.amplification, expected * 0.90) << ppm;
  }
}

TEST(FtlTest, ASampleOfBlocksIsWorseThanTheBest) {
  EXPECT_GT(WriteAmplification(200'000, 2).amplification,
            WriteAmplification(200'000, 0).amplification * 1.05);
}

// A page has one place, whatever was moved and overwritten meanwhile.
TEST(FtlTest, NoPageIsLostOrDoubled) {
  SsdParameters parameters = OneDie();
  parameters.collection.over_provisioning_ppm = 150'000;
  const Wear wear = WriteAmplification(150'000, 0);
  EXPECT_GT(wear.collections, 500u);
  EXPECT_EQ(wear.valid, parameters.logical_pages());
}

// The plane is short of free blocks: the host waits for an erase.
TEST(FtlTest, WritesWaitForAFreeBlock) {
  SsdParameters parameters = SmallSsd();
  parameters.initial_state = SsdInitialState::kFull;
  SsdModel ssd(parameters);
  ClosedLoop load{.write = true, .alignment = 8, .queue_depth = 64};
  load.working_set = 1;
  load.requests = 5000;
  const ClosedLoop::Result result = load.Run(ssd);
  EXPECT_GT(result.most, parameters.flash.erase);
  for (uint32_t plane = 0; plane < parameters.geometry.nr_planes(); ++plane) {
    EXPECT_GE(ssd.ftl().blocks().free_blocks(plane), 1u);
  }
}

}  // namespace
}  // namespace biotope
