#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_ON_DEMAND_DRIVER_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_ON_DEMAND_DRIVER_H_

#include <cstdint>
#include <string>

#include "layers/page_cache/readahead.h"
#include "tests/layers/page_cache/folio_cache.h"

namespace biotope {

// One open file, read page by page as do_generic_file_read of Linux 2.6.37 does it, with reads that
// take no time. The I/O is written down in words: "8+16(14)@9": a submission of 16 pages from page
// 8 on, of which 14 were started, one of them page 9 with the mark; "rp40": page 40 was missing
// after all and read alone.
class OnDemandDriver {
 public:
  OnDemandDriver(const Readahead& readahead, uint64_t file_size, uint64_t ra_pages);

  void Read(uint64_t position, uint64_t length);
  // A page fault in a mapping with this advice (filemap_fault).
  void Fault(uint64_t index, ReadAdvice advice);
  // POSIX_FADV_WILLNEED of pages.
  void WillNeed(uint64_t first, uint64_t pages);
  // The I/O since the last call of this function.
  std::string TakeIo();

  FileRaState& ra() { return ra_; }
  FolioCache& cache() { return cache_; }
  void set_congested(bool congested) { congested_ = congested; }
  void set_sane_pages(uint64_t pages) { sane_pages_ = pages; }

 private:
  void GetPage(uint64_t index, uint64_t wanted);
  void ReadPage(uint64_t index);
  void Call(ReadaheadCall call);
  SubmitResult Submit(const ReadaheadSubmission& submission);
  void Log(const std::string& io);

  const Readahead& readahead_;
  FolioCache cache_;
  FileRaState ra_;
  bool congested_ = false;
  uint64_t sane_pages_ = UINT64_MAX;
  std::string io_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_ON_DEMAND_DRIVER_H_
