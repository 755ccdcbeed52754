#include "layers/page_cache/page.h"

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "layers/page_cache/page_pool.h"
#include "layers/page_cache/page_waiter.h"

namespace biotope {
namespace {

struct Waiter : PageWaiter {
  int number = 0;
};

std::vector<int> PopAll(PageWaitQueue& queue) {
  std::vector<int> numbers;
  while (PageWaiter* waiter = queue.PopFront()) {
    numbers.push_back(static_cast<Waiter*>(waiter)->number);
  }
  return numbers;
}

TEST(PageWaitQueue, FirstInFirstOut) {
  std::array<Waiter, 4> waiters;
  for (int i = 0; i < 4; ++i) waiters[static_cast<size_t>(i)].number = i;
  Page page;
  EXPECT_TRUE(page.waiters.empty());
  EXPECT_EQ(page.waiters.PopFront(), nullptr);
  for (Waiter& waiter : waiters) page.waiters.PushBack(waiter);
  EXPECT_EQ(PopAll(page.waiters), (std::vector<int>{0, 1, 2, 3}));
  EXPECT_TRUE(page.waiters.empty());

  page.waiters.PushBack(waiters[2]);
  page.waiters.PushBack(waiters[0]);
  EXPECT_EQ(page.waiters.PopFront(), &waiters[2]);
  page.waiters.PushBack(waiters[1]);
  EXPECT_EQ(PopAll(page.waiters), (std::vector<int>{0, 1}));
}

TEST(PagePool, HandsOutWhatTheMachineHas) {
  PagePool pool(3);
  EXPECT_EQ(pool.capacity(), 0u);
  std::array<Page*, 3> pages;
  for (Page*& page : pages) page = pool.Allocate();
  EXPECT_EQ(pool.free_pages(), 0u);
  EXPECT_EQ(pool.used_pages(), 3u);
  EXPECT_EQ(pool.Allocate(), nullptr);
  EXPECT_EQ(pages[0]->count, 1u);

  pages[1]->referenced = pages[1]->uptodate = true;
  pages[1]->count = 0;
  pool.Free(*pages[1]);
  EXPECT_EQ(pool.free_pages(), 1u);
  Page* reused = pool.Allocate();
  EXPECT_EQ(reused, pages[1]);
  EXPECT_FALSE(reused->referenced || reused->uptodate);
  EXPECT_EQ(reused->count, 1u);
}

TEST(PagePool, MemoryGrowsWithThePagesInUseAlone) {
  PagePool pool(1ull << 40);
  for (int i = 0; i < 10'000; ++i) {
    Page* page = pool.Allocate();
    page->count = 0;
    pool.Free(*page);
  }
  EXPECT_EQ(pool.capacity(), 512u);
  for (int i = 0; i < 513; ++i) pool.Allocate();
  EXPECT_EQ(pool.capacity(), 1024u);
}

TEST(PagePool, FreeingAPageForgetsFruitlessScans) {
  PagePool pool(10);
  Page* page = pool.Allocate();
  pool.AddPagesScanned(100);
  pool.set_all_unreclaimable();
  EXPECT_EQ(pool.pages_scanned(), 100u);
  page->count = 0;
  pool.Free(*page);
  EXPECT_EQ(pool.pages_scanned(), 0u);
  EXPECT_FALSE(pool.all_unreclaimable());
}

TEST(PagePoolDeathTest, PagesInUseAreNotFreed) {
  PagePool pool(10);
  Page* page = pool.Allocate();
  EXPECT_DEATH(pool.Free(*page), "in use");
  page->count = 0;
  page->locked = true;
  EXPECT_DEATH(pool.Free(*page), "busy");
}

}  // namespace
}  // namespace biotope
