#include "sim/scenario/scenario_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

// A directory of its own for each test.
class ScenarioFileTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const char* base = std::getenv("TEST_TMPDIR");
    directory_ = fs::path(base == nullptr ? ::testing::TempDir() : base) /
                 ::testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(directory_);
    fs::create_directories(directory_);
  }
  void TearDown() override { fs::remove_all(directory_); }

  std::string Write(const std::string& name, const std::string& text) {
    const fs::path path = directory_ / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << text;
    return path.string();
  }

  fs::path directory_;
};

TEST_F(ScenarioFileTest, Loads) {
  const std::string path = Write("first.textproto", std::string(kGoodScenario));
  const ScenarioFile file = ScenarioFile::Load(path, {"seed=5"}, TestProfiles());
  EXPECT_EQ(file.path(), path);
  EXPECT_EQ(file.directory(), directory_.string());
  EXPECT_EQ(file.resolved().title(), "first");
  EXPECT_EQ(file.resolved().seed(), 5u);
  EXPECT_EQ(file.inputs()[0].contents, kGoodScenario);
}

TEST_F(ScenarioFileTest, WhatCannotBeReadIsTheEnvironmentsFault) {
  EXPECT_THAT(
      [] { ScenarioFile::Load("no/such/file", {}, TestProfiles()); },
      ThrowsMessage<EnvironmentError>("cannot read no/such/file: No such file or directory"));
  EXPECT_THAT([&] { ScenarioFile::Load(directory_.string(), {}, TestProfiles()); },
              ThrowsMessage<EnvironmentError>(HasSubstr("it is a directory")));
}

TEST_F(ScenarioFileTest, ADeviceWithoutEndIsCutOff) {
  EXPECT_THAT([] { ScenarioFile::Load("/dev/zero", {}, TestProfiles()); },
              ThrowsMessage<ScenarioError>(HasSubstr("has more than 1048576 bytes")));
}

TEST_F(ScenarioFileTest, ImagesCountFromTheScenario) {
  const std::string synthesize =
      "synthesize { size: \"64m\" file { path: \"dir/a\" size: \"1m\" } }";
  const std::string path = Write("in/s.textproto", Edited(synthesize, "image: \"../disk.img\""));
  const ScenarioFile file = ScenarioFile::Load(path, {}, TestProfiles());
  EXPECT_EQ(file.image_path(), (directory_ / "in" / ".." / "disk.img").string());

  // A copy of the resolved scenario elsewhere means the same image.
  const std::string copy =
      Write("runs/first/s.textproto", file.ResolvedText((directory_ / "runs" / "first").string()));
  const ScenarioFile again = ScenarioFile::Load(copy, {}, TestProfiles());
  EXPECT_EQ(again.resolved().filesystem().image(), "../../disk.img");
  EXPECT_EQ(fs::path(again.image_path()).lexically_normal(), directory_ / "disk.img");
}

TEST(ScenarioFileTextTest, DirectoryOfABareName) {
  const ScenarioFile file = LoadText(std::string(kGoodScenario));
  EXPECT_EQ(file.directory(), ".");
  EXPECT_EQ(file.image_path(), "");
}

TEST(ScenarioFileTextTest, AbsoluteImagesStayAsTheyAre) {
  const ScenarioFile file = LoadText(Edited(
      "synthesize { size: \"64m\" file { path: \"dir/a\" size: \"1m\" } }", "image: \"/x.img\""));
  EXPECT_EQ(file.image_path(), "/x.img");
  EXPECT_THAT(file.ResolvedText("/somewhere"), HasSubstr("image: \"/x.img\""));
}

TEST(ScenarioFileTextTest, AllWrongSetsAreReported) {
  EXPECT_EQ(DiagnosticsOf(std::string(kGoodScenario),
                          {"sed=1", "seed=1", "process[name=reder].fio.bs=1k", "seed"}),
            R"(--set sed=1: error: Scenario has no field "sed"; did you mean "seed"?
sed=1
^~~
  note: fields of Scenario: schema_version, title, seed, kernel, machine, block_device, filesystem, process
--set process[name=reder].fio.bs=1k: error: process has no entry with name "reder"; did you mean "reader"?
process[name=reder].fio.bs=1k
        ^~~~~~~~~~
  note: name: reader, calls
--set seed: error: expected PATH=VALUE
seed
    ^)");
}

TEST(ScenarioFileTextTest, MistakesOfMeaningInSetsAreLocatedThere) {
  EXPECT_EQ(DiagnosticsOf(Edited("rw: RANDREAD", "bs: \"0\""),
                          {"block_device.queue.nr_requests=1", "process[1].script={repeat: 0}"}),
            R"(s.textproto:13:28: error: process[0].fio.bs must be in [1, 1g], got 0
  fio { filename: "/dir/a" bs: "0" }
                           ^~
--set block_device.queue.nr_requests=1: error: block_device.queue.nr_requests must be in [4, 65536], got 1
block_device.queue.nr_requests=1
^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~
--set process[1].script={repeat: 0}: error: process[1].script.repeat must be at least 1, got 0
process[1].script={repeat: 0}
^~~~~~~~~~~~~~~~~
--set process[1].script={repeat: 0}: error: process[1].script.call is required
process[1].script={repeat: 0}
^~~~~~~~~~~~~~~~~)");
}

TEST(ScenarioFileTextTest, WhatASetMadeOnTheWayIsLocatedThere) {
  EXPECT_EQ(DiagnosticsOf(std::string(kGoodScenario), {"process[+].name=idle"}),
            R"(--set process[+].name=idle: error: process[2] needs one of: fio, script
process[+].name=idle
^~~~~~~~~~~~~~~)");
}

TEST(ScenarioFileTextTest, ASetCanRepairTheFile) {
  EXPECT_EQ(DiagnosticsOf(Edited("rw: RANDREAD", "bs: \"0\""), {"process[name=reader].fio.bs=8k"}),
            "");
}

TEST(ScenarioFileTextTest, LaterStagesFindThePlacesOfTheirProblems) {
  const ScenarioFile file = LoadText(std::string(kGoodScenario), {"process[0].fio.size=2m"});
  EXPECT_EQ(file.Format({
                {"process[0].fio.size", "the file has 1048576 bytes", {"size is 2m"}},
                {"process[0].fio.bs", "a field that is a default", {}},
                {"block_device.device.fixed_latency.capacity_sectors", "too small", {}},
                {"process[0].fio.filename", "not in the image", {}},
                {"", "everything is wrong", {}},
            }),
            R"(s.textproto:1:1: error: everything is wrong
s.textproto:13:3: error: a field that is a default
  fio { filename: "/dir/a" rw: RANDREAD }
  ^~~
s.textproto:13:9: error: not in the image
  fio { filename: "/dir/a" rw: RANDREAD }
        ^~~~~~~~
--set process[0].fio.size=2m: error: the file has 1048576 bytes
process[0].fio.size=2m
^~~~~~~~~~~~~~~~~~~
  note: size is 2m
configs/devices/flat.textproto:2:37: error: too small
fixed_latency { service_ns: 5000000 capacity_sectors: 1000000 }
                                    ^~~~~~~~~~~~~~~~)");
}

TEST(ScenarioFileTextTest, OfVeryManyMistakesTheFirstAreShown) {
  std::string text(kGoodScenario);
  for (int i = 0; i < 150; ++i) text += "process { name: \"p\" }\n";
  const std::string diagnostics = DiagnosticsOf(text);
  // 150 processes without work, 149 with a name that is taken.
  EXPECT_THAT(diagnostics, ::testing::EndsWith("\n... and 199 errors more"));
}

TEST(ScenarioFileTextTest, EntriesOfAListAreLocated) {
  const std::string text =
      Edited(R"(profile: "test-1.0")", R"(profile: "test-1.0" schedulers: ["noop", "deadlin"])");
  EXPECT_THAT(DiagnosticsOf(text),
              StartsWith("s.textproto:2:30: error: kernel.schedulers[1]: \"deadlin\" is not a "
                         "scheduler of this program; did you mean \"deadline\"?\n"));
}

TEST(ScenarioFileTextTest, ManyProcessesLoadQuickly) {
  std::string text(kGoodScenario);
  for (int i = 0; i < 10000; ++i) {
    text += "process { fio { filename: \"/dir/a\" size: \"8k\" } }\n";
  }
  EXPECT_EQ(LoadText(text).resolved().process_size(), 10002);
}

}  // namespace
}  // namespace biotope
