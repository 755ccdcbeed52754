// What the page cache's tree costs: look-ups in trees of one to four levels, insertion and removal,
// and the search for the next pages.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "layers/page_cache/page.h"
#include "layers/page_cache/page_pool.h"
#include "layers/page_cache/radix_tree.h"

namespace biotope {
namespace {

// A file with `count` cached pages, of which the first has index `first`.
struct CachedFile {
  CachedFile(uint64_t first, uint64_t count) : pool(count) {
    pages.reserve(count);
    for (uint64_t i = 0; i < count; ++i) {
      pages.push_back(pool.Allocate());
      pages.back()->index = PageIndex(first + i);
      if (tree.Insert(PageIndex(first + i), *pages.back()) != 0) std::abort();
    }
  }

  RadixTree::NodePool nodes;
  PagePool pool;
  RadixTree tree{nodes};
  std::vector<Page*> pages;
};

// First index and number of pages of a file whose tree has the height wanted.
struct Shape {
  uint64_t first, count;
};
Shape ShapeOfHeight(int64_t height) {
  switch (height) {
    case 1:
      return {0, 64};
    case 2:
      return {0, 4096};
    case 3:
      return {0, 1 << 16};
    default:
      return {1 << 18, 1 << 16};
  }
}

void BM_LookupSequential(benchmark::State& state) {
  const Shape shape = ShapeOfHeight(state.range(0));
  const CachedFile file(shape.first, shape.count);
  uint64_t i = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(file.tree.Lookup(PageIndex(shape.first + i)));
    if (++i == shape.count) i = 0;
  }
  state.counters["levels"] = file.tree.height();
}
BENCHMARK(BM_LookupSequential)->DenseRange(1, 4);

void BM_LookupRandom(benchmark::State& state) {
  const Shape shape = ShapeOfHeight(state.range(0));
  const CachedFile file(shape.first, shape.count);
  uint64_t i = 1;
  for (auto _ : state) {
    i = i * 6364136223846793005ull + 1442695040888963407ull;
    benchmark::DoNotOptimize(file.tree.Lookup(PageIndex(shape.first + (i >> 33) % shape.count)));
  }
}
BENCHMARK(BM_LookupRandom)->DenseRange(1, 4);

// A window of 32 pages comes, and goes.
void BM_InsertEraseWindow(benchmark::State& state) {
  CachedFile file(0, 32);
  for (const Page* page : file.pages) file.tree.Erase(page->index);
  uint64_t first = 0;
  for (auto _ : state) {
    for (uint64_t i = 0; i < 32; ++i) {
      benchmark::DoNotOptimize(file.tree.Insert(PageIndex(first + i), *file.pages[i]));
    }
    for (uint64_t i = 0; i < 32; ++i) file.tree.Erase(PageIndex(first + i));
    first = (first + 32) % (1 << 18);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * 32);
}
BENCHMARK(BM_InsertEraseWindow);

void BM_GangLookup14(benchmark::State& state) {
  const CachedFile file(0, 1 << 16);
  std::array<Page*, 14> found;
  uint64_t first = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(file.tree.GangLookup(PageIndex(first), found));
    first = (first + 14) % (1 << 16);
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations()) * 14);
}
BENCHMARK(BM_GangLookup14);

}  // namespace
}  // namespace biotope

BENCHMARK_MAIN();
