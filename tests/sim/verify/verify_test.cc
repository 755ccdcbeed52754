#include "sim/verify/verify.h"

#include <gtest/gtest.h>

#include <string>

#include "sim/core/error.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/verify/case_scenario.h"
#include "sim/verify/mount_options.h"
#include "tests/sim/verify/case_folder.h"

namespace biotope {
namespace {

using testing::CaseFolder;

PartComparison Part(const char* name, size_t matched, size_t recorded) {
  PartComparison part;
  part.name = name;
  part.matched = matched;
  part.recorded = recorded;
  return part;
}

TEST(VerifyOutputTest, OneLineForACase) {
  VerifyOutcome outcome;
  outcome.name = "01_seq";
  outcome.verdict = VerifyOutcome::Verdict::kPass;
  outcome.comparison.parts = {Part("ret", 3, 3), Part("Q", 4, 4), Part("submit", 5, 6),
                              Part("D", 2, 2)};
  EXPECT_EQ(OutcomeLine(outcome), "PASS 01_seq ret:3/3 Q:4/4 submit:5/6 D:2/2");
  outcome.comparison.parts[3].as_set = true;
  EXPECT_EQ(OutcomeLine(outcome), "PASS 01_seq ret:3/3 Q:4/4 submit:5/6 D:2/2 (D as a set)");
  outcome.verdict = VerifyOutcome::Verdict::kFail;
  EXPECT_TRUE(OutcomeLine(outcome).starts_with("FAIL 01_seq "));
  VerifyOutcome skipped;
  skipped.name = "09";
  skipped.remark = "writing";
  EXPECT_EQ(OutcomeLine(skipped), "SKIP 09 ret:0/0 Q:0/0 submit:0/0 D:0/0 (writing)");
}

TEST(VerifyOutputTest, DetailsAreOfThePartsThatCount) {
  VerifyOutcome outcome;
  outcome.comparison.parts = {Part("Q", 0, 1), Part("submit", 0, 1)};
  outcome.comparison.parts[0].difference = "Q differs\n";
  outcome.comparison.parts[1].difference = "submit differs\n";
  outcome.comparison.parts[1].counts = false;
  EXPECT_EQ(OutcomeDetails(outcome), "Q differs\n");
}

TEST(VerifyCaseTest, ReasonsToSkip) {
  const ShippedProfiles profiles;
  RecordedCase recorded = ReadCase(CaseFolder("skip").path());
  EXPECT_EQ(ReasonToSkip(recorded, profiles), "");
  RecordedCase changed = recorded;
  changed.kernel = "1.2.13";
  EXPECT_EQ(ReasonToSkip(changed, profiles), "no kernel profile for Linux 1.2.13");
  changed = recorded;
  changed.mount = "-t ext2 -o rw,noatime";
  EXPECT_EQ(ReasonToSkip(changed, profiles), "writing");
  changed = recorded;
  changed.mount = "-o ro,usrquota";
  EXPECT_EQ(ReasonToSkip(changed, profiles), "mount option usrquota");
  changed = recorded;
  changed.operations = ParseOperations("ops.txt", "fsync 0\n");
  EXPECT_EQ(ReasonToSkip(changed, profiles), "writing");
  changed = recorded;
  changed.image = "";
  EXPECT_EQ(ReasonToSkip(changed, profiles), "no file system");
  changed = recorded;
  changed.queue["scheduler"] = "noop [flashy]";
  EXPECT_EQ(ReasonToSkip(changed, profiles), "the I/O scheduler flashy");
}

TEST(VerifyCaseTest, KernelsByTheirVersion) {
  const ShippedProfiles profiles;
  EXPECT_EQ(KernelProfileOf("2.6.11", profiles), "linux-2.6.11");
  EXPECT_EQ(KernelProfileOf("2.6.11.7", profiles), "linux-2.6.11");
  EXPECT_EQ(KernelProfileOf("2.6.110", profiles), "");
  EXPECT_EQ(KernelProfileOf("2.6", profiles), "");
}

TEST(VerifyCaseTest, TheQueueIsSetUpAsRecorded) {
  const ShippedProfiles profiles;
  RecordedCase recorded = ReadCase(CaseFolder("queue").path());
  recorded.queue = {{"scheduler", "noop [deadline] cfq"},
                    {"nr_requests", "64"},
                    {"read_ahead_kb", "512"},
                    {"max_sectors_kb", "64"},
                    {"max_hw_sectors_kb", "512"},
                    {"max_hw_segments(driver sg_tablesize)", "48"},
                    {"iosched/fifo_batch", "4"},
                    {"iosched/est_time", "0 % exit probability"}};
  recorded.tcq_depth = 1;
  recorded.processes = 3;
  const ScenarioFile file =
      MakeCaseScenario(recorded, {"fs.img", "/tmp/fs.img", 1u << 30}, profiles);
  const BlockDevice& device = file.resolved().block_device();
  EXPECT_EQ(device.queue().scheduler().deadline().fifo_batch(), 4u);
  EXPECT_EQ(device.queue().nr_requests(), 64u);
  EXPECT_EQ(device.queue().read_ahead_kb(), 512u);
  EXPECT_EQ(device.queue().max_sectors_kb(), 64u);
  EXPECT_EQ(device.scsi().max_sectors(), 1024u);
  EXPECT_EQ(device.scsi().sg_tablesize(), 48u);
  EXPECT_EQ(device.scsi().queue_depth(), 1u);
  EXPECT_EQ(device.device().fixed_latency().capacity_sectors(), (1u << 30) / 512u);
  EXPECT_EQ(file.resolved().process_size(), 3);
  recorded.queue["nr_requests"] = "many";
  EXPECT_THROW(MakeCaseScenario(recorded, {"fs.img", "/tmp/fs.img", 1u << 30}, profiles),
               ScenarioError);
}

TEST(VerifyCaseTest, MountOptions) {
  const auto options = MountOptions("-t ext2 -o ro,noatime,inode_readahead_blks=32");
  EXPECT_EQ(options.size(), 3u);
  EXPECT_EQ(options.at("inode_readahead_blks"), "32");
  EXPECT_EQ(options.at("ro"), "");
  EXPECT_TRUE(MountOptions("").empty());
}

TEST(ImageStoreTest, AMissingImageNamesTheRemedy) {
  ImageStore beside("");
  const CaseFolder folder("image");
  try {
    beside.Open("no-such-image", folder.path());
    FAIL();
  } catch (const EnvironmentError& error) {
    EXPECT_NE(std::string(error.what()).find("--images"), std::string::npos);
  }
  ImageStore elsewhere(folder.path());
  EXPECT_THROW(elsewhere.Open("fs4k", folder.path()), EnvironmentError);
  folder.Write("fs4k.img.xz", "this is not packed");
  EXPECT_THROW(elsewhere.Open("fs4k", folder.path()), EnvironmentError);
  folder.Write("plain.img", "12345");
  EXPECT_EQ(elsewhere.Open("plain", folder.path()).size, 5u);
}

TEST(ImageStoreTest, AnImageIsUnpackedOnce) {
  const CaseFolder folder("packed");
  const std::string zeros(200'000, '\0');
  folder.Write("z.img", zeros + "end");
  ASSERT_EQ(RunProgram({"xz", "--force", folder.path() + "/z.img"}).exit_code, 0);
  ImageStore store(folder.path());
  const ImageStore::Opened& opened = store.Open("z", folder.path());
  EXPECT_EQ(opened.size, zeros.size() + 3);
  EXPECT_EQ(ReadWholeFile(opened.path), zeros + "end");
  EXPECT_EQ(&store.Open("z", folder.path()), &opened);
}

}  // namespace
}  // namespace biotope
