#include "sim/world/drive_directory.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "sim/core/error.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kParameters =
    "component,parameter,value,unit\n"
    "model,Number of data surfaces,2,count\n"
    "model,Number of cylinders,3,count\n"
    "model,Block count,40,count\n"
    "model,Rotation speed (in rpms),7500,rpm\n"
    "model,Head switch time,0.5,ms\n"
    "model,Add. write settling delay,-0.25,ms\n"
    "drive,Read miss over. after read,0.1,ms\n"
    "drive,Write hit over. after write,0.2,ms\n"
    "drive,Bulk sector transfer time,-0.015,ms\n"
    "drive,Enable caching in buffer,1,\n"
    "drive,Number of buffer segments,3,count\n"
    "drive,Maximum number of write segments,2,count\n"
    "drive,Segment size (in blks),16,blocks\n"
    "drive,Buffer continuous read,4,\n"
    "drive,Fast write level,1,\n"
    "drive,Max queue length,8,count\n"
    "drive,Scheduling policy,8,\n"
    "bus1,Read block transfer time,0.17,ms\n";

constexpr const char* kMap =
    "first_lbn,tracks,blocks_per_track,cylinder,head,first_sector,sectors_per_track,angle,"
    "cylinder_step,head_step,angle_step\n"
    "0,2,8,0,0,0,8,0,0,1,536870912\n"
    "16,3,8,1,0,0,8,1073741824,0,0,-536870912\n";

constexpr const char* kSeeks = "distance_cyl,seek_ms\n0,0\n1,1.5\n2,2.25\n";

class DriveDirectoryTest : public testing::Test {
 protected:
  void SetUp() override {
    path_ = fs::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(path_);
    fs::create_directories(path_);
    Write("parameters.csv", kParameters);
    Write("lbn_map.csv", kMap);
    Write("seek_curve.csv", kSeeks);
  }

  void Write(const std::string& name, const std::string& text) {
    std::ofstream(path_ / name) << text;
  }

  std::string Problem() {
    try {
      ReadDriveDirectory(path_);
    } catch (const Error& error) {
      return error.what();
    }
    return "";
  }

  fs::path path_;
};

TEST_F(DriveDirectoryTest, ReadsTheTables) {
  const HddParameters hdd = ReadDriveDirectory(path_);
  EXPECT_EQ(hdd.revolution, 8 * kMillisecond);
  EXPECT_EQ(hdd.surfaces, 2u);
  EXPECT_EQ(hdd.capacity, Sector(40));
  EXPECT_EQ(hdd.head_switch, 500 * kMicrosecond);
  EXPECT_EQ(hdd.write_settle_ps, -250'000'000);
  EXPECT_EQ(hdd.overhead.read_after_read, 100 * kMicrosecond);
  EXPECT_EQ(hdd.hit_overhead.write_after_write, 200 * kMicrosecond);
  EXPECT_EQ(hdd.bus.read_sector, 170 * kMicrosecond);
  EXPECT_EQ(hdd.bus.write_sector, Tick(0));  // a negative time is none
  ASSERT_EQ(hdd.seek_curve.size(), 2u);
  EXPECT_EQ(hdd.seek_curve[1].nanoseconds, 2'250'000u);
  ASSERT_EQ(hdd.track_runs.size(), 2u);
  EXPECT_EQ(hdd.track_runs[1].angle_step, 7u << 29);
  EXPECT_TRUE(hdd.cache.enabled);
  EXPECT_TRUE(hdd.cache.fast_write);
  EXPECT_EQ(hdd.cache.segments, 3u);
  EXPECT_EQ(hdd.cache.read_ahead, HddReadAhead::kStream);
  EXPECT_EQ(hdd.queue.depth, 8u);
  EXPECT_EQ(hdd.queue.policy, HddQueuePolicy::kSptf);
}

TEST_F(DriveDirectoryTest, TheMapMayBeCompressed) {
  fs::remove(path_ / "lbn_map.csv");
  const gzFile file = gzopen((path_ / "lbn_map.csv.gz").c_str(), "wb");
  gzputs(file, kMap);
  gzclose(file);
  EXPECT_EQ(ReadDriveDirectory(path_).track_runs.size(), 2u);
}

TEST_F(DriveDirectoryTest, ATruncatedMapIsAnError) {
  const gzFile file = gzopen((path_ / "lbn_map.csv.gz").c_str(), "wb");
  for (int i = 0; i < 1000; ++i) gzputs(file, kMap);
  gzclose(file);
  fs::remove(path_ / "lbn_map.csv");
  fs::resize_file(path_ / "lbn_map.csv.gz", fs::file_size(path_ / "lbn_map.csv.gz") / 2);
  EXPECT_NE(Problem(), "");
}

TEST_F(DriveDirectoryTest, AFormulaInPlaceOfTheCurve) {
  fs::remove(path_ / "seek_curve.csv");
  EXPECT_NE(Problem().find("HPL"), std::string::npos);
  Write("parameters.csv", std::string(kParameters) +
                              "model,HPL seek equation values,2 3.5 0.5 7.0 0.25 -1,\n"
                              "model,First ten seek times,2.5,ms\n"
                              "model,Number of cylinders,5,count\n");
  const HddParameters hdd = ReadDriveDirectory(path_);
  ASSERT_EQ(hdd.seek_curve.size(), 4u);
  EXPECT_EQ(hdd.seek_curve[0].nanoseconds, 2'500'000u);  // measured
  EXPECT_EQ(hdd.seek_curve[1].nanoseconds, 7'500'000u);  // 7.0 + 0.25 * 2
}

TEST_F(DriveDirectoryTest, DamageIsNamedWithItsLine) {
  Write("lbn_map.csv", std::string(kMap) + "41,1,8,2,0,0,8,0,0,0,0\n");
  EXPECT_NE(Problem().find("lbn_map.csv:4: error: the run begins at sector 41"), std::string::npos)
      << Problem();
  Write("lbn_map.csv", std::string(kMap) + "40,x,8\n");
  EXPECT_NE(Problem().find("lbn_map.csv:4: error: \"x\" is not"), std::string::npos) << Problem();
  Write("lbn_map.csv", kMap);
  Write("seek_curve.csv", "distance_cyl,seek_ms\n1,fast\n");
  EXPECT_NE(Problem().find("seek_curve.csv:2:"), std::string::npos) << Problem();
  Write("seek_curve.csv", kSeeks);
  Write("parameters.csv", std::string(kParameters) + "drive,Max queue length,-3,\n");
  EXPECT_NE(Problem().find("Max queue length"), std::string::npos) << Problem();
}

TEST_F(DriveDirectoryTest, WithoutAMapThereIsNoDrive) {
  fs::remove(path_ / "lbn_map.csv");
  EXPECT_NE(Problem().find("lbn_map.csv"), std::string::npos);
  EXPECT_TRUE(IsDriveDirectory(path_));
  EXPECT_FALSE(IsDriveDirectory(path_ / "lbn_map.csv"));
}

}  // namespace
}  // namespace biotope
