#include "layers/disk/hdd/geometry.h"

#include <gtest/gtest.h>

#include <ostream>
#include <set>
#include <tuple>
#include <vector>

#include "tests/layers/disk/hdd/small_drive.h"

namespace biotope {
namespace {

struct Track {
  uint32_t cylinder;
  uint32_t head;

  friend bool operator==(Track, Track) = default;
};

void PrintTo(const Track& track, std::ostream* out) { *out << track.cylinder << "/" << track.head; }

std::vector<Track> Tracks(const Geometry& geometry, uint64_t first, uint64_t nr, uint64_t sectors) {
  std::vector<Track> tracks;
  for (uint64_t i = 0; i < nr; ++i) {
    const SectorPlace place = geometry.Locate(Sector(first + i * sectors));
    EXPECT_EQ(place.sector, 0u);
    tracks.push_back({place.cylinder, place.head});
  }
  return tracks;
}

TEST(GeometryTest, CylinderByCylinder) {
  const Geometry geometry(SmallDrive());
  EXPECT_EQ(geometry.capacity(), Sector(10 * 3 * 8 + 7 * 3 * 4));
  EXPECT_EQ(geometry.cylinders(), 17u);
  EXPECT_EQ(Tracks(geometry, 0, 7, 8),
            (std::vector<Track>{{0, 0}, {0, 1}, {0, 2}, {1, 0}, {1, 1}, {1, 2}, {2, 0}}));
  EXPECT_EQ(Tracks(geometry, 240, 4, 4), (std::vector<Track>{{10, 0}, {10, 1}, {10, 2}, {11, 0}}));
}

TEST(GeometryTest, AlternatingHeads) {
  HddParameters hdd = SmallDrive();
  hdd.layout.alternate_heads = true;
  EXPECT_EQ(Tracks(Geometry(hdd), 0, 7, 8),
            (std::vector<Track>{{0, 0}, {0, 1}, {0, 2}, {1, 2}, {1, 1}, {1, 0}, {2, 0}}));
}

// The bands of the outer zone have 4 and 6 cylinders, those of the inner one, which begins with the
// first head again, 4 and 3.
TEST(GeometryTest, SerpentineBands) {
  HddParameters hdd = SmallDrive();
  hdd.layout = {.band_cylinders = 4, .alternate_heads = true};
  const Geometry geometry(hdd);
  EXPECT_EQ(Tracks(geometry, 0, 13, 8), (std::vector<Track>{{0, 0},
                                                            {1, 0},
                                                            {2, 0},
                                                            {3, 0},
                                                            {3, 1},
                                                            {2, 1},
                                                            {1, 1},
                                                            {0, 1},
                                                            {0, 2},
                                                            {1, 2},
                                                            {2, 2},
                                                            {3, 2},
                                                            {4, 2}}));
  EXPECT_EQ(Tracks(geometry, 12 * 8, 8, 8),
            (std::vector<Track>{{4, 2}, {5, 2}, {6, 2}, {7, 2}, {8, 2}, {9, 2}, {9, 1}, {8, 1}}));
  EXPECT_EQ(Tracks(geometry, 240, 5, 4),
            (std::vector<Track>{{10, 0}, {11, 0}, {12, 0}, {13, 0}, {13, 1}}));
  EXPECT_EQ(Tracks(geometry, 240 + 12 * 4, 4, 4),
            (std::vector<Track>{{14, 2}, {15, 2}, {16, 2}, {16, 1}}));
}

TEST(GeometryTest, SkewsAddUp) {
  const Geometry geometry(SmallDrive());
  EXPECT_EQ(geometry.Locate(Sector(0)).angle(), 0u);
  EXPECT_EQ(geometry.Locate(Sector(2)).angle(), kQuarter);
  EXPECT_EQ(geometry.Locate(Sector(8)).angle(), kEighth);                  // head
  EXPECT_EQ(geometry.Locate(Sector(16)).angle(), 2 * kEighth);             // head
  EXPECT_EQ(geometry.Locate(Sector(24)).angle(), 2 * kEighth + kQuarter);  // cylinder
  EXPECT_EQ(geometry.Locate(Sector(48)).angle(), 0u);                      // a whole revolution
  EXPECT_EQ(geometry.Locate(Sector(240)).angle(), 0u);                     // zone
  EXPECT_EQ(geometry.Locate(Sector(241)).angle(), kQuarter);
}

struct Layout {
  uint32_t band_cylinders;
  bool alternate_heads;
  uint32_t surfaces;
};

class GeometryLayoutTest : public testing::TestWithParam<Layout> {
 protected:
  HddParameters Drive() const {
    HddParameters hdd = SmallDrive();
    hdd.surfaces = GetParam().surfaces;
    hdd.layout = {.band_cylinders = GetParam().band_cylinders,
                  .alternate_heads = GetParam().alternate_heads};
    hdd.zones[0].sweeps = EqualSweeps(GetParam().surfaces, 1000, 100, 10);
    hdd.zones[1].sweeps = EqualSweeps(GetParam().surfaces, 3000, 300, 30);
    return hdd;
  }
};

TEST_P(GeometryLayoutTest, EverySectorHasAPlaceOfItsOwn) {
  const HddParameters hdd = Drive();
  const Geometry geometry(hdd);
  std::set<std::tuple<uint32_t, uint32_t, uint32_t>> places;
  for (Sector sector; sector < geometry.capacity(); ++sector) {
    const SectorPlace place = geometry.Locate(sector);
    ASSERT_LT(place.cylinder, 17u);
    ASSERT_LT(place.head, hdd.surfaces);
    ASSERT_EQ(place.sectors_per_track, place.cylinder < 10 ? 8u : 4u);
    ASSERT_LT(place.sector, place.sectors_per_track);
    places.emplace(place.cylinder, place.head, place.sector);
  }
  EXPECT_EQ(places.size(), geometry.capacity().value());
}

// From one track to the next either the head changes or the arm moves, and the skew says which.
TEST_P(GeometryLayoutTest, NeighboursAreReachedInOneStep) {
  const HddParameters hdd = Drive();
  const Geometry geometry(hdd);
  SectorPlace before = geometry.Locate(Sector(0));
  EXPECT_EQ(before.track_angle, 0u);
  for (Sector sector(1); sector < geometry.capacity(); ++sector) {
    const SectorPlace place = geometry.Locate(sector);
    if (place.sector > 0) {
      ASSERT_EQ(place.sector, before.sector + 1);
      ASSERT_EQ(std::tie(place.cylinder, place.head, place.track_angle),
                std::tie(before.cylinder, before.head, before.track_angle));
    } else {
      const Angle scale = before.cylinder < 10 ? 1 : 3;
      const Angle skew = place.track_angle - before.track_angle;
      if (place.cylinder == before.cylinder) {
        ASSERT_EQ(skew, 1000 * scale);
        ASSERT_NE(place.head, before.head);
      } else if (skew == 100 * scale) {
        ASSERT_EQ(place.head, before.head);
        ASSERT_TRUE(place.cylinder + 1 == before.cylinder || place.cylinder == before.cylinder + 1);
      } else {
        ASSERT_EQ(skew, 10 * scale);
        ASSERT_GT(place.cylinder, before.cylinder);
        if (place.cylinder != 10) {
          ASSERT_EQ(place.head == before.head, hdd.layout.alternate_heads || hdd.surfaces == 1);
        }
      }
    }
    before = place;
  }
}

INSTANTIATE_TEST_SUITE_P(Layouts, GeometryLayoutTest,
                         testing::Values(Layout{1, false, 3}, Layout{1, true, 3},
                                         Layout{1, true, 1}, Layout{3, false, 2},
                                         Layout{4, true, 4}, Layout{4, false, 3},
                                         Layout{5, true, 3}, Layout{100, true, 2},
                                         Layout{1u << 24, true, 128}));

// Two surfaces, bands of 2 cylinders, alternating heads: even bands sweep 0, 1, odd bands 1, 0, and
// each of the four sweeps has skews of its own. The first zone has five bands, so that the second
// begins odd.
TEST(GeometryTest, EverySweepOfTwoBandsHasItsSkews) {
  HddParameters hdd = SmallDrive();
  hdd.surfaces = 2;
  hdd.layout = {.band_cylinders = 2, .alternate_heads = true};
  hdd.zones[0].sweeps = {{1, 10}, {2, 20}, {3, 30}, {4, 40}};
  hdd.zones[1].sweeps = {{100, 1000}, {200, 2000}, {300, 3000}, {400, 4000}};
  const Geometry geometry(hdd);
  std::vector<Angle> steps;
  for (uint64_t track = 1; track <= 17; ++track) {
    steps.push_back(geometry.Locate(Sector(track * 8)).track_angle -
                    geometry.Locate(Sector(track * 8 - 8)).track_angle);
  }
  EXPECT_EQ(steps, (std::vector<Angle>{1, 10, 2, 20, 3, 30, 4, 40, 1, 10, 2, 20, 3, 30, 4, 40, 1}));
  EXPECT_EQ(geometry.Locate(Sector(160)).track_angle - geometry.Locate(Sector(152)).track_angle,
            20u);
  steps.clear();
  for (uint64_t track = 1; track <= 13; ++track) {
    steps.push_back(geometry.Locate(Sector(160 + track * 4)).track_angle -
                    geometry.Locate(Sector(156 + track * 4)).track_angle);
  }
  // The last band has three cylinders.
  EXPECT_EQ(steps, (std::vector<Angle>{100, 1000, 200, 2000, 300, 3000, 400, 4000, 100, 100, 1000,
                                       200, 200}));
}

TEST(GeometryTest, SparesLieAtTheEndOfAZone) {
  HddParameters hdd = SmallDrive();
  hdd.zones[0].spare_sectors = 11;
  const Geometry geometry(hdd);
  EXPECT_EQ(geometry.capacity(), Sector(324 - 11));
  EXPECT_EQ(geometry.Locate(Sector(228)).sector, 4u);
  EXPECT_EQ(geometry.Locate(Sector(229)).cylinder, 10u);
  EXPECT_EQ(geometry.Locate(Sector(229)).sector, 0u);
  EXPECT_EQ(geometry.Locate(Sector(229)).track_angle, 0u);  // as without spares
}

TEST(GeometryTest, AZoneMayBeginAtAnAngle) {
  HddParameters hdd = SmallDrive();
  hdd.zones[1].first_angle = 12345;
  const Geometry geometry(hdd);
  EXPECT_EQ(geometry.Locate(Sector(240)).track_angle, 12345u);
  EXPECT_EQ(geometry.Locate(Sector(244)).track_angle, 12345u + kEighth);
  EXPECT_EQ(geometry.Locate(Sector(239)).track_angle,
            Geometry(SmallDrive()).Locate(Sector(239)).track_angle);
}

TEST(GeometryTest, CapacityCutsOffTheEnd) {
  HddParameters hdd = SmallDrive();
  hdd.capacity = Sector(300);
  const Geometry geometry(hdd);
  EXPECT_EQ(geometry.capacity(), Sector(300));
  EXPECT_EQ(geometry.Locate(Sector(299)).cylinder, 14u);
  EXPECT_DEATH(geometry.Locate(Sector(300)), "sector 300 of 300");
}

}  // namespace
}  // namespace biotope
