#include "layers/page_cache/fault_around.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

namespace biotope {
namespace {

using Range = std::pair<uint64_t, uint64_t>;

Range Around(const FileMapping& mapping, uint64_t fault) {
  const FaultAroundRange range = FaultAround(mapping, PageIndex(fault));
  return {range.first.value(), range.last.value()};
}

TEST(FaultAround, SixteenPagesAlignedInTheAddressSpace) {
  const FileMapping aligned{.vm_start = 4096, .vm_pgoff = PageIndex(0), .pages = 100};
  EXPECT_EQ(Around(aligned, 0), Range(0, 15));
  EXPECT_EQ(Around(aligned, 15), Range(0, 15));
  EXPECT_EQ(Around(aligned, 40), Range(32, 47));
  EXPECT_EQ(Around(aligned, 99), Range(96, 99));  // the mapping ends there

  // The mapping begins 3 pages behind a multiple of 16, with page 7 of the file.
  const FileMapping shifted{.vm_start = 4096 + 3, .vm_pgoff = PageIndex(7), .pages = 100};
  EXPECT_EQ(Around(shifted, 7 + 13), Range(7 + 13, 7 + 28));
  // Cut off at the beginning, the window is 16 pages long all the same.
  EXPECT_EQ(Around(shifted, 7 + 12), Range(7, 7 + 15));
}

TEST(FaultAround, MappedPagesMakeUpForMisses) {
  FileRaState ra{.mmap_miss = 20};
  NoteFaultAround(ra, 16);
  EXPECT_EQ(ra.mmap_miss, 4u);
  NoteFaultAround(ra, 16);
  EXPECT_EQ(ra.mmap_miss, 0u);
}

}  // namespace
}  // namespace biotope
