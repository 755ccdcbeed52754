#ifndef BIOTOPE_LAYERS_PAGE_CACHE_TRUNCATE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_TRUNCATE_H_

#include <cstdint>

#include "layers/page_cache/address_space.h"
#include "layers/page_cache/lru.h"
#include "sim/core/units.h"

namespace biotope {

// Models: mm/truncate.c invalidate_mapping_pages (Linux 2.6.11): POSIX_FADV_DONTNEED. Left out on
// purpose: truncate_inode_pages (files are not changed).
//
// Removes the pages from `start` to `end`, both included, from the page cache; those that are
// locked (being read), dirty, under writeback or mapped stay. A page that somebody still uses loses
// its mapping and lives until it is released. Returns how many were removed. `cpu` is where it
// runs.
uint64_t InvalidateMappingPages(AddressSpace& mapping, PageIndex start, PageIndex end, Lru& lru,
                                uint32_t cpu);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_TRUNCATE_H_
