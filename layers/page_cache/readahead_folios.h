#ifndef BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_FOLIOS_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_FOLIOS_H_

#include <cstdint>
#include <optional>

#include "layers/page_cache/readahead.h"

namespace biotope {

// Models: mm/readahead.c page_cache_sync_ra, page_cache_async_ra, page_cache_ra_order,
// page_cache_ra_unbounded, do_page_cache_ra, force_page_cache_ra; mm/filemap.c
// do_sync_mmap_readahead, do_async_mmap_readahead, shrink_readahead_size_eio; mm/fadvise.c (Linux
// 6.18).
// Left out on purpose: congestion of block cgroups, a minimum folio order, mappings of huge pages
// (MADV_HUGEPAGE) and of programs (VM_EXEC), readahead that drops its pages (RWF_DONTCACHE).
//
// On-demand readahead, with these differences to 2.6.37: windows end where the folios of the next
// size can begin; folios grow with each mark that is reached; a request larger than the window may
// read as much as the device takes at once; and a single page before a miss is no trace of a
// reader.
//
// Each submission is a run of pages of which none is cached. It is to be read as one batch, under
// one plug, and its folios are added before the first is mapped. A page that has been added by
// somebody else in the meantime ends the batch: the result says how many pages there are before it.
class ReadaheadFolios final : public Readahead {
 public:
  struct Parameters {
    uint64_t io_pages = 0;  // bdi->io_pages: pages that the device takes at once (max_sectors_kb)
  };
  static constexpr uint64_t kChunkPages = 2 * 1024 * 1024 / kPageSize;  // of a forced submission
  static constexpr uint32_t kMmapLotsaMiss = 100;                       // MMAP_LOTSAMISS

  explicit ReadaheadFolios(const Parameters& parameters) : parameters_(parameters) {}

  FileRaState Open(uint64_t bdi_ra_pages) const override;
  void Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const override;
  void NoteRead(FileRaState& ra, uint64_t begin, uint64_t end) const override;
  void NoteReadError(FileRaState& ra) const override;
  std::optional<ReadaheadSubmission> Begin(FileRaState& ra, ReadaheadCall& call) const override;
  std::optional<ReadaheadSubmission> Submitted(FileRaState& ra, ReadaheadCall& call,
                                               const SubmitResult& result) const override;

 private:
  std::optional<ReadaheadSubmission> Sync(FileRaState& ra, ReadaheadCall& call,
                                          uint64_t req_size) const;
  std::optional<ReadaheadSubmission> Async(FileRaState& ra, ReadaheadCall& call,
                                           uint64_t req_size) const;
  std::optional<ReadaheadSubmission> Force(const FileRaState& ra, ReadaheadCall& call,
                                           uint64_t req_size) const;
  std::optional<ReadaheadSubmission> FaultMiss(FileRaState& ra, ReadaheadCall& call) const;
  std::optional<ReadaheadSubmission> FaultHit(FileRaState& ra, ReadaheadCall& call) const;
  uint64_t MaxPages(const FileRaState& ra, uint64_t req_size) const;

  const Parameters parameters_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_FOLIOS_H_
