// The readahead of Linux 2.6.11 against what the kernel's own functions do: 300 random workloads.

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "layers/page_cache/readahead_two_windows.h"
#include "tests/layers/page_cache/readahead_driver.h"

namespace biotope {
namespace {

struct Vector {
  std::string name;
  uint64_t file_size;
  uint64_t ra_pages;
  std::string reads;  // position:length, in bytes
  std::string io;
};

std::vector<Vector> LoadVectors(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "case,file_size,ra_pages,reads,io");
  std::vector<Vector> vectors;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string size, ra_pages;
    Vector v;
    std::getline(fields, v.name, ',');
    std::getline(fields, size, ',');
    std::getline(fields, ra_pages, ',');
    std::getline(fields, v.reads, ',');
    std::getline(fields, v.io);
    v.file_size = std::stoull(size);
    v.ra_pages = std::stoull(ra_pages);
    vectors.push_back(v);
  }
  return vectors;
}

TEST(ReadaheadVectors, All300Agree) {
  const std::vector<Vector> vectors =
      LoadVectors("tests/layers/page_cache/readahead_2_6_11_vectors.csv");
  ASSERT_EQ(vectors.size(), 300u);
  const ReadaheadTwoWindows readahead;
  for (const Vector& v : vectors) {
    ReadaheadDriver file(readahead, v.file_size, v.ra_pages);
    std::istringstream reads(v.reads);
    uint64_t position, length;
    char colon;
    while (reads >> position >> colon >> length) file.Read(position, length);
    EXPECT_EQ(file.TakeIo(), v.io) << "case " << v.name;
  }
}

}  // namespace
}  // namespace biotope
