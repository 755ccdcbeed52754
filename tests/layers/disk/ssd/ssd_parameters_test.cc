#include "layers/disk/ssd/ssd_parameters.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "sim/core/error.h"
#include "tests/layers/disk/ssd/reference_ssd.h"
#include "tests/layers/disk/ssd/small_ssd.h"

namespace biotope {
namespace {

struct Mistake {
  std::string field;
  std::function<void(SsdParameters*)> make;
};

std::vector<Mistake> Mistakes() {
  return {
      {"ssd.channels", [](SsdParameters* ssd) { ssd->geometry.channels = 0; }},
      {"ssd.chips_per_channel", [](SsdParameters* ssd) { ssd->geometry.chips_per_channel = 65; }},
      {"ssd.dies_per_chip", [](SsdParameters* ssd) { ssd->geometry.dies_per_chip = 0; }},
      {"ssd.planes_per_die", [](SsdParameters* ssd) { ssd->geometry.planes_per_die = 65; }},
      {"ssd.blocks_per_plane", [](SsdParameters* ssd) { ssd->geometry.blocks_per_plane = 7; }},
      {"ssd.blocks_per_plane",
       [](SsdParameters* ssd) { ssd->geometry.blocks_per_plane = 1 << 20; }},
      {"ssd.pages_per_block", [](SsdParameters* ssd) { ssd->geometry.pages_per_block = 0; }},
      {"ssd.page_bytes", [](SsdParameters* ssd) { ssd->geometry.page = Bytes(2048); }},
      {"ssd.page_bytes", [](SsdParameters* ssd) { ssd->geometry.page = Bytes(12288); }},
      {"ssd.interleave",
       [](SsdParameters* ssd) { ssd->geometry.interleave[0] = FlashDimension::kPlane; }},
      {"ssd.read_ns", [](SsdParameters* ssd) { ssd->flash.read.clear(); }},
      {"ssd.program_ns", [](SsdParameters* ssd) { ssd->flash.program.push_back(Tick(0)); }},
      {"ssd.erase_ns", [](SsdParameters* ssd) { ssd->flash.erase = kNever; }},
      {"ssd.channel.bytes_per_second", [](SsdParameters* ssd) { ssd->channel.byte = Tick(0); }},
      {"ssd.link.bytes_per_second", [](SsdParameters* ssd) { ssd->link.byte = Tick(0); }},
      {"ssd.link.packet_payload_bytes", [](SsdParameters* ssd) { ssd->link.packet_payload = 0; }},
      {"ssd.link.fetch_size", [](SsdParameters* ssd) { ssd->link.fetch_size = 0; }},
      {"ssd.write_buffer.capacity_bytes",
       [](SsdParameters* ssd) {
         ssd->buffer = {.capacity = Bytes(1), .byte = Tick(1), .write_back = Bytes(4096)};
       }},
      {"ssd.write_buffer.write_back_bytes",
       [](SsdParameters* ssd) { ssd->buffer = {.capacity = Bytes(8192), .byte = Tick(1)}; }},
      {"ssd.mapping_cache.entries", [](SsdParameters* ssd) { ssd->mapping = {.ideal = false}; }},
      {"ssd.mapping_cache.read_bytes",
       [](SsdParameters* ssd) {
         ssd->mapping = {.ideal = false, .cache_entries = 1, .entries_per_page = 10};
       }},
      {"ssd.over_provisioning_ppm",
       [](SsdParameters* ssd) { ssd->collection.over_provisioning_ppm = 0; }},
      {"ssd.over_provisioning_ppm",
       [](SsdParameters* ssd) { ssd->collection.over_provisioning_ppm = 100000; }},
      {"ssd.garbage_collection.max_jobs", [](SsdParameters* ssd) { ssd->collection.max_jobs = 0; }},
      {"ssd.garbage_collection.reserve_blocks",
       [](SsdParameters* ssd) { ssd->collection.reserve_blocks = 2; }},
      {"ssd.garbage_collection.threshold_blocks",
       [](SsdParameters* ssd) { ssd->collection.threshold_blocks = 2; }},
  };
}

TEST(SsdParametersTest, RefusesWhatCannotBeAndNamesIt) {
  for (const Mistake& mistake : Mistakes()) {
    SsdParameters ssd = SmallSsd();
    mistake.make(&ssd);
    try {
      ssd.Validate();
      ADD_FAILURE() << "accepts a mistake in " << mistake.field;
    } catch (const ScenarioError& error) {
      EXPECT_TRUE(std::string(error.what()).starts_with(mistake.field + ": ")) << error.what();
    }
  }
}

TEST(SsdParametersTest, AcceptsTheOthers) {
  EXPECT_NO_THROW(SmallSsd().Validate());
  EXPECT_NO_THROW(ReferenceSsd(true).Validate());
  EXPECT_NO_THROW(ReferenceSsd(false).Validate());
}

TEST(SsdParametersTest, Capacity) {
  // 512 GiB less 7 %.
  const SsdParameters ssd = ReferenceSsd(false);
  EXPECT_EQ(ssd.geometry.nr_planes(), 128u);
  EXPECT_EQ(ssd.logical_pages(), 62411243u);
  EXPECT_EQ(ssd.capacity(), Sector(uint64_t{62411243} * 16));
  EXPECT_EQ(ssd.translation_pages(), (62411243u + 1364) / 1365);
  EXPECT_EQ(ReferenceSsd(true).translation_pages(), 0u);
}

}  // namespace
}  // namespace biotope
