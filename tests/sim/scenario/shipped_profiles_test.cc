#include "sim/scenario/shipped_profiles.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "tests/sim/scenario/test_scenario.h"

namespace biotope {
namespace {

// A scenario with one shipped kernel and CPU, and a device of its own.
ScenarioFile With(const std::string& kernel, const std::string& cpu) {
  return ScenarioFile::FromText("s.textproto",
                                fmt::format(R"(schema_version: 1
kernel {{ profile: "{}" }}
machine {{ cpu {{ profile: "{}" }} }}
block_device {{ scsi {{}} device {{ fixed_latency {{ service_ns: 1 capacity_sectors: 80000 }} }} }}
filesystem {{ synthesize {{ size: "1m" }} }}
process {{ fio {{ filename: "/a" }} }}
)",
                                            kernel, cpu),
                                {}, ShippedProfiles());
}

std::vector<std::string> Names(const std::string& folder) {
  std::vector<std::string> names;
  for (const ProfileFile& profile : ListProfiles(ShippedProfiles())) {
    if (profile.folder == folder) names.push_back(profile.name);
  }
  return names;
}

template <class M>
std::set<std::string> Functions(const M& message) {
  std::set<std::string> functions;
  for (const Cost& cost : message.cost()) functions.insert(cost.function());
  return functions;
}

TEST(ShippedProfilesTest, EveryKernelAndCpuLoads) {
  ASSERT_FALSE(Names("kernels").empty());
  ASSERT_FALSE(Names("cpus").empty());
  for (const std::string& kernel : Names("kernels")) {
    for (const std::string& cpu : Names("cpus")) EXPECT_NO_THROW(With(kernel, cpu));
  }
}

// What a run directory keeps of a scenario is the same scenario, whatever its profiles contain.
TEST(ShippedProfilesTest, EveryDeviceSurvivesBeingResolved) {
  ASSERT_FALSE(Names("devices").empty());
  for (const std::string& device : Names("devices")) {
    SCOPED_TRACE(device);
    const ScenarioFile file = ScenarioFile::FromText("s.textproto",
                                                     fmt::format(R"(schema_version: 1
kernel {{ profile: "linux-2.6.11" }}
machine {{ cpu {{ profile: "pentium4-2.8" }} }}
block_device {{ scsi {{}} device {{ profile: "{}" }} }}
filesystem {{ synthesize {{ size: "1m" }} }}
process {{ fio {{ filename: "/a" }} }}
)",
                                                                 device),
                                                     {}, ShippedProfiles());
    const ScenarioFile again =
        ScenarioFile::FromText("r.textproto", file.ResolvedText("."), {}, ShippedProfiles());
    EXPECT_EQ(again.resolved().SerializeAsString(), file.resolved().SerializeAsString());
  }
}

TEST(ShippedProfilesTest, EveryCostNamesItsSource) {
  for (const std::string& kernel : Names("kernels")) {
    for (const std::string& cpu : Names("cpus")) {
      const ScenarioFile file = With(kernel, cpu);
      for (const Cost& cost : file.resolved().kernel().cost()) {
        EXPECT_FALSE(cost.source().empty()) << kernel << ": " << cost.function();
        EXPECT_EQ(cost.millicycles_per_unit() > 0, cost.has_unit()) << cost.function();
      }
      for (const Cost& cost : file.resolved().machine().cpu().cost()) {
        EXPECT_FALSE(cost.source().empty()) << cpu << ": " << cost.function();
      }
    }
  }
}

TEST(ShippedProfilesTest, CpusPriceWhatTheMachineCharges) {
  const std::set<std::string> wanted = {"context_switch", "irq_entry",    "irq_exit",
                                        "softirq",        "copy_to_user", "user_loop"};
  for (const std::string& cpu : Names("cpus")) {
    const std::set<std::string> have =
        Functions(With("linux-2.6.11", cpu).resolved().machine().cpu());
    EXPECT_TRUE(std::includes(have.begin(), have.end(), wanted.begin(), wanted.end())) << cpu;
  }
}

TEST(ShippedProfilesTest, Linux2611HasItsDefaults) {
  const ScenarioFile file = With("linux-2.6.11", "pentium4-2.8");
  const Kernel& kernel = file.resolved().kernel();
  EXPECT_EQ(kernel.hz(), 1000u);
  EXPECT_EQ(kernel.max_rw_count(), 2147483647u);
  EXPECT_EQ(kernel.rlimit_nofile(), 1024u);
  EXPECT_EQ(kernel.timeslice_ms(), 100u);
  EXPECT_EQ(kernel.readahead(), Kernel::READAHEAD_TWO_WINDOWS);
  EXPECT_TRUE(file.resolved().block_device().queue().scheduler().has_deadline());
}

// The functions along the path of a read, as the layers look them up.
TEST(ShippedProfilesTest, Linux2611PricesThePathOfARead) {
  const std::set<std::string> wanted = {"__make_request",
                                        "add_to_page_cache",
                                        "blk_unplug_timeout",
                                        "dio_bio_add_page",
                                        "do_generic_mapping_read",
                                        "do_mpage_readpage",
                                        "elv_add_request",
                                        "elv_merge",
                                        "elv_next_request",
                                        "end_that_request_first",
                                        "end_that_request_last",
                                        "ext2_get_block",
                                        "ext2_lookup",
                                        "ext2_read_inode",
                                        "find_get_page",
                                        "generic_file_direct_IO",
                                        "generic_file_read",
                                        "generic_make_request",
                                        "generic_unplug_device",
                                        "get_request",
                                        "ide_do_rw_disk",
                                        "ide_intr",
                                        "link_path_walk",
                                        "mpage_end_io",
                                        "mpage_readpages",
                                        "page_cache_readahead",
                                        "request_fn",
                                        "sb_bread",
                                        "scsi_dispatch_cmd",
                                        "scsi_done",
                                        "scsi_softirq",
                                        "submit_bio",
                                        "sys_close",
                                        "sys_fadvise64",
                                        "sys_lseek",
                                        "sys_open",
                                        "sys_pread64",
                                        "sys_read",
                                        "sys_readahead",
                                        "unlock_page",
                                        "vfs_read"};
  const ScenarioFile file = With("linux-2.6.11", "pentium4-2.8");
  const std::set<std::string> have = Functions(file.resolved().kernel());
  for (const std::string& function : wanted) EXPECT_TRUE(have.count(function)) << function;
}

}  // namespace
}  // namespace biotope
