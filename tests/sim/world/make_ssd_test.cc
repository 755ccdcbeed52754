#include "sim/world/make_ssd.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <string>

#include "configs/profiles.h"
#include "configs/schema/device.pb.h"
#include "layers/disk/ssd/ssd_model.h"
#include "sim/core/error.h"
#include "tests/layers/disk/ssd/closed_loop.h"
#include "tests/layers/disk/ssd/reference_ssd.h"

namespace biotope {
namespace {

Ssd Profile(const std::string& name) {
  for (const EmbeddedFile& file : EmbeddedProfiles()) {
    if (file.path != "configs/devices/" + name + ".textproto") continue;
    Device device;
    EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(std::string(file.contents), &device));
    return device.ssd();
  }
  ADD_FAILURE() << "no profile " << name;
  return Ssd();
}

// The reference test stands on it.
TEST(MakeSsdTest, TheProfileOfTheReferenceIsTheDriveOfTheTests) {
  const SsdParameters profile = MakeSsd(Profile("mqsim-default"));
  const SsdParameters test = ReferenceSsd(false);
  EXPECT_EQ(profile.capacity(), test.capacity());
  EXPECT_EQ(profile.geometry.nr_pages(), test.geometry.nr_pages());
  EXPECT_EQ(profile.geometry.interleave, test.geometry.interleave);
  EXPECT_EQ(profile.flash.read, test.flash.read);
  EXPECT_EQ(profile.flash.program, test.flash.program);
  EXPECT_EQ(profile.flash.erase, test.flash.erase);
  EXPECT_EQ(profile.channel.byte, test.channel.byte);
  EXPECT_EQ(profile.channel.read_command, test.channel.read_command);
  EXPECT_EQ(profile.channel.program_command_plane, test.channel.program_command_plane);
  EXPECT_EQ(profile.scheduling.die_interleaving, test.scheduling.die_interleaving);
  EXPECT_EQ(profile.scheduling.multi_plane, test.scheduling.multi_plane);
  EXPECT_EQ(profile.scheduling.independent_reads, test.scheduling.independent_reads);
  EXPECT_EQ(profile.link.byte, test.link.byte);
  EXPECT_EQ(profile.link.packet_overhead, test.link.packet_overhead);
  EXPECT_EQ(profile.link.fetch_size, test.link.fetch_size);
  EXPECT_FALSE(profile.mapping.ideal);
  EXPECT_EQ(profile.mapping.cache_entries, test.mapping.cache_entries);
  EXPECT_EQ(profile.mapping.entries_per_page, test.mapping.entries_per_page);
  EXPECT_EQ(profile.mapping.deferred_pages, test.mapping.deferred_pages);
  EXPECT_EQ(profile.buffer.capacity, test.buffer.capacity);
  EXPECT_EQ(profile.buffer.access, test.buffer.access);
  EXPECT_EQ(profile.buffer.byte, test.buffer.byte);
  EXPECT_EQ(profile.buffer.write_back, test.buffer.write_back);
  EXPECT_EQ(profile.buffer.hot_window, test.buffer.hot_window);
  EXPECT_EQ(profile.collection.threshold_blocks, test.collection.threshold_blocks);
  EXPECT_EQ(profile.collection.candidates, test.collection.candidates);
  EXPECT_EQ(profile.collection.preemptible, test.collection.preemptible);
}

TEST(MakeSsdTest, InterleaveIsFourLetters) {
  Ssd ssd = Profile("mqsim-default");
  ssd.set_interleave("PDWC");
  EXPECT_EQ(MakeSsd(ssd).geometry.interleave[0], FlashDimension::kPlane);
  for (const char* wrong : {"CWD", "CWDX", "CWDC", "CWDPP"}) {
    ssd.set_interleave(wrong);
    EXPECT_THROW(MakeSsd(ssd), ScenarioError) << wrong;
  }
}

TEST(MakeSsdTest, TheMappingMayBeIdealAndTheBufferLeftOut) {
  Ssd ssd = Profile("mqsim-default");
  ssd.mutable_ideal_mapping();  // instead of the mapping cache
  ssd.mutable_no_write_buffer();
  EXPECT_TRUE(MakeSsd(ssd).mapping.ideal);
  EXPECT_EQ(MakeSsd(ssd).buffer.capacity, Bytes(0));
  EXPECT_TRUE(MakeSsd(Profile("mqsim-ideal-mapping")).mapping.ideal);
  EXPECT_GT(MakeSsd(Profile("mqsim-ideal-mapping")).buffer.capacity, Bytes(0));
}

struct Load {
  bool write;
  bool streaming;
  uint32_t nr_sectors;
  uint32_t queue_depth;
};

double PerSecond(const SsdParameters& parameters, const Load& load) {
  SsdModel ssd(parameters);
  ClosedLoop loop;
  loop.write = load.write;
  loop.streaming = load.streaming;
  loop.nr_sectors = loop.alignment = load.nr_sectors;
  loop.queue_depth = load.queue_depth;
  loop.requests = load.nr_sectors == 8 ? 100'000 : 10'000;
  const ClosedLoop::Result result = loop.Run(ssd);
  return static_cast<double>(loop.requests) / (static_cast<double>(result.end.value()) / 1e12);
}

// Published for the drive; the profile was not fitted to them, but its source was to measurements.
TEST(MakeSsdTest, Samsung970ProDoesWhatItsDataSheetSays) {
  const SsdParameters drive = MakeSsd(Profile("samsung-970-pro-512gb"));
  EXPECT_NEAR(static_cast<double>(drive.capacity().value()) * 512, 512'110'190'592.0, 1e6);
  EXPECT_NEAR(PerSecond(drive, {false, false, 8, 1}), 15'000, 1'500);
  EXPECT_NEAR(PerSecond(drive, {false, false, 8, 128}), 370'000, 37'000);
  EXPECT_NEAR(PerSecond(drive, {false, true, 256, 32}) * 131072, 3.5e9, 0.35e9);
  EXPECT_NEAR(PerSecond(drive, {true, true, 256, 32}) * 131072, 2.3e9, 0.23e9);
}

}  // namespace
}  // namespace biotope
