#include "layers/page_cache/watermarks.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace biotope {
namespace {

constexpr uint64_t PagesOf(uint64_t mebibytes) { return mebibytes * 256; }

TEST(Watermarks, MinFreeKbytesOfTheMemory) {
  const struct {
    uint64_t mebibytes, min_free_kbytes;
  } kCases[] = {{1, 128},     {2, 181},     {64, 1024},     {256, 2048},      {512, 2896},
                {1024, 4096}, {4096, 8192}, {16384, 16384}, {1 << 18, 65536}, {1 << 19, 65536}};
  for (const auto& c : kCases) {
    EXPECT_EQ(Watermarks::MinFreeKbytes(PagesOf(c.mebibytes)), c.min_free_kbytes) << c.mebibytes;
  }
}

TEST(Watermarks, LowIsFiveQuartersAndHighSixQuartersOfMin) {
  const struct {
    uint64_t kbytes, min, low, high;
  } kCases[] = {
      {128, 32, 40, 48}, {1024, 256, 320, 384}, {2896, 724, 905, 1086}, {181, 45, 56, 67}};
  for (const auto& c : kCases) {
    const Watermarks marks = Watermarks::FromMinFreeKbytes(c.kbytes);
    EXPECT_EQ(marks.pages_min, c.min) << c.kbytes;
    EXPECT_EQ(marks.pages_low, c.low) << c.kbytes;
    EXPECT_EQ(marks.pages_high, c.high) << c.kbytes;
  }
}

}  // namespace
}  // namespace biotope
