#include "layers/disk/hdd/hdd_parameters.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "tests/layers/disk/hdd/small_drive.h"

namespace biotope {
namespace {

struct Mistake {
  std::string field;
  std::function<void(HddParameters*)> make;
};

std::vector<Mistake> Mistakes() {
  return {
      {"hdd.millirpm", [](HddParameters* hdd) { hdd->revolution = Tick(0); }},
      {"hdd.millirpm", [](HddParameters* hdd) { hdd->revolution = kNever; }},
      {"hdd.surfaces", [](HddParameters* hdd) { hdd->surfaces = 0; }},
      {"hdd.surfaces", [](HddParameters* hdd) { hdd->surfaces = 129; }},
      {"hdd.band_cylinders", [](HddParameters* hdd) { hdd->layout.band_cylinders = 0; }},
      {"hdd.zone:", [](HddParameters* hdd) { hdd->zones.clear(); }},
      {"hdd.zone[0].first_cylinder", [](HddParameters* hdd) { hdd->zones[0].first_cylinder = 1; }},
      {"hdd.zone[1].first_cylinder", [](HddParameters* hdd) { hdd->zones[1].first_cylinder = 9; }},
      {"hdd.zone[1].first_cylinder", [](HddParameters* hdd) { hdd->zones[1].first_cylinder = 11; }},
      {"hdd.zone[1].last_cylinder", [](HddParameters* hdd) { hdd->zones[1].last_cylinder = 9; }},
      {"hdd.zone[1].last_cylinder",
       [](HddParameters* hdd) { hdd->zones[1].last_cylinder = UINT32_MAX; }},
      {"hdd.zone[1].sectors_per_track",
       [](HddParameters* hdd) { hdd->zones[1].sectors_per_track = 0; }},
      {"hdd.zone[0].sectors_per_track",
       [](HddParameters* hdd) { hdd->zones[0].sectors_per_track = 65537; }},
      {"hdd.zone[1].spare_sectors", [](HddParameters* hdd) { hdd->zones[1].spare_sectors = 84; }},
      {"hdd.zone[1].sweep", [](HddParameters* hdd) { hdd->zones[1].sweeps.pop_back(); }},
      {"hdd.zone[1].sweep", [](HddParameters* hdd) { hdd->zones[1].sweeps.resize(7); }},
      {"hdd.capacity_sectors", [](HddParameters* hdd) { hdd->capacity = Sector(325); }},
      {"hdd.seek[0].distance", [](HddParameters* hdd) { hdd->seek_curve.clear(); }},
      {"hdd.seek[0].distance", [](HddParameters* hdd) { hdd->seek_curve[0].distance = 2; }},
      {"hdd.seek[2].distance", [](HddParameters* hdd) { hdd->seek_curve[2].distance = 4; }},
      {"hdd.head_switch_ns", [](HddParameters* hdd) { hdd->head_switch = kNever; }},
      {"hdd.write_settle_ns", [](HddParameters* hdd) { hdd->write_settle_ps = INT64_MAX; }},
      {"hdd.write_settle_ns", [](HddParameters* hdd) { hdd->write_settle_ps = INT64_MIN; }},
      {"hdd.overhead.read_after_read_ns",
       [](HddParameters* hdd) { hdd->overhead.read_after_read = kNever; }},
      {"hdd.overhead.read_after_write_ns",
       [](HddParameters* hdd) { hdd->overhead.read_after_write = kNever; }},
      {"hdd.overhead.write_after_read_ns",
       [](HddParameters* hdd) { hdd->overhead.write_after_read = kNever; }},
      {"hdd.overhead.write_after_write_ns",
       [](HddParameters* hdd) { hdd->overhead.write_after_write = kNever; }},
      {"hdd.hit_overhead.write_after_write_ns",
       [](HddParameters* hdd) { hdd->hit_overhead.write_after_write = kNever; }},
      {"hdd.bus_sector_ns", [](HddParameters* hdd) { hdd->bus.read_sector = kNever; }},
      {"hdd.bus_write_sector_ns", [](HddParameters* hdd) { hdd->bus.write_sector = kNever; }},
      {"hdd.arbitration_ns", [](HddParameters* hdd) { hdd->bus.arbitration = kNever; }},
      {"hdd.cache.segments", [](HddParameters* hdd) { hdd->cache.segments = 0; }},
      {"hdd.cache.write_segments", [](HddParameters* hdd) { hdd->cache.write_segments = 2; }},
      {"hdd.queue_depth", [](HddParameters* hdd) { hdd->queue.depth = 0; }},
  };
}

TEST(HddParametersTest, AValidDrivePasses) {
  HddParameters hdd = SmallDrive();
  EXPECT_NO_THROW(hdd.Validate());
  hdd.zones[0].sweeps.resize(6);
  hdd.capacity = Sector(324);
  EXPECT_NO_THROW(hdd.Validate());
}

TEST(HddParametersTest, EveryMistakeIsNamed) {
  for (const Mistake& mistake : Mistakes()) {
    HddParameters hdd = SmallDrive();
    mistake.make(&hdd);
    try {
      hdd.Validate();
      ADD_FAILURE() << mistake.field << " passed";
    } catch (const ScenarioError& error) {
      EXPECT_EQ(std::string(error.what()).rfind(mistake.field, 0), 0u) << error.what();
    }
  }
}

HddParameters MappedDrive() {
  HddParameters hdd = SmallDrive();
  hdd.zones.clear();
  hdd.track_runs = {
      {.first_sector = 0, .tracks = 3, .addressable = 8, .sectors_per_track = 8, .head_step = 1},
      {.first_sector = 24,
       .tracks = 1,
       .addressable = 7,
       .cylinder = 1,
       .head = 2,
       .first_on_track = 1,
       .sectors_per_track = 8}};
  return hdd;
}

TEST(HddParametersTest, AMapMustHaveNoGapsAndStayOnTheDrive) {
  EXPECT_NO_THROW(MappedDrive().Validate());
  const std::vector<std::function<void(HddParameters*)>> mistakes = {
      [](HddParameters* hdd) { hdd->track_runs[1].first_sector = 25; },
      [](HddParameters* hdd) { hdd->track_runs[0].tracks = 0; },
      [](HddParameters* hdd) { hdd->track_runs[0].tracks = 4; },  // a fourth head
      [](HddParameters* hdd) { hdd->track_runs[1].addressable = 8; },
      [](HddParameters* hdd) { hdd->track_runs[1].addressable = 0; },
      [](HddParameters* hdd) { hdd->track_runs[1].sectors_per_track = 0; },
      [](HddParameters* hdd) { hdd->track_runs[0].cylinder_step = -1; },
      [](HddParameters* hdd) { hdd->capacity = Sector(32); },
  };
  for (size_t i = 0; i < mistakes.size(); ++i) {
    HddParameters hdd = MappedDrive();
    mistakes[i](&hdd);
    EXPECT_THROW(hdd.Validate(), ScenarioError) << i;
  }
}

}  // namespace
}  // namespace biotope
