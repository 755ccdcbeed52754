#ifndef BIOTOPE_LAYERS_PAGE_CACHE_MESSAGES_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_MESSAGES_H_

#include <cstdint>

#include "layers/page_cache/address_space.h"
#include "layers/page_cache/page.h"
#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"
#include "sim/cpu/call.h"

namespace biotope {

// What the page loop of a read does first for a page: page_cache_readahead, if `readahead_pages` is
// not 0, then find_get_page. The page stays in the cache until PutPage.
struct FindGetPage : Call {
  AddressSpace* mapping = nullptr;
  FileRaState* readahead = nullptr;
  PageIndex index;
  uint64_t readahead_pages = 0;  // in: pages that the read still wants; 0: no readahead now
  bool mark_accessed = false;    // mark_page_accessed, if the page is up to date
  uint64_t readahead_done = 0;   // out: pages that readahead has taken care of
  Page* page = nullptr;          // out: null if it is not in the cache
};

// What filemap_nopage does first for a page: find_get_page, with the readahead that the algorithm
// wants before and after. The page stays in the cache until PutPage.
struct FindFaultPage : Call {
  AddressSpace* mapping = nullptr;
  FileRaState* readahead = nullptr;
  PageIndex index;
  ReadAdvice advice = ReadAdvice::kNormal;  // of the memory mapping
  Page* page = nullptr;                     // out: null if it is not in the cache
};

// A page table shows the page from now on (page_add_file_rmap), or no more (page_remove_rmap).
struct MapPageFrame : Call {
  Page* page = nullptr;
  bool map = true;
};

// lock_page and unlock_page: sleeps until nobody reads into the page any more.
struct WaitOnPage : Call {
  Page* page = nullptr;
  bool mark_accessed = false;  // mark_page_accessed, if the page is up to date then
};

// a_ops->readpage. With page = null: of a new page that is first added to the cache; if another
// task has added one in the meantime, that one is returned and nothing is read. It comes back as
// from find_get_page, perhaps still being read.
struct ReadPage : Call {
  AddressSpace* mapping = nullptr;
  PageIndex index;
  Page* page = nullptr;
  int error = 0;
};

// page_cache_release.
struct PutPage : Call {
  Page* page = nullptr;
};

// force_page_cache_readahead: starts reading what is missing of the range, and does not wait.
struct ForceReadahead : Call {
  AddressSpace* mapping = nullptr;
  PageIndex start;
  uint64_t count = 0;
};

// invalidate_mapping_pages: forgets the clean, idle pages of the range.
struct InvalidatePages : Call {
  AddressSpace* mapping = nullptr;
  PageIndex start;
  uint64_t count = 0;
};

// get_block, asked by the page cache of the file system: where a block of the file lies.
struct MapBlock : Call {
  AddressSpace* mapping = nullptr;
  BlockNr logical;
  BlockNr physical;       // 0: a hole
  bool boundary = false;  // behind it the file system will read metadata
  int error = 0;
};

struct PageCachePorts {
  Port<FindGetPage> find_get_page;
  Port<WaitOnPage> wait_on_page;
  Port<ReadPage> read_page;
  Port<PutPage> put_page;
  Port<ForceReadahead> force_readahead;
  Port<InvalidatePages> invalidate;
  Port<FindFaultPage> find_fault_page;
  Port<MapPageFrame> map_page_frame;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_MESSAGES_H_
