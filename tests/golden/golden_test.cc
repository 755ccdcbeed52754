// The shipped scenarios as whole runs: what they print is compared with files, which
// tools/update_golden writes anew, and must not depend on the engine's back end.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "tests/testing/program.h"

namespace biotope {
namespace {

class GoldenTest : public testing::TestWithParam<std::string> {
 protected:
  static std::string Scenario() { return "scenarios/" + GetParam() + ".textproto"; }

  // A run directory of the scenario.
  static std::string Run(const std::string& name, const std::string& engine) {
    const std::string directory = TempPath(name);
    const ProgramResult run = RunBiotope({"run", Scenario(), "-o", directory, "--engine", engine});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    return directory;
  }
};

TEST_P(GoldenTest, PrintsWhatItAlwaysPrints) {
  const ProgramResult run = RunBiotope({"run", Scenario()});
  EXPECT_EQ(run.exit_code, 0) << run.err;
  EXPECT_EQ(run.out, ReadWholeFile("tests/golden/data/" + GetParam() + ".txt"))
      << "if this is meant to change, run tools/update_golden and say why in CHANGELOG.md";
}

TEST_P(GoldenTest, GivesTheSameBytesWithEveryBackEnd) {
  const std::string fast = Run(GetParam() + ".ff", "fast-forward");
  const std::string again = Run(GetParam() + ".again", "fast-forward");
  const std::string shim = Run(GetParam() + ".shim", "shim");
  const std::string plain = Run(GetParam() + ".public", "public");
  for (const char* file :
       {"/scenario.textproto", "/summary.txt", "/result.json", "/result.pb", "/events.pb.gz"}) {
    const std::string expected = ReadWholeFile(fast + file);
    EXPECT_TRUE(expected == ReadWholeFile(again + file)) << file;
    EXPECT_TRUE(expected == ReadWholeFile(shim + file)) << file;
    EXPECT_TRUE(expected == ReadWholeFile(plain + file)) << file;
  }
}

// The resolved scenario has every default written out, so it needs no profile and no other file.
TEST_P(GoldenTest, RunsAgainFromItsRunDirectory) {
  const std::string directory = Run(GetParam() + ".first", "fast-forward");
  const ProgramResult again = RunBiotope({"run", directory + "/scenario.textproto"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(again.out, ReadWholeFile(directory + "/summary.txt"));
}

TEST_P(GoldenTest, LayersAddUpExactly) {
  const ProgramResult run = RunBiotope({"run", Scenario(), "--output-format", "json"});
  const nlohmann::json result = nlohmann::json::parse(run.out);
  uint64_t sum = 0;
  for (const nlohmann::json& layer : result["biotope"]["breakdown"]) {
    sum += layer["total_ps"].get<uint64_t>();
  }
  EXPECT_GT(sum, 0u);
  EXPECT_EQ(sum, result["biotope"]["total_ps"].get<uint64_t>());
}

INSTANTIATE_TEST_SUITE_P(Scenarios, GoldenTest,
                         testing::Values("first_read", "sequential_read", "random_read_direct",
                                         "two_readers", "aio_queue"),
                         [](const auto& test) { return test.param; });

}  // namespace
}  // namespace biotope
