// The readahead of Linux 2.6.37 against what the kernel's own functions do: 150 random workloads.

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "layers/page_cache/readahead_on_demand.h"
#include "tests/layers/page_cache/on_demand_driver.h"

namespace biotope {
namespace {

const ReadaheadOnDemand kReadahead;

struct Vector {
  std::string name;
  uint64_t file_size;
  uint64_t ra_pages;
  std::string calls;
  std::string io;
};

std::vector<Vector> LoadVectors(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "case,file_size,ra_pages,calls,io");
  std::vector<Vector> vectors;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    std::string size, ra_pages;
    Vector v;
    std::getline(fields, v.name, ',');
    std::getline(fields, size, ',');
    std::getline(fields, ra_pages, ',');
    std::getline(fields, v.calls, ',');
    std::getline(fields, v.io);
    v.file_size = std::stoull(size);
    v.ra_pages = std::stoull(ra_pages);
    vectors.push_back(v);
  }
  return vectors;
}

// "4096:512" reads 512 bytes at 4096. Pages: "x5:2" evicts 5 and 6, "w5:2" is WILLNEED. "R", "N"
// and "S" are advice for the file; "c1" and "c0": the device is congested, or no more; "m9": memory
// has room for 9 pages of readahead, "m0": for all.
void Do(OnDemandDriver& file, const std::string& call, uint64_t ra_pages) {
  const size_t digits = call.find_first_of("0123456789");
  const uint64_t a = digits == std::string::npos ? 0 : std::stoull(call.substr(digits));
  const size_t colon = call.find(':');
  const uint64_t b = colon == std::string::npos ? 0 : std::stoull(call.substr(colon + 1));
  switch (call.front()) {
    case 'x':
      return file.cache().Remove(a, a + b);
    case 'w':
      return file.WillNeed(a, b);
    case 'R':
      return kReadahead.Advise(file.ra(), ReadAdvice::kRandom, ra_pages);
    case 'N':
      return kReadahead.Advise(file.ra(), ReadAdvice::kNormal, ra_pages);
    case 'S':
      return kReadahead.Advise(file.ra(), ReadAdvice::kSequential, ra_pages);
    case 'c':
      return file.set_congested(a == 1);
    case 'm':
      return file.set_sane_pages(a == 0 ? UINT64_MAX : a);
    default:
      return file.Read(a, b);
  }
}

TEST(Readahead2637Vectors, All150Agree) {
  const std::vector<Vector> vectors =
      LoadVectors("tests/layers/page_cache/readahead_2_6_37_vectors.csv");
  ASSERT_EQ(vectors.size(), 150u);
  for (const Vector& v : vectors) {
    OnDemandDriver file(kReadahead, v.file_size, v.ra_pages);
    std::istringstream calls(v.calls);
    for (std::string call; calls >> call;) Do(file, call, v.ra_pages);
    EXPECT_EQ(file.TakeIo(), v.io) << "case " << v.name;
  }
}

}  // namespace
}  // namespace biotope
