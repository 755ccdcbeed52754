#ifndef BIOTOPE_LAYERS_PAGE_CACHE_ADDRESS_SPACE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_ADDRESS_SPACE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "layers/page_cache/page.h"
#include "layers/page_cache/radix_tree.h"
#include "sim/core/units.h"

namespace biotope {

// The pages of one file that are in memory: struct address_space.
// Models: mm/filemap.c find_get_page, find_get_pages, add_to_page_cache, remove_from_page_cache
// (Linux 2.6.11). Left out on purpose: tree_lock (its cost is charged by the caller), the lists of
// memory mappings, a_ops (a file is read by its file system's layer).
class AddressSpace {
 public:
  AddressSpace(RadixTree::NodePool& nodes, uint64_t inode_number, Bytes size)
      : inode_number_(inode_number), size_(size), page_tree_(nodes) {}

  uint64_t inode_number() const { return inode_number_; }
  // i_size of the host.
  Bytes size() const { return size_; }
  void set_size(Bytes size) { size_ = size; }
  // The page of the last byte; nothing if the file is empty.
  std::optional<PageIndex> end_index() const {
    if (size_ == Bytes(0)) return std::nullopt;
    return PageIndex((size_.value() - 1) >> kPageShift);
  }

  // Pages that are in memory.
  uint64_t nr_pages() const { return nr_pages_; }
  uint32_t tree_height() const { return page_tree_.height(); }

  // Whether a page is in memory. Takes no reference.
  RadixTree::Found Lookup(PageIndex index) const { return page_tree_.Lookup(index); }

  // find_get_page: the page, if it is in memory, with a reference for the caller.
  RadixTree::Found FindGetPage(PageIndex index) {
    const RadixTree::Found found = page_tree_.Lookup(index);
    if (found.page != nullptr) ++found.page->count;
    return found;
  }

  // find_get_pages: the first pages at or behind `first`, each with a reference for the caller.
  size_t FindGetPages(PageIndex first, std::span<Page*> results);

  // add_to_page_cache: 0, or -EEXIST if there is one already. The page becomes locked; the page
  // cache takes a reference of its own. The LRU is the caller's affair.
  [[nodiscard]] int AddToPageCache(Page& page, PageIndex index);

  // remove_from_page_cache. The page cache's reference goes over to the caller.
  void RemoveFromPageCache(Page& page);

 private:
  const uint64_t inode_number_;
  Bytes size_;
  uint64_t nr_pages_ = 0;
  RadixTree page_tree_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_ADDRESS_SPACE_H_
