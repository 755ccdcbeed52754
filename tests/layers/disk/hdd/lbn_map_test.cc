#include "layers/disk/hdd/lbn_map.h"

#include <gtest/gtest.h>

#include <vector>

#include "sim/core/random.h"

namespace biotope {
namespace {

constexpr Angle kEighth = 1u << 29;

// Two surfaces, serpentine: cylinders 0 and 1 on head 0, back on head 1. On the third track sector
// 3 is slipped, so that it holds 7; then three tracks of 4 sectors.
std::vector<HddTrackRun> Runs() {
  return {{.first_sector = 0,
           .tracks = 2,
           .addressable = 8,
           .sectors_per_track = 8,
           .cylinder_step = 1,
           .angle_step = kEighth},
          {.first_sector = 16,
           .tracks = 1,
           .addressable = 3,
           .cylinder = 1,
           .head = 1,
           .sectors_per_track = 8,
           .angle = 2 * kEighth},
          {.first_sector = 19,
           .tracks = 1,
           .addressable = 4,
           .cylinder = 1,
           .head = 1,
           .first_on_track = 4,
           .sectors_per_track = 8,
           .angle = 6 * kEighth},
          {.first_sector = 23,
           .tracks = 3,
           .addressable = 4,
           .cylinder = 4,
           .head = 1,
           .sectors_per_track = 4,
           .cylinder_step = -1}};
}

struct Expected {
  uint64_t sector;
  uint32_t cylinder;
  uint32_t head;
  uint32_t on_track;
  uint32_t run_length;
  Angle angle;
};

TEST(LbnMapTest, Places) {
  const LbnMap map(Runs(), Sector(35));
  EXPECT_EQ(map.cylinders(), 5u);
  const std::vector<Expected> table = {
      {0, 0, 0, 0, 8, 0},
      {7, 0, 0, 7, 1, 7 * kEighth},
      {8, 1, 0, 0, 8, kEighth},
      {16, 1, 1, 0, 3, 2 * kEighth},
      {18, 1, 1, 2, 1, 4 * kEighth},
      {19, 1, 1, 4, 4, 6 * kEighth},
      {22, 1, 1, 7, 1, kEighth},
      {23, 4, 1, 0, 4, 0},
      {27, 3, 1, 0, 4, 0},
      {34, 2, 1, 3, 1, 6 * kEighth},
  };
  for (const Expected& expected : table) {
    const SectorPlace place = map.Locate(Sector(expected.sector));
    EXPECT_EQ(place.cylinder, expected.cylinder) << expected.sector;
    EXPECT_EQ(place.head, expected.head) << expected.sector;
    EXPECT_EQ(place.sector, expected.on_track) << expected.sector;
    EXPECT_EQ(place.run_length, expected.run_length) << expected.sector;
    EXPECT_EQ(place.angle(), expected.angle) << expected.sector;
  }
}

TEST(LbnMapTest, TracksAreWholeInSpiteOfSlips) {
  const LbnMap map(Runs(), Sector(33));
  for (const uint64_t sector : {16u, 18u, 19u, 22u}) {
    EXPECT_EQ(map.TrackOf(Sector(sector)).first, Sector(16)) << sector;
    EXPECT_EQ(map.TrackOf(Sector(sector)).end, Sector(23)) << sector;
  }
  EXPECT_EQ(map.TrackOf(Sector(9)).first, Sector(8));
  EXPECT_EQ(map.TrackOf(Sector(9)).end, Sector(16));
  EXPECT_EQ(map.TrackOf(Sector(32)).end, Sector(33));  // the capacity ends it
}

// Many runs of different lengths: the buckets must not hide one.
TEST(LbnMapTest, EverySectorIsInItsRun) {
  Random random(1, "runs");
  std::vector<HddTrackRun> runs;
  uint64_t end = 0;
  for (uint32_t i = 0; i < 500; ++i) {
    const auto size = static_cast<uint32_t>(1 + random.Below(100));
    runs.push_back({.first_sector = end,
                    .tracks = static_cast<uint32_t>(1 + random.Below(50)),
                    .addressable = size,
                    .cylinder = i,
                    .sectors_per_track = size});
    end = runs.back().end();
  }
  const LbnMap map(runs, Sector(end));
  for (const HddTrackRun& run : runs) {
    for (const uint64_t sector : {run.first_sector, run.end() - 1}) {
      EXPECT_EQ(map.Locate(Sector(sector)).cylinder, run.cylinder) << sector;
    }
  }
  EXPECT_DEATH(map.Locate(Sector(end)), "sector");
}

}  // namespace
}  // namespace biotope
