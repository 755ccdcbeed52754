#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_ZONE_FIXTURE_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_ZONE_FIXTURE_H_

#include <gtest/gtest.h>

#include <cstdint>
#include <vector>

#include "layers/page_cache/address_space.h"
#include "layers/page_cache/zone.h"

namespace biotope {

// A machine with a zone, and one file whose pages come and go.
class ZoneFixture {
 public:
  explicit ZoneFixture(uint64_t present_pages, uint64_t min_free_kbytes = 128)
      : zone(present_pages, /*nr_cpus=*/2, min_free_kbytes) {}

  // Reads a page that was not cached, as do_generic_mapping_read does; null: no memory. It may
  // still wait in the pagevec of its CPU.
  Page* ReadIn(uint64_t index, uint32_t cpu = 0) {
    Page* page = zone.Allocate(0);
    if (page == nullptr) return nullptr;
    EXPECT_EQ(mapping.AddToPageCache(*page, PageIndex(index)), 0);
    zone.lru().CacheAdd(*page, cpu);
    page->uptodate = true;
    page->locked = false;
    zone.lru().MarkPageAccessed(*page);
    zone.lru().Release(*page);
    return page;
  }
  // Reads pages [first, first + count) and gets them onto the LRU.
  void ReadInAll(uint64_t first, uint64_t count) {
    for (uint64_t i = 0; i < count; ++i) ReadIn(first + i);
    zone.lru().AddDrain(0);
  }
  // Reads a page that is cached.
  void Touch(uint64_t index) {
    Page* page = mapping.FindGetPage(PageIndex(index)).page;
    ASSERT_NE(page, nullptr) << index;
    zone.lru().MarkPageAccessed(*page);
    zone.lru().Release(*page);
  }
  Page& page(uint64_t index) { return *mapping.Lookup(PageIndex(index)).page; }
  bool IsCached(uint64_t index) const { return mapping.Lookup(PageIndex(index)).page != nullptr; }
  std::vector<uint64_t> Cached() {
    std::vector<Page*> pages(mapping.nr_pages());
    mapping.FindGetPages(PageIndex(0), pages);
    std::vector<uint64_t> indices;
    for (Page* page : pages) {
      indices.push_back(page->index.value());
      zone.lru().Release(*page);
    }
    return indices;
  }

  RadixTree::NodePool nodes;
  Zone zone;
  AddressSpace mapping{nodes, 12, Bytes(uint64_t{1} << 40)};
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_ZONE_FIXTURE_H_
