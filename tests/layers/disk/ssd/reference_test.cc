// Against the results of MQSim with its default configuration, which were measured for biotope:
// $BIOTOPE_SHARED/validation/ssd. Its means are integer microseconds, cut off.

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "layers/disk/ssd/ssd_model.h"
#include "tests/layers/disk/ssd/closed_loop.h"
#include "tests/layers/disk/ssd/reference_ssd.h"

namespace biotope {
namespace {

using Row = std::map<std::string, std::string>;

std::vector<std::string> Split(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

std::vector<Row> ReadRows(const std::string& path) {
  std::ifstream file(path);
  std::vector<Row> rows;
  std::string line;
  std::getline(file, line);
  const std::vector<std::string> names = Split(line);
  while (std::getline(file, line)) {
    const std::vector<std::string> cells = Split(line);
    Row row;
    for (size_t i = 0; i < cells.size() && i < names.size(); ++i) row[names[i]] = cells[i];
    rows.push_back(row);
  }
  return rows;
}

uint32_t Number(const Row& row, const std::string& name) {
  return static_cast<uint32_t>(std::stoul(row.at(name)));
}

double MeanOf(const Row& row) {
  SsdParameters parameters = ReferenceSsd(row.at("mapping") == "ideal");
  if (row.at("device_cache") == "off") parameters.buffer = {};
  SsdModel ssd(parameters);
  ClosedLoop load;
  load.write = row.at("operation") == "write";
  load.streaming = row.at("address_distribution") == "streaming";
  load.nr_sectors = Number(row, "request_bytes") / kSectorSize;
  load.queue_depth = Number(row, "queue_depth");
  load.requests = Number(row, "requests");
  return load.Run(ssd).mean_us();
}

TEST(ReferenceTest, MeanResponseTimes) {
  const char* shared = std::getenv("BIOTOPE_SHARED");
  if (shared == nullptr) GTEST_SKIP() << "BIOTOPE_SHARED is not set";
  const std::string path = std::string(shared) + "/validation/ssd/mqsim_results.csv";
  if (!std::ifstream(path)) GTEST_SKIP() << "no " << path;
  const std::vector<Row> rows = ReadRows(path);
  ASSERT_EQ(rows.size(), 31u);
  for (const Row& row : rows) {
    // A mean of 88 is between 88 and 89.
    const double expected = std::stod(row.at("mean_response_us")) + 0.5;
    const double tolerance =
        row.at("mapping") == "ideal" && row.at("operation") == "read" ? 0.05 : 0.10;
    EXPECT_NEAR(MeanOf(row), expected, expected * tolerance)
        << row.at("mapping") << ' ' << row.at("address_distribution") << ' ' << row.at("operation")
        << ' ' << row.at("request_bytes") << " bytes, " << row.at("queue_depth")
        << " outstanding, cache " << row.at("device_cache");
  }
}

// The mapping cache fills, and MQSim never programs the translation pages that leave it: the longer
// the run, the more look-ups end in memory. Means from the README beside the results.
TEST(ReferenceTest, ALongerRunFindsMoreOfTheMappingInMemory) {
  SsdModel ssd(ReferenceSsd(false));
  ClosedLoop load{.alignment = 16, .queue_depth = 16, .requests = 1'000'000};
  EXPECT_NEAR(load.Run(ssd).mean_us(), 147.5, 147.5 * 0.05);
}

}  // namespace
}  // namespace biotope
