// What Linux 2.6.11 reads for page faults: the part of readahead_two_windows.h that models
// filemap_nopage. The recorded kernel is the judge of the rest (tests/conformance, 06_mmap_*).

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "layers/page_cache/readahead_two_windows.h"

namespace biotope {
namespace {

using Trigger = ReadaheadCall::Trigger;

const ReadaheadTwoWindows kReadahead;

class TwoWindowsFaultTest : public ::testing::Test {
 protected:
  // Start and pages of what a fault reads; {0, 0}: nothing.
  std::pair<uint64_t, uint64_t> Fault(uint64_t page, Trigger trigger = Trigger::kFaultMiss,
                                      ReadAdvice advice = ReadAdvice::kNormal) {
    ReadaheadCall call{.trigger = trigger, .offset = PageIndex(page), .mapping_advice = advice};
    const std::optional<ReadaheadSubmission> wanted = kReadahead.Begin(ra_, call);
    if (!wanted) return {0, 0};
    EXPECT_FALSE(wanted->block);  // do_page_cache_readahead gives way to congestion
    EXPECT_FALSE(kReadahead.Submitted(ra_, call, {.congested = false, .pages_started = 1}));
    return {wanted->start.value(), wanted->count};
  }
  FileRaState ra_ = kReadahead.Open(32);
};

TEST_F(TwoWindowsFaultTest, ReadsAroundTheFault) {
  EXPECT_EQ(Fault(100), std::pair(uint64_t{84}, uint64_t{32}));
  EXPECT_EQ(Fault(17), std::pair(uint64_t{1}, uint64_t{32}));
  EXPECT_EQ(Fault(16), std::pair(uint64_t{0}, uint64_t{32}));
  EXPECT_EQ(Fault(3), std::pair(uint64_t{0}, uint64_t{32}));
}

TEST_F(TwoWindowsFaultTest, WithoutReadaheadNothing) {
  ra_ = kReadahead.Open(0);
  EXPECT_EQ(Fault(100).second, 0u);
}

TEST_F(TwoWindowsFaultTest, AdviceRandomReadsNothingAndCountsNothing) {
  EXPECT_EQ(Fault(100, Trigger::kFaultMiss, ReadAdvice::kRandom).second, 0u);
  Fault(100, Trigger::kFaultHit, ReadAdvice::kRandom);
  EXPECT_EQ(ra_.mmap_miss, 0u);
  EXPECT_EQ(ra_.mmap_hit, 0u);
}

TEST_F(TwoWindowsFaultTest, AdviceSequentialMakesAMissOfAMiss) {
  ra_.in_cache = true;
  EXPECT_EQ(Fault(100, Trigger::kFaultMiss, ReadAdvice::kSequential).second, 0u);
  EXPECT_TRUE(ra_.miss);
  EXPECT_FALSE(ra_.in_cache);
  EXPECT_EQ(ra_.mmap_miss, 0u);
}

// After a hundred misses more than hits it reads single pages only, until there are enough hits.
TEST_F(TwoWindowsFaultTest, GivesUpWhenItMissesMuchMoreThanItHits) {
  for (int i = 0; i < 100; ++i) EXPECT_EQ(Fault(1000).second, 32u) << i;
  EXPECT_EQ(Fault(1000).second, 0u);
  Fault(1000, Trigger::kFaultHit);
  EXPECT_EQ(Fault(1000).second, 0u);
  Fault(1000, Trigger::kFaultHit);
  Fault(1000, Trigger::kFaultHit);
  EXPECT_EQ(Fault(1000).second, 32u);
}

}  // namespace
}  // namespace biotope
