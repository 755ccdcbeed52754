// What leaves the program, read by others: blkparse, btt, gnuplot.

#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "tests/testing/program.h"

namespace biotope {
namespace {

// A new run directory of the scenario.
std::string RunDirectoryOf(const std::string& scenario) {
  const std::string directory = TempPath(scenario);
  std::filesystem::remove_all(directory);
  const ProgramResult run =
      RunBiotope({"run", "scenarios/" + scenario + ".textproto", "-o", directory});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  return directory;
}

// A row of btt's first table, in seconds.
struct BttRow {
  double min = 0, average = 0, max = 0;
  uint64_t count = 0;
};

std::map<std::string, BttRow> BttTable(const std::string& text) {
  std::map<std::string, BttRow> rows;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.find("Device Overhead") != std::string::npos) break;
    std::istringstream words(line);
    std::string name;
    BttRow row;
    if (words >> name >> row.min >> row.average >> row.max >> row.count) rows[name] = row;
  }
  return rows;
}

class BlktraceTest : public testing::TestWithParam<std::string> {};

TEST_P(BlktraceTest, BlkparseReadsItAndBttAgrees) {
  const std::string directory = RunDirectoryOf(GetParam());
  const std::string name = TempPath(GetParam() + ".trace");
  ASSERT_EQ(RunBiotope({"trace", directory, "--format", "blktrace", "-o", name}).exit_code, 0);

  const ProgramResult blkparse = RunProgram({"blkparse", "-i", name, "-d", name + ".bin"});
  ASSERT_EQ(blkparse.exit_code, 0) << blkparse.err;
  EXPECT_NE(blkparse.out.find("Skips: 0 forward (0 -   0.0%)"), std::string::npos) << blkparse.out;

  const ProgramResult btt = RunProgram({"btt", "-i", name + ".bin"});
  const std::map<std::string, BttRow> rows = BttTable(btt.out);
  const nlohmann::json result = nlohmann::json::parse(ReadWholeFile(directory + "/result.json"));
  size_t compared = 0;
  for (const auto& [stage, ours] : result["biotope"]["btt"].items()) {
    SCOPED_TRACE(stage);
    ASSERT_TRUE(rows.contains(stage)) << btt.out;
    const BttRow& row = rows.at(stage);
    EXPECT_EQ(ours["N"].get<uint64_t>(), row.count);
    EXPECT_NEAR(ours["min_ns"].get<double>(), row.min * 1e9, 0.5);
    EXPECT_NEAR(ours["max_ns"].get<double>(), row.max * 1e9, 0.5);
    EXPECT_NEAR(ours["mean_ns"].get<double>(), row.average * 1e9, 1);
    ++compared;
  }
  EXPECT_GE(compared, 6u);
}

INSTANTIATE_TEST_SUITE_P(Scenarios, BlktraceTest,
                         testing::Values("first_read", "sequential_read", "random_read_direct",
                                         "two_readers"),
                         [](const auto& test) { return test.param; });

TEST(TraceTest, DamagedEventsAreAnError) {
  const std::string directory = RunDirectoryOf("two_readers");
  const std::string path = directory + "/events.pb.gz";
  const std::string events = ReadWholeFile(path);
  for (const size_t keep : {size_t{0}, size_t{10}, events.size() / 2, events.size() - 100}) {
    WriteWholeFile(path, events.substr(0, keep));
    const ProgramResult trace =
        RunBiotope({"trace", directory, "--format", "blktrace", "-o", TempPath("damaged")});
    EXPECT_FALSE(trace.crashed());
    EXPECT_EQ(trace.exit_code, 3) << keep;
    EXPECT_NE(trace.err.find("events.pb.gz"), std::string::npos) << trace.err;
  }
}

class PlotTest : public testing::TestWithParam<std::string> {};

TEST_P(PlotTest, DrawsPercentiles) {
  const std::string figure = TempPath("figure" + GetParam());
  const ProgramResult plot =
      RunBiotope({"plot", "percentiles", RunDirectoryOf("random_read_direct"), "-o", figure});
  ASSERT_EQ(plot.exit_code, 0) << plot.err;
  EXPECT_GT(std::filesystem::file_size(figure), 1000u);
}

INSTANTIATE_TEST_SUITE_P(Formats, PlotTest, testing::Values(".svg", ".png", ".pdf", ".tex"),
                         [](const auto& test) { return test.param.substr(1); });

TEST(PlotTest, KeepsScriptAndDataBesideThePicture) {
  const std::string figure = TempPath("fig.svg");
  const std::string directory = RunDirectoryOf("random_read_direct");
  ASSERT_EQ(RunBiotope({"plot", "percentiles", directory, "-o", figure}).exit_code, 0);
  const std::string svg = ReadWholeFile(figure);
  EXPECT_NE(svg.find("<metadata>random_read_direct: "), std::string::npos);
  // The script draws the same picture again, apart from what gnuplot has no place for.
  const std::string script = ReadWholeFile(TempPath("fig.gp"));
  EXPECT_NE(script.find("99.9 %%"), std::string::npos) << script;
  EXPECT_NE(ReadWholeFile(TempPath("fig.dat")).find("# random_read_direct"), std::string::npos);
  // And so does a second call, byte for byte.
  ASSERT_EQ(RunBiotope({"plot", "percentiles", directory, "-o", figure}).exit_code, 0);
  EXPECT_TRUE(svg == ReadWholeFile(figure));
}

TEST(PlotTest, SaysWhatItCannotDraw) {
  const ProgramResult kind = RunBiotope({"plot", "percentile", "x", "-o", TempPath("f.svg")});
  EXPECT_EQ(kind.exit_code, 2);
  EXPECT_NE(kind.err.find("did you mean \"percentiles\"?"), std::string::npos) << kind.err;
  const ProgramResult directory =
      RunBiotope({"plot", "percentiles", TempPath("nowhere"), "-o", TempPath("f.svg")});
  EXPECT_EQ(directory.exit_code, 4);
  EXPECT_NE(directory.err.find("biotope run SCENARIO -o"), std::string::npos) << directory.err;
}

}  // namespace
}  // namespace biotope
