// Memory mappings from the system call to the disk, on a recorded image: what the recorded cases of
// 2.6.11 do not do (06_mmap_* map, advise and touch only).

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "sim/scenario/shipped_profiles.h"
#include "sim/verify/verify.h"

namespace biotope {
namespace {

class MappedFilesTest : public ::testing::Test {
 protected:
  void Run(const std::string& operations) {
    static ImageStore images("tests/conformance/images");
    RecordedCase recorded;
    recorded.name = "mapped";
    recorded.directory = "tests/conformance";
    recorded.kernel = "2.6.11";
    recorded.image = "fs4k";
    recorded.queue = {{"scheduler", "[deadline]"}, {"read_ahead_kb", "128"}};
    recorded.operations = ParseOperations("ops.txt", operations);
    run_ = SimulateCase(recorded, images, ShippedProfiles());
  }
  // Pages that an operation had read for file data; metadata is one block and counted too.
  uint64_t PagesRead(uint32_t operation) const {
    uint64_t sectors = 0;
    for (const BlockEvent& event : run_.events) {
      if (event.kind == "Q" && event.operation == operation) sectors += event.sectors.value_or(0);
    }
    return sectors / 8;
  }
  int64_t Result(size_t operation) const { return run_.results.at(operation)->result; }
  int Error(size_t operation) const { return run_.results.at(operation)->error; }

  CaseRun run_;
};

TEST_F(MappedFilesTest, AMappedPageStaysInTheCacheUntilItIsUnmapped) {
  Run("open 0 /mnt/seq4m rd\n"
      "mmap 0 0 65536\n"
      "madvise 0 0 65536 random\n"
      "touch 0 8192\n"  // 3: reads one page
      "touch 0 8200\n"  // 4: it is in the page table
      "fadvise 0 0 0 dontneed\n"
      "pread 0 4096 8192\n"  // 6: the mapping has kept it
      "madvise 0 0 65536 dontneed\n"
      "touch 0 8192\n"  // 8: a fault that finds it
      "munmap 0\n"
      "fadvise 0 0 0 dontneed\n"
      "fadvise 0 0 0 random\n"
      "pread 0 4096 8192\n");  // 12: now it is gone
  EXPECT_EQ(PagesRead(3), 1u);
  EXPECT_EQ(PagesRead(4), 0u);
  EXPECT_EQ(PagesRead(6), 0u);
  EXPECT_EQ(PagesRead(8), 0u);
  EXPECT_EQ(PagesRead(12), 1u);
  // The byte is the image's: byte n of a recorded file is n modulo 256.
  EXPECT_EQ(Result(3), 8192 % 256);
  EXPECT_EQ(Result(4), 8200 % 256);
}

TEST_F(MappedFilesTest, AMappingOutlivesItsDescriptor) {
  Run("open 0 /mnt/seq4m rd\nmmap 0 0 65536\nclose 0\ntouch 0 0\nmunmap 0\ntouch 0 0\n");
  EXPECT_EQ(Result(3), 0);
  EXPECT_GT(PagesRead(3), 0u);
  EXPECT_EQ(Error(5), EFAULT);  // the process would get a signal
}

TEST_F(MappedFilesTest, WillneedReadsTheRangeWithoutWaiting) {
  Run("open 0 /mnt/seq4m rd\nmmap 0 0 1048576\nmadvise 0 0 40960 willneed\nsleepms 10\ntouch 0 "
      "4096\n"
      "touch 0 36864\n");
  EXPECT_EQ(PagesRead(2), 10u);
  EXPECT_EQ(PagesRead(4) + PagesRead(5), 0u);
}

TEST_F(MappedFilesTest, BehindTheEndOfTheFile) {
  Run("open 0 /mnt/small5000 rd\nmmap 0 0 65536\ntouch 0 4999\ntouch 0 8192\nmmap 0 1 -1\n");
  EXPECT_EQ(Result(2), 4999 % 256);
  EXPECT_EQ(Error(3), EFAULT);
  EXPECT_EQ(Error(4), EINVAL);
}

}  // namespace
}  // namespace biotope
