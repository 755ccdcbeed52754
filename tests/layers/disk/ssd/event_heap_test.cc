#include "layers/disk/ssd/event_heap.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "sim/core/random.h"

namespace biotope {
namespace {

TEST(EventHeapTest, ByDateAndThenInTheOrderInWhichTheyWereAskedFor) {
  EventHeap heap;
  std::vector<std::pair<uint64_t, uint32_t>> expected;  // stays sorted by date, stable
  Random random(1, "event_heap");
  for (uint32_t i = 0; i < 20'000; ++i) {
    if (random.Below(5) < 3) {
      const uint64_t date = random.Below(50);
      heap.Push(Tick(date), i % 16, i);
      const auto place =
          std::ranges::upper_bound(expected, date, {}, &std::pair<uint64_t, uint32_t>::first);
      expected.insert(place, {date, i});
    } else if (!expected.empty()) {
      ASSERT_EQ(heap.next(), Tick(expected.front().first));
      ASSERT_EQ(heap.next_index(), expected.front().second);
      ASSERT_EQ(heap.next_kind(), expected.front().second % 16);
      heap.Pop();
      expected.erase(expected.begin());
    }
  }
}

TEST(EventHeapTest, NothingIsNever) {
  EventHeap heap;
  EXPECT_TRUE(heap.empty());
  EXPECT_EQ(heap.next(), kNever);
  heap.Push(Tick(7), 1, EventHeap::kMaxIndex);
  EXPECT_EQ(heap.next_index(), EventHeap::kMaxIndex);
  heap.Pop();
  EXPECT_EQ(heap.next(), kNever);
}

}  // namespace
}  // namespace biotope
