// The commands of README.md and docs/ do what they say: each line of a ```sh block is run, in the
// order of the page, by a shell in a copy of the scenarios.

#include <gtest/gtest.h>

#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/testing/program.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

// The lines of the ```sh blocks. Those that build or test the tree are not run by a test of the
// tree: tools/run is replaced by the program, the others are left out.
std::vector<std::string> CommandsOf(const std::string& page) {
  std::vector<std::string> commands;
  std::istringstream lines(page);
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("```")) {
      inside = line == "```sh";
      continue;
    }
    if (!inside || line.empty() || line.starts_with("#")) continue;
    if (line.starts_with("tools/run ")) line = "$biotope run " + line.substr(10);
    if (line.starts_with("tools/") || line.starts_with("biotope=") || line.starts_with("bazel ")) {
      continue;
    }
    commands.push_back(line);
  }
  return commands;
}

class DocsTest : public testing::TestWithParam<std::string> {};

TEST_P(DocsTest, CommandsRun) {
  const std::vector<std::string> commands = CommandsOf(ReadWholeFile(GetParam()));
  const fs::path work = TempPath("work");
  fs::remove_all(work);
  fs::create_directories(work);
  fs::copy("scenarios", work / "scenarios",
           fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  std::string script = "set -eu\nbiotope=" + fs::absolute("sim/cli/biotope").string() + "\ncd " +
                       work.string() + "\n";
  for (const std::string& command : commands) script += command + "\n";
  const ProgramResult shell = RunProgram({"sh", "-c", script});
  EXPECT_EQ(shell.exit_code, 0) << script << shell.err;
}

INSTANTIATE_TEST_SUITE_P(Pages, DocsTest,
                         testing::Values("README.md", "docs/cli.md", "docs/read-path.md",
                                         "docs/readahead.md", "docs/aio.md"),
                         [](const auto& page) {
                           std::string name = fs::path(page.param).stem().string();
                           for (char& c : name) c = c == '-' ? '_' : c;
                           return name;
                         });

// The numbers that README.md shows are those that the program prints.
TEST(ReadmeTest, ShowsRealOutput) {
  const std::string readme = ReadWholeFile("README.md");
  const size_t begin = readme.find("where the time goes (");
  const size_t end = readme.find("```", begin);
  ASSERT_NE(begin, std::string::npos);
  const ProgramResult run = RunBiotope({"run", "scenarios/first_read.textproto"});
  EXPECT_NE(run.out.find(readme.substr(begin, end - begin)), std::string::npos) << run.out;
}

}  // namespace
}  // namespace biotope
