// Commands, exit codes and streams (docs/cli.md).

#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/testing/program.h"

namespace biotope {
namespace {

constexpr const char* kFirstRead = "scenarios/first_read.textproto";

bool Contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(CommandLineTest, ResultsGoToStandardOutputAndTheRestToStandardError) {
  const ProgramResult run = RunBiotope({"run", kFirstRead});
  EXPECT_EQ(run.exit_code, 0);
  EXPECT_TRUE(Contains(run.out, "where the time goes"));
  EXPECT_FALSE(Contains(run.out, "wall"));
  EXPECT_TRUE(Contains(run.err, "s wall"));
  const ProgramResult quiet = RunBiotope({"run", "--quiet", kFirstRead});
  EXPECT_EQ(quiet.out, run.out);
  // A sanitizer may have something to say about SimGrid's stacks.
  EXPECT_FALSE(Contains(quiet.err, "wall"));
}

TEST(CommandLineTest, JsonIsOneDocument) {
  const ProgramResult run = RunBiotope({"run", kFirstRead, "--output-format", "json"});
  const nlohmann::json result = nlohmann::json::parse(run.out);
  EXPECT_EQ(result["jobs"][0]["jobname"], "reader");
  EXPECT_EQ(result["biotope"]["breakdown"].back()["layer"], "disk");
}

TEST(CommandLineTest, WrongUsageIsExitTwo) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{}, "A subcommand is required"},
      {{"runn", kFirstRead}, "did you mean \"run\"?"},
      {{"run"}, "SCENARIO is required"},
      {{"run", kFirstRead, "--sett", "seed=2"}, "--sett"},
      {{"run", kFirstRead, "--output-format", "xml"}, "xml"},
      {{"list", "device"}, "did you mean \"devices\"?"},
      {{"help", "plott"}, "no command \"plott\""},
      {{"trace", "x", "--format", "perf", "-o", "y"}, "perf"},
  };
  for (const auto& [arguments, message] : cases) {
    SCOPED_TRACE(message);
    const ProgramResult result = RunBiotope(arguments);
    EXPECT_EQ(result.exit_code, 2);
    EXPECT_EQ(result.out, "");
    EXPECT_TRUE(Contains(result.err, message)) << result.err;
  }
}

TEST(CommandLineTest, MissingFilesAreExitFour) {
  const ProgramResult run = RunBiotope({"run", TempPath("nothing.textproto")});
  EXPECT_EQ(run.exit_code, 4);
  EXPECT_TRUE(Contains(run.err, "nothing.textproto")) << run.err;
}

TEST(CommandLineTest, ARunDirectoryIsNeverOverwritten) {
  const std::string directory = TempPath("kept");
  ASSERT_EQ(RunBiotope({"run", kFirstRead, "-o", directory}).exit_code, 0);
  const std::string result = ReadWholeFile(directory + "/result.json");
  const ProgramResult again = RunBiotope({"run", kFirstRead, "--seed", "2", "-o", directory});
  EXPECT_EQ(again.exit_code, 4);
  EXPECT_TRUE(Contains(again.err, "exists already")) << again.err;
  EXPECT_TRUE(result == ReadWholeFile(directory + "/result.json"));
}

// Nothing half-written stays behind when a run fails.
TEST(CommandLineTest, AFailedRunLeavesNoTemporaryDirectory) {
  const std::string parent = TempPath("failing");
  const ProgramResult run = RunBiotope({"run", kFirstRead, "-o", parent + "/run", "--set",
                                        "process[0].script.call[1].expect=\"5\""});
  EXPECT_EQ(run.exit_code, 1);
  EXPECT_TRUE(Contains(run.err, "script.call[1] returned 4096, expected 5")) << run.err;
  for (const auto& entry : std::filesystem::directory_iterator(parent)) {
    EXPECT_EQ(entry.path().filename(), "run");  // a failed run is kept whole, with its failure
  }
  EXPECT_TRUE(
      Contains(ReadWholeFile(parent + "/run/summary.txt"), "FAILED: reader: script.call[1]"));
}

TEST(CommandLineTest, AnInterruptedRunLeavesNothing) {
  const std::string parent = TempPath("interrupted");
  std::filesystem::create_directories(parent);
  const ProgramResult run =
      RunProgram({"timeout", "--preserve-status", "--signal=INT", "1", "sim/cli/biotope", "run",
                  "scenarios/random_read_direct.textproto", "-o", parent + "/run", "--set",
                  "process[0].fio.number_ios=100000000", "--set", "process[0].fio.time_based=1",
                  "--set", "process[0].fio.runtime=\"1d\""});
  EXPECT_EQ(run.exit_code, 130) << run.err;
  EXPECT_EQ(run.out, "");
  EXPECT_TRUE(Contains(run.err, "interrupted after")) << run.err;
  EXPECT_TRUE(std::filesystem::is_empty(parent));
}

TEST(CommandLineTest, ListsWhatScenariosCanName) {
  EXPECT_TRUE(Contains(RunBiotope({"list", "kernels"}).out, "linux-2.6.11\n"));
  EXPECT_TRUE(Contains(RunBiotope({"list", "devices"}).out, "cheetah-15k5\n"));
  EXPECT_TRUE(Contains(RunBiotope({"list", "cpus"}).out, "pentium4-2.8\n"));
  EXPECT_TRUE(Contains(RunBiotope({"list", "io-schedulers"}).out, "deadline\n"));
  EXPECT_TRUE(Contains(RunBiotope({"list", "layers"}).out, "page_cache\n"));
}

TEST(CommandLineTest, DescribesFieldsFromTheSchema) {
  const ProgramResult field = RunBiotope({"describe", "process.fio.bs"});
  EXPECT_EQ(field.exit_code, 0);
  EXPECT_TRUE(Contains(field.out, "Block size of each I/O")) << field.out;
  const ProgramResult unknown = RunBiotope({"describe", "process.fio.bss"});
  EXPECT_NE(unknown.exit_code, 0);
  EXPECT_TRUE(Contains(unknown.err, "did you mean")) << unknown.err;
}

TEST(CommandLineTest, ValidateChecksEveryFile) {
  const std::string broken = TempPath("broken.textproto");
  WriteWholeFile(broken, "schema_version: 1\nkernle {}\n");
  const ProgramResult result = RunBiotope({"validate", broken, kFirstRead});
  EXPECT_EQ(result.exit_code, 3);
  EXPECT_TRUE(Contains(result.out, "first_read.textproto: ok")) << result.out;
  EXPECT_TRUE(Contains(result.err, "broken.textproto:2:1: error: ")) << result.err;
  EXPECT_TRUE(Contains(result.err, "did you mean \"kernel\"?")) << result.err;
}

TEST(CommandLineTest, VersionAndHelp) {
  EXPECT_TRUE(RunBiotope({"version"}).out.starts_with("biotope "));
  EXPECT_TRUE(nlohmann::json::parse(RunBiotope({"version", "--json"}).out).contains("commit"));
  const ProgramResult help = RunBiotope({"--help"});
  EXPECT_EQ(help.exit_code, 0);
  for (const char* command : {"run", "validate", "describe", "list", "trace", "plot", "version"}) {
    EXPECT_TRUE(Contains(help.out, command)) << command;
    EXPECT_EQ(RunBiotope({"help", command}).exit_code, 0) << command;
  }
}

}  // namespace
}  // namespace biotope
