#include "sim/world/make_device.h"

#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "layers/disk/hdd/hdd_model.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

std::unique_ptr<DeviceModel> Make(const std::string& text) {
  Device device;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &device)) << text;
  return MakeDevice(device);
}

// 8 ms for a revolution; a head skew of an eighth, a cylinder skew of a quarter.
std::string SmallHdd(const std::string& more) {
  return R"(hdd {
    millirpm: 7500000 surfaces: 2 alternate_heads: true
    zone { first_cylinder: 0 last_cylinder: 9 sectors_per_track: 8
           head_skew_ppb: 125000000 cylinder_skew_ppb: 250000000 }
    seek { distance_cylinders: 1 time_ns: 1000000 }
    head_switch_ns: 2000 write_settle_ns: 3000 bus_sector_ns: 5000
    overhead { read_after_read_ns: 10 read_after_write_ns: 20
               write_after_read_ns: 30 write_after_write_ns: 40 } )" +
         more + "}";
}

TEST(MakeDeviceTest, FixedLatency) {
  const auto device = Make("fixed_latency { service_ns: 7 capacity_sectors: 800 }");
  EXPECT_EQ(device->capacity(), Sector(800));
  EXPECT_EQ(device->Serve(Tick(0), Sector(1), 8, true).total(), 7 * kNanosecond);
}

TEST(MakeDeviceTest, HddWithItsFields) {
  const auto device = Make(SmallHdd(""));
  EXPECT_EQ(device->capacity(), Sector(160));
  const ServiceTime read = device->Serve(Tick(0), Sector(0), 1, false);
  EXPECT_EQ(read.overhead, 10 * kNanosecond + 5 * kMicrosecond);
  EXPECT_EQ(read.rotation, 8 * kMillisecond - 10 * kNanosecond);
  EXPECT_EQ(read.transfer, kMillisecond);
  const ServiceTime write = device->Serve(kSecond, Sector(8), 1, true);
  EXPECT_EQ(write.overhead, 30 * kNanosecond);
  EXPECT_EQ(write.seek, 5 * kMicrosecond);
  EXPECT_EQ(device->Serve(2 * kSecond, Sector(8), 1, true).overhead, 40 * kNanosecond);
  const ServiceTime next = device->Serve(3 * kSecond, Sector(16), 1, false);
  EXPECT_EQ(next.overhead, 20 * kNanosecond + 5 * kMicrosecond);
  EXPECT_EQ(next.seek, kMillisecond);  // same head
}

TEST(MakeDeviceTest, CapacityIsWhatTheProfileSays) {
  EXPECT_EQ(Make(SmallHdd("capacity_sectors: 100"))->capacity(), Sector(100));
}

Angle AngleOfTrack(const DeviceModel& device, uint64_t track) {
  return dynamic_cast<const HddModel&>(device).layout().Locate(Sector(track * 8)).track_angle;
}

TEST(MakeDeviceTest, SkewsBecomeAngles) {
  const auto device = Make(SmallHdd(""));
  EXPECT_EQ(AngleOfTrack(*device, 1), 1u << 29);
  EXPECT_EQ(AngleOfTrack(*device, 2), (1u << 29) + (1u << 30));  // the band's is the cylinder's
}

TEST(MakeDeviceTest, BandsSweepsAndSpares) {
  const auto device = Make(R"(hdd {
    millirpm: 7500000 surfaces: 2 band_cylinders: 2
    zone { first_cylinder: 0 last_cylinder: 3 sectors_per_track: 8 first_angle_ppb: 500000000
           spare_sectors: 16
           sweep { cylinder_skew_ppb: 125000000 next_skew_ppb: 250000000 }
           sweep { cylinder_skew_ppb: 250000000 next_skew_ppb: 0 } }
    seek { distance_cylinders: 1 time_ns: 1000000 } })");
  EXPECT_EQ(device->capacity(), Sector(48));
  EXPECT_EQ(AngleOfTrack(*device, 0), 4u << 29);
  EXPECT_EQ(AngleOfTrack(*device, 1), 5u << 29);
  EXPECT_EQ(AngleOfTrack(*device, 2), 7u << 29);
  EXPECT_EQ(AngleOfTrack(*device, 3), 1u << 29);
  EXPECT_EQ(AngleOfTrack(*device, 4), 1u << 29);
}

TEST(MakeDeviceTest, RefusesContradictions) {
  EXPECT_THROW(Make(SmallHdd("capacity_sectors: 161")), ScenarioError);
  EXPECT_THROW(Make("hdd {}"), ScenarioError);
  EXPECT_THROW(Make(""), ScenarioError);
}

}  // namespace
}  // namespace biotope
