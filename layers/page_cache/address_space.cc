#include "layers/page_cache/address_space.h"

#include "sim/core/check.h"

namespace biotope {

size_t AddressSpace::FindGetPages(PageIndex first, std::span<Page*> results) {
  const size_t found = page_tree_.GangLookup(first, results);
  for (Page* page : results.first(found)) ++page->count;
  return found;
}

int AddressSpace::AddToPageCache(Page& page, PageIndex index) {
  BIOTOPE_CHECK(page.mapping == nullptr, "page {} of inode {} is in the page cache already",
                page.index.value(), page.mapping->inode_number());
  if (const int error = page_tree_.Insert(index, page)) return error;
  ++page.count;
  page.locked = true;
  page.mapping = this;
  page.index = index;
  ++nr_pages_;
  return 0;
}

void AddressSpace::RemoveFromPageCache(Page& page) {
  BIOTOPE_CHECK(page.mapping == this, "page {} does not belong to inode {}", page.index.value(),
                inode_number_);
  BIOTOPE_CHECK(page.locked, "page {} of inode {} is removed while it is not locked",
                page.index.value(), inode_number_);
  const Page* erased = page_tree_.Erase(page.index);
  BIOTOPE_CHECK(erased == &page, "the tree of inode {} has another page {}", inode_number_,
                page.index.value());
  page.mapping = nullptr;
  --nr_pages_;
}

}  // namespace biotope
