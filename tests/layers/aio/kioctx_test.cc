#include "layers/aio/kioctx.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "layers/aio/aio_limits.h"

namespace biotope {
namespace {

// What the context takes while nothing is reaped; every I/O completes at once.
uint32_t Capacity(Kioctx& ctx, uint32_t cpu = 0) {
  uint32_t taken = 0;
  while (ctx.GetSlot(cpu)) {
    ctx.Complete({.obj = ++taken});
  }
  return taken;
}

struct Row {
  uint32_t nr_events;
  uint32_t capacity;
};

TEST(KioctxTest, CapacityOfLinux2_6_11) {
  // groundtruth/linux-2.6.11 section 11: a slot for each place of the ring but one.
  for (const Row& row : {Row{1, 126}, Row{125, 126}, Row{126, 254}, Row{253, 254}, Row{254, 382},
                         Row{512, 638}, Row{1024, 1150}}) {
    Kioctx ctx(AioRules2_6_11(), row.nr_events, 4);
    EXPECT_EQ(Capacity(ctx), row.capacity) << row.nr_events;
    EXPECT_EQ(ctx.ring_events(), row.capacity + 1) << row.nr_events;
  }
}

TEST(KioctxTest, CapacityInBatches) {
  // groundtruth/linux-6.18 section 11: whole batches only, two CPUs.
  for (const Row& row : {Row{1, 120}, Row{62, 120}, Row{63, 248}, Row{126, 248}, Row{127, 376},
                         Row{190, 376}, Row{191, 504}, Row{255, 632}, Row{1024, 2168}}) {
    Kioctx ctx(AioRules6_18(), row.nr_events, 2);
    EXPECT_EQ(Capacity(ctx), row.capacity) << row.nr_events;
  }
}

TEST(KioctxTest, SlotsOnAnotherCpuAreOutOfReach) {
  Kioctx ctx(AioRules6_18(), 8, 2);  // 8 batches of 15
  ASSERT_TRUE(ctx.GetSlot(1));
  EXPECT_EQ(Capacity(ctx, 0), 105u);
  EXPECT_TRUE(ctx.GetSlot(1));
}

TEST(KioctxTest, AReapedEventFreesOneSlot) {
  for (const AioRules* rules : {&AioRules2_6_11(), &AioRules6_18()}) {
    Kioctx ctx(*rules, 8, 2);
    const uint32_t capacity = Capacity(ctx);
    EXPECT_EQ(ctx.Front().obj, 1u);
    ctx.Pop();
    EXPECT_EQ(Capacity(ctx), 1u);
    ctx.Pop();
    ctx.Pop();
    EXPECT_EQ(Capacity(ctx), 2u);
    EXPECT_EQ(ctx.in_ring(), capacity);
    EXPECT_EQ(ctx.Front().obj, 4u);
  }
}

TEST(KioctxTest, OutstandingIoHoldsASlotToo) {
  Kioctx ctx(AioRules2_6_11(), 1, 1);
  for (int i = 0; i < 100; ++i) ASSERT_TRUE(ctx.GetSlot(0));
  EXPECT_EQ(ctx.outstanding(), 100u);
  EXPECT_EQ(Capacity(ctx), 26u);
  ctx.PutSlot(0);
  EXPECT_TRUE(ctx.GetSlot(0));
  EXPECT_FALSE(ctx.GetSlot(0));
}

TEST(KioctxTest, EventsComeInTheOrderOfCompletionAroundTheRing) {
  Kioctx ctx(AioRules2_6_11(), 1, 1);
  uint64_t next = 1;
  for (uint64_t i = 1; i <= 1000; ++i) {
    ASSERT_TRUE(ctx.GetSlot(0));
    ctx.Complete({.obj = i});
    if (i % 3 == 0) continue;
    if (ctx.in_ring() > 50) {
      for (int reaped = 0; reaped < 40; ++reaped) {
        ASSERT_EQ(ctx.Front().obj, next++);
        ctx.Pop();
      }
    }
  }
}

TEST(KioctxTest, TooManyEvents) {
  for (const AioRules* rules : {&AioRules2_6_11(), &AioRules4_17(), &AioRules6_18()}) {
    EXPECT_EQ(CheckNrEvents(*rules, 0, 1, 65536), EINVAL);
    EXPECT_EQ(CheckNrEvents(*rules, 0xffffffff, 1, 65536), EINVAL);
    EXPECT_EQ(CheckNrEvents(*rules, 0x800001, 1, 65536), EINVAL);
    EXPECT_EQ(CheckNrEvents(*rules, 0x800000, 1, 65536), EINVAL);
    EXPECT_EQ(CheckNrEvents(*rules, 65537, 1, 65536), EAGAIN);
    EXPECT_EQ(CheckNrEvents(*rules, 65536, 1, 65536), 0);
    EXPECT_EQ(CheckNrEvents(*rules, 65537, 1, 100000), 0);
  }
}

TEST(AioLimitsTest, CountsWhatWasAskedFor) {
  AioLimits limits(100);
  EXPECT_TRUE(limits.Take(60));
  EXPECT_FALSE(limits.Take(41));
  EXPECT_TRUE(limits.Take(40));
  EXPECT_FALSE(limits.Take(1));
  limits.Give(60);
  EXPECT_EQ(limits.aio_nr(), 40u);
  EXPECT_TRUE(limits.Take(1));
}

}  // namespace
}  // namespace biotope
