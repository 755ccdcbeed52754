// Readahead of Linux 6.18 against a recorded kernel: which folios each system call adds to the page
// cache. Made from the recordings that recorded_reads_6_18_test reads; cases that differ only in
// the file system are one here.

#include <gtest/gtest.h>

#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "tests/layers/page_cache/filemap_replay.h"

namespace biotope {
namespace {

struct Vector {
  FilemapWorkload workload;
  std::string folios;
};

// "read 0 4096*3": three times.
void ParseOps(const std::string& text, std::vector<std::string>& ops) {
  std::istringstream in(text);
  for (std::string op; std::getline(in, op, ';');) {
    const size_t times = op.find('*');
    const size_t count = times == std::string::npos ? 1 : std::stoull(op.substr(times + 1));
    ops.insert(ops.end(), count, op.substr(0, times));
  }
}

std::vector<Vector> LoadVectors(const std::string& path) {
  std::ifstream file(path);
  EXPECT_TRUE(file) << path;
  std::string line;
  std::getline(file, line);
  EXPECT_EQ(line, "case,ra_pages,io_pages,max_folio_order,files,ops,folios");
  std::vector<Vector> vectors;
  while (std::getline(file, line)) {
    std::istringstream fields(line);
    const auto next = [&fields] {
      std::string field;
      std::getline(fields, field, ',');
      return field;
    };
    Vector v;
    v.workload.name = next();
    v.workload.ra_pages = std::stoull(next());
    v.workload.io_pages = std::stoull(next());
    v.workload.max_folio_order = static_cast<uint8_t>(std::stoul(next()));
    std::istringstream files(next());
    for (std::string one; files >> one;) {
      const size_t colon = one.find(':');
      v.workload.files[one.substr(0, colon)].size = std::stoull(one.substr(colon + 1));
    }
    ParseOps(next(), v.workload.ops);
    v.folios = next();
    vectors.push_back(v);
  }
  return vectors;
}

TEST(Readahead618Vectors, All61Agree) {
  const std::vector<Vector> vectors =
      LoadVectors("tests/layers/page_cache/readahead_6_18_vectors.csv");
  ASSERT_EQ(vectors.size(), 61u);
  for (const Vector& v : vectors) {
    EXPECT_EQ(ShowFolios(ReplayFilemap(v.workload).folios), v.folios) << v.workload.name;
  }
}

}  // namespace
}  // namespace biotope
