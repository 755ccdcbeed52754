#include "sim/trace/trace_reader.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "sim/core/error.h"

namespace biotope {
namespace {

std::string File(const std::string& text) {
  const std::string path =
      testing::TempDir() + testing::UnitTest::GetInstance()->current_test_info()->name() + ".trace";
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

std::vector<TraceRequest> ReadAll(const std::string& path,
                                  std::optional<TraceFormat> format = std::nullopt) {
  std::vector<TraceRequest> requests;
  const auto reader = OpenTrace(path, format);
  TraceRequest request;
  while (reader->Next(&request)) requests.push_back(request);
  return requests;
}

std::string Problem(const std::string& text) {
  try {
    ReadAll(File(text));
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(TraceReaderTest, Validation) {
  const auto requests = ReadAll(File("R Hit   31853640   8   4067.0  9.5\nW Doub 7 24 1 0\n\n"));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_FALSE(requests[0].write);
  EXPECT_EQ(requests[0].first, Sector(31853640));
  EXPECT_EQ(requests[0].nr_sectors, 8u);
  EXPECT_EQ(requests[0].response, 4067 * kMicrosecond);
  EXPECT_EQ(requests[0].think, 9500 * kNanosecond);
  EXPECT_FALSE(requests[0].issued.has_value());
  EXPECT_TRUE(requests[1].write);
}

TEST(TraceReaderTest, DiskSim) {
  const auto requests = ReadAll(File("10.5 0 100 8 1\n11.75 2 200 16 0\n"));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].issued, Tick(0));
  EXPECT_FALSE(requests[0].write);
  EXPECT_EQ(requests[1].issued, 1250 * kMicrosecond);
  EXPECT_EQ(requests[1].device, 2u);
  EXPECT_TRUE(requests[1].write);
}

TEST(TraceReaderTest, Msr) {
  const auto requests =
      ReadAll(File("128166372003061629,usr,0,Read,7014609920,24576,41286\n"
                   "128166372003061729,usr,1,Write,1000,100,10\n"));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].first, Sector(7014609920 / 512));
  EXPECT_EQ(requests[0].nr_sectors, 48u);
  EXPECT_EQ(requests[0].response, kNanosecond * 4'128'600);
  EXPECT_EQ(requests[1].issued, 10 * kMicrosecond);
  EXPECT_EQ(requests[1].first, Sector(1));  // bytes 1000 to 1099 touch sectors 1 and 2
  EXPECT_EQ(requests[1].nr_sectors, 2u);
}

TEST(TraceReaderTest, FioVersion2) {
  const auto requests = ReadAll(
      File("fio version 2 iolog\n/dev/sda add\n/dev/sda open\n/dev/sda read 4096 8192\n"
           "/dev/sda wait 250 0\n/dev/sda write 0 512\n/dev/sda sync 0 0\n/dev/sda close\n"));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].first, Sector(8));
  EXPECT_EQ(requests[0].nr_sectors, 16u);
  EXPECT_EQ(requests[1].issued, 250 * kMicrosecond);
  EXPECT_TRUE(requests[1].write);
}

TEST(TraceReaderTest, FioVersion3) {
  const auto requests =
      ReadAll(File("fio version 3 iolog\n1 a add\n1 b add\n3 a read 0 512\n5 b write 512 512\n"));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[1].issued, 2 * kMillisecond);
  EXPECT_EQ(requests[0].device, 0u);
  EXPECT_EQ(requests[1].device, 1u);
}

std::string BlktraceRecord(uint64_t time, uint64_t sector, uint32_t bytes, uint32_t action,
                           const std::string& payload = "") {
  std::array<uint32_t, 12> words{};
  words[0] = 0x65617407;
  std::memcpy(&words[2], &time, sizeof(time));
  std::memcpy(&words[4], &sector, sizeof(sector));
  words[6] = bytes;
  words[7] = action;
  words[11] = static_cast<uint32_t>(payload.size()) << 16;
  std::string record(sizeof(words), '\0');
  std::memcpy(record.data(), words.data(), sizeof(words));
  return record + payload;
}

constexpr uint32_t kQueueRead = 1u << 16 | 1;
constexpr uint32_t kQueueWrite = 1u << 17 | 1;
constexpr uint32_t kIssueRead = 1u << 16 | 7;

TEST(TraceReaderTest, Blktrace) {
  const auto requests = ReadAll(File(BlktraceRecord(1000, 8, 4096, kQueueRead, "name") +
                                     BlktraceRecord(1500, 8, 4096, kIssueRead) +
                                     BlktraceRecord(2000, 64, 512, kQueueWrite) +
                                     BlktraceRecord(2500, 0, 0, kQueueWrite)));
  ASSERT_EQ(requests.size(), 2u);
  EXPECT_EQ(requests[0].first, Sector(8));
  EXPECT_EQ(requests[0].nr_sectors, 8u);
  EXPECT_FALSE(requests[0].write);
  EXPECT_EQ(requests[1].issued, kMicrosecond);
  EXPECT_TRUE(requests[1].write);
}

TEST(TraceReaderTest, BlktraceOfSeveralCpusIsMergedByTime) {
  const std::string path = testing::TempDir() + "several";
  std::ofstream(path + ".blktrace.0")
      << BlktraceRecord(10, 1, 512, kQueueRead) << BlktraceRecord(30, 3, 512, kQueueRead);
  std::ofstream(path + ".blktrace.1") << BlktraceRecord(20, 2, 512, kQueueRead);
  const auto requests = ReadAll(path);
  ASSERT_EQ(requests.size(), 3u);
  for (uint64_t i = 0; i < 3; ++i) EXPECT_EQ(requests[i].first, Sector(i + 1));
}

TEST(TraceReaderTest, DamageIsNamedWithItsLine) {
  EXPECT_NE(Problem("R Hit 1 8 5 0\nX Hit 1 8 5 0\n").find(":2: error: neither R nor W"),
            std::string::npos);
  EXPECT_NE(Problem("R Hit 1 8 5 0\nR Hit 1 8 5\n").find(":2: error: 5 fields"), std::string::npos);
  EXPECT_NE(Problem("R Hit 1 8 5 0\n\nR Hit 1 0 5 0\n").find(":3: error: a request of 0"),
            std::string::npos);
  EXPECT_NE(Problem("2 0 1 8 1\n1 0 1 8 1\n").find(":2: error: the request was issued before"),
            std::string::npos);
  EXPECT_NE(Problem("1,a,0,Red,0,512,1\n").find(":1: error: neither Read nor Write"),
            std::string::npos);
  EXPECT_NE(Problem("fio version 2 iolog\na fry 0 512\n").find(":2: error: there is no action"),
            std::string::npos);
  const std::string record = BlktraceRecord(1, 1, 512, kQueueRead);
  EXPECT_NE(Problem(record + record.substr(0, 20)).find("record 2: the file ends"),
            std::string::npos);
  EXPECT_NE(Problem("hello\n").find("none of the traces"), std::string::npos);
  EXPECT_NE(Problem("").find("empty"), std::string::npos);
}

TEST(TraceReaderTest, FormatsHaveNames) {
  EXPECT_EQ(TraceFormatOf("msr"), TraceFormat::kMsr);
  EXPECT_EQ(TraceFormatOf("blktrace"), TraceFormat::kBlktrace);
  EXPECT_FALSE(TraceFormatOf("pcap").has_value());
}

}  // namespace
}  // namespace biotope
