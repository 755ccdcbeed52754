#ifndef BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_TWO_WINDOWS_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_TWO_WINDOWS_H_

#include <cstdint>
#include <optional>

#include "layers/page_cache/readahead.h"

namespace biotope {

// Models: mm/readahead.c page_cache_readahead, blockable_page_cache_readahead, check_ra_success,
// handle_ra_miss, file_ra_state_init; mm/fadvise.c as far as it sets ra_pages; the read-around of
// mm/filemap.c filemap_nopage (Linux 2.6.11).
//
// A sequential reader has two windows: the current one, which it walks through, and the ahead
// window, which is being read meanwhile. On its first step into the ahead window the two shift and
// the next ahead window is read. A jump switches readahead off until two calls follow each other
// again. A reader that finds 256 pages in a row cached already is left alone until it misses one;
// one that misses pages that were read ahead gets smaller windows. A page fault in a mapping
// without advice reads the pages around; in one that is to be read in order it counts as a read of
// a page.
class ReadaheadTwoWindows final : public Readahead {
 public:
  static constexpr uint64_t kMinPages = 4;         // VM_MIN_READAHEAD, 16 KiB
  static constexpr uint64_t kCacheHitPages = 256;  // VM_MAX_CACHE_HIT
  static constexpr uint32_t kLotsOfMisses = 100;   // MMAP_LOTSAMISS

  FileRaState Open(uint64_t bdi_ra_pages) const override;
  void Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const override;
  std::optional<ReadaheadSubmission> Begin(FileRaState& ra, ReadaheadCall& call) const override;
  std::optional<ReadaheadSubmission> Submitted(FileRaState& ra, ReadaheadCall& call,
                                               const SubmitResult& result) const override;

  // get_init_ra_size: the first window for a request of `size` pages, `size` <= `max`.
  static uint64_t InitSize(uint64_t size, uint64_t max);
  // get_next_ra_size: the window after one of `current` pages. Clears RA_FLAG_MISS.
  static uint64_t NextSize(FileRaState& ra, uint64_t current);
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_TWO_WINDOWS_H_
