#ifndef BIOTOPE_LAYERS_PAGE_CACHE_FAULT_AROUND_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_FAULT_AROUND_H_

#include <algorithm>
#include <cstdint>

#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"

namespace biotope {

// The pages around a faulting one that are mapped with it, as far as they are cached. Pages that
// are still being read, and folios with the readahead mark, are not mapped: their own fault must
// come. Models: mm/memory.c do_fault_around, mm/filemap.c filemap_map_pages (Linux 6.18). Left out
// on purpose: the border of the page table, which 64 KiB windows do not cross; the mapping of a
// large folio beyond the window; pages that were evicted not long ago (the workingset flag).

// A mapping of a file: page `vm_pgoff` of the file lies at page `vm_start` of the address space.
struct FileMapping {
  uint64_t vm_start = 0;  // address / 4096
  PageIndex vm_pgoff;
  uint64_t pages = 0;
};

struct FaultAroundRange {
  static constexpr uint64_t kPages = 16;  // fault_around_bytes, 64 KiB

  PageIndex first;
  PageIndex last;
};

// The window is aligned in the address space, not in the file, and lies within the mapping.
inline FaultAroundRange FaultAround(const FileMapping& mapping, PageIndex fault) {
  const uint64_t in_mapping = (fault - mapping.vm_pgoff).value();
  const uint64_t in_window = (mapping.vm_start + in_mapping) % FaultAroundRange::kPages;
  const uint64_t before = std::min(in_window, in_mapping);
  const PageIndex first = fault - PageIndex(before);
  // A window that the mapping cuts off at its beginning is still 16 pages long.
  const uint64_t behind =
      std::min(FaultAroundRange::kPages - before, mapping.pages - in_mapping) - 1;
  return {first, fault + PageIndex(behind)};
}

// The mapped pages count as hits against the misses of the file.
inline void NoteFaultAround(FileRaState& ra, uint64_t pages) {
  ra.mmap_miss -= static_cast<uint32_t>(std::min<uint64_t>(pages, ra.mmap_miss));
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_FAULT_AROUND_H_
