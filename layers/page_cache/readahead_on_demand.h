#ifndef BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_ON_DEMAND_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_ON_DEMAND_H_

#include <cstdint>
#include <optional>

#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"

namespace biotope {

// Models: mm/readahead.c page_cache_sync_readahead, page_cache_async_readahead, ondemand_readahead,
// try_context_readahead, force_page_cache_readahead; mm/filemap.c shrink_readahead_size_eio and
// what do_generic_file_read does to prev_pos; mm/fadvise.c (Linux 2.6.37). Left out on purpose:
// page faults; the signed arithmetic of prev_pos on 32 bits.
//
// Nothing happens before a page is missing. Then a window is read, and one of its pages is marked;
// who comes to the mark has the next window read, so that it is there in time. The state of the
// file only says where the last window was: whether a reader is sequential is seen from that, from
// where the last read ended, and from the pages that it has left in the cache.
class ReadaheadOnDemand final : public Readahead {
 public:
  static constexpr uint64_t kChunkPages = 2 * 1024 * 1024 / kPageSize;  // of a forced submission
  static constexpr uint32_t kMmapLotsaMiss = 100;                       // MMAP_LOTSAMISS

  FileRaState Open(uint64_t bdi_ra_pages) const override;
  void Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const override;
  void NoteRead(FileRaState& ra, uint64_t begin, uint64_t end) const override;
  void NoteFault(FileRaState& ra, PageIndex index) const override;
  void NoteReadError(FileRaState& ra) const override;
  std::optional<ReadaheadSubmission> Begin(FileRaState& ra, ReadaheadCall& call) const override;
  std::optional<ReadaheadSubmission> Submitted(FileRaState& ra, ReadaheadCall& call,
                                               const SubmitResult& result) const override;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_ON_DEMAND_H_
