#include "sim/scenario/suggest.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

namespace biotope {
namespace {

TEST(SuggestTest, DistanceCountsEdits) {
  EXPECT_EQ(EditDistance("", ""), 0u);
  EXPECT_EQ(EditDistance("abc", ""), 3u);
  EXPECT_EQ(EditDistance("rmp", "rpm"), 1u);  // two letters swapped
  EXPECT_EQ(EditDistance("iodept", "iodepth"), 1u);
  EXPECT_EQ(EditDistance("iodepht", "iodepth"), 1u);
  EXPECT_EQ(EditDistance("nr_request", "nr-requests"), 1u);
  EXPECT_EQ(EditDistance("randread", "RANDREAD"), 0u);
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3u);
}

TEST(SuggestTest, NearestIsTheLeastDistant) {
  EXPECT_EQ(Nearest("rmp", {"hz", "rpm", "ram"}), "rpm");
  EXPECT_EQ(Nearest("fifo_bach", {"fifo_batch", "front_merges"}), "fifo_batch");
  EXPECT_EQ(Nearest("abcdef", {"abcdxy"}), "abcdxy");
  EXPECT_EQ(Nearest("abcdef", {"abcxyz"}), "");
  EXPECT_EQ(Nearest("anticipatory", {"noop", "deadline"}), "");
  EXPECT_EQ(Nearest("", {"a"}), "");
  EXPECT_EQ(Nearest("x", {}), "");
}

TEST(SuggestTest, ABeginningIsEnough) {
  EXPECT_EQ(Nearest("sched", {"source", "scheduler"}), "scheduler");
  EXPECT_EQ(Nearest("zz", {"scheduler"}), "");
}

TEST(SuggestTest, LongWordsAreNotLookedAt) {
  EXPECT_EQ(Nearest(std::string(1000, 'a'), {std::string(1000, 'a')}), "");
}

TEST(SuggestTest, Sentence) {
  EXPECT_EQ(DidYouMean("rmp", {"rpm"}), "; did you mean \"rpm\"?");
  EXPECT_EQ(DidYouMean("rmp", {"hz"}), "");
}

RC_GTEST_PROP(SuggestProperty, DistanceIsSymmetricAndBounded,
              (const std::string& a, const std::string& b)) {
  const size_t distance = EditDistance(a, b);
  RC_ASSERT(distance == EditDistance(b, a));
  RC_ASSERT(distance <= std::max(a.size(), b.size()));
  RC_ASSERT(EditDistance(a, a) == 0u);
}

}  // namespace
}  // namespace biotope
