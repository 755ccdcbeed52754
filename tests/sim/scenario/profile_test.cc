#include "sim/scenario/profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using ::testing::ThrowsMessage;

// The kernel of kGoodScenario with other fields of its own.
Kernel KernelWith(const std::string& fields) {
  return LoadText(Edited(R"(profile: "test-1.0")", R"(profile: "test-1.0" )" + fields))
      .resolved()
      .kernel();
}

std::vector<std::string> Functions(const Kernel& kernel) {
  std::vector<std::string> names;
  for (const Cost& cost : kernel.cost()) names.push_back(cost.function());
  return names;
}

TEST(ProfileTest, GivesWhatTheScenarioDoesNot) {
  const Kernel kernel = KernelWith("");
  EXPECT_EQ(kernel.profile(), "test-1.0");
  EXPECT_EQ(kernel.hz(), 1000u);
  EXPECT_EQ(kernel.readahead(), Kernel::READAHEAD_TWO_WINDOWS);
  EXPECT_THAT(kernel.schedulers(), ElementsAre("noop", "deadline"));
  EXPECT_THAT(Functions(kernel), ElementsAre("submit_bio", "vfs_read"));
}

TEST(ProfileTest, TheScenariosScalarsAndListsWin) {
  const Kernel kernel = KernelWith(R"(hz: 100 schedulers: "deadline")");
  EXPECT_EQ(kernel.hz(), 100u);
  EXPECT_EQ(kernel.timeslice_ms(), 100u);
  EXPECT_THAT(kernel.schedulers(), ElementsAre("deadline"));
}

TEST(ProfileTest, CostsAreMergedByFunction) {
  const Kernel kernel = KernelWith(R"(cost { function: "vfs_read" cycles: 7 })");
  EXPECT_THAT(Functions(kernel), ElementsAre("submit_bio", "vfs_read"));
  EXPECT_EQ(kernel.cost(0).cycles(), 150u);
  EXPECT_EQ(kernel.cost(1).cycles(), 7u);
}

TEST(ProfileTest, FieldsOfACostAreMergedToo) {
  const Kernel kernel = KernelWith(R"(cost { function: "submit_bio" millicycles_per_unit: 9 })");
  EXPECT_EQ(kernel.cost(0).cycles(), 150u);
  EXPECT_EQ(kernel.cost(0).millicycles_per_unit(), 9u);
  EXPECT_EQ(kernel.cost(0).unit(), "page");
}

TEST(ProfileTest, ASetArgumentOverridesOneCost) {
  const ScenarioFile file =
      LoadText(std::string(kGoodScenario), {"kernel.cost[function=vfs_read].cycles=3"});
  EXPECT_THAT(Functions(file.resolved().kernel()), ElementsAre("submit_bio", "vfs_read"));
  EXPECT_EQ(file.resolved().kernel().cost(1).cycles(), 3u);
}

TEST(ProfileTest, ASetArgumentCanNameTheProfile) {
  TestProfiles profiles;
  profiles.Add("configs/cpus/fast.textproto", "frequency_khz: 4000000");
  const ScenarioFile file = ScenarioFile::FromText("s.textproto", std::string(kGoodScenario),
                                                   {"machine.cpu.profile=fast"}, profiles);
  EXPECT_EQ(file.resolved().machine().cpu().frequency_khz(), 4000000u);
}

TEST(ProfileTest, AnotherArmOfTheScenarioDropsTheProfiles) {
  TestProfiles profiles;
  profiles.Add("configs/devices/disk.textproto", "hdd {}");
  const std::string text =
      Edited(R"(profile: "flat")",
             R"(profile: "disk" fixed_latency { service_ns: 7 capacity_sectors: 900000 })");
  const ScenarioFile file = ScenarioFile::FromText("s.textproto", text, {}, profiles);
  EXPECT_EQ(file.resolved().block_device().device().fixed_latency().service_ns(), 7u);
}

TEST(ProfileTest, MessagesAreMergedFieldByField) {
  const ScenarioFile file =
      LoadText(Edited(R"(profile: "flat")", R"(profile: "flat" fixed_latency { service_ns: 7 })"));
  EXPECT_EQ(file.resolved().block_device().device().fixed_latency().service_ns(), 7u);
  EXPECT_EQ(file.resolved().block_device().device().fixed_latency().capacity_sectors(), 1000000u);
}

TEST(ProfileTest, TheInputsAreTheScenarioAndItsProfiles) {
  const ScenarioFile file = LoadText(std::string(kGoodScenario));
  std::vector<std::string> paths;
  for (const InputFile& input : file.inputs()) paths.push_back(input.path);
  EXPECT_THAT(paths, ElementsAre("s.textproto", "configs/kernels/test-1.0.textproto",
                                 "configs/cpus/slow.textproto", "configs/devices/flat.textproto"));
  EXPECT_EQ(file.inputs()[0].contents, kGoodScenario);
}

TEST(ProfileTest, ABrokenProfileIsReportedAtItsPlace) {
  const auto load = [](const std::string& contents) {
    TestProfiles profiles;
    profiles.Add("configs/cpus/bad.textproto", contents);
    ScenarioFile::FromText("s.textproto", Edited(R"("slow")", R"("bad")"), {}, profiles);
  };
  EXPECT_THAT([&] { load("frequency_kHz: 1"); },
              ThrowsMessage<ScenarioError>(StartsWith(
                  "configs/cpus/bad.textproto:1:1: error: Cpu has no field \"frequency_kHz\"; "
                  "did you mean \"frequency_khz\"?\n")));
  EXPECT_THAT([&] { load("\nfrequency_khz: 1"); },
              ThrowsMessage<ScenarioError>(
                  "configs/cpus/bad.textproto:2:1: error: machine.cpu.frequency_khz must be in "
                  "[1000, 100000000], got 1\nfrequency_khz: 1\n^~~~~~~~~~~~~"));
  EXPECT_THAT([&] { load("profile: \"slow\""); },
              ThrowsMessage<ScenarioError>(HasSubstr("a profile cannot name a profile")));
  EXPECT_THAT([&] { load("cost { function: \"a\" } cost { function: \"a\" }"); },
              ThrowsMessage<ScenarioError>(HasSubstr("\"a\" is given twice")));
}

TEST(ProfileTest, NamesComeFromPaths) {
  TestProfiles profiles;
  profiles.Add("configs/kernels/README.md", "");
  profiles.Add("loose.textproto", "");
  profiles.Add("kernels/short.textproto", "");
  std::vector<std::string> names;
  for (const ProfileFile& profile : ListProfiles(profiles)) {
    names.push_back(profile.folder + ":" + profile.name);
  }
  EXPECT_THAT(names, ElementsAre("cpus:slow", "devices:flat", "kernels:test-1.0", "kernels:short"));
}

}  // namespace
}  // namespace biotope
