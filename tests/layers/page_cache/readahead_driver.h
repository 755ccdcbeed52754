#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_READAHEAD_DRIVER_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_READAHEAD_DRIVER_H_

#include <cstdint>
#include <set>
#include <string>

#include "layers/page_cache/readahead.h"

namespace biotope {

// One open file, read page by page as do_generic_mapping_read of Linux 2.6.11 does it, with a set
// of page numbers for a page cache and reads that take no time. The I/O is written down in words:
// "8+16(14)": a submission of 16 pages from page 8 on, of which 14 were started; "rp40": page 40
// was missing after all and read alone.
class ReadaheadDriver {
 public:
  ReadaheadDriver(const Readahead& readahead, uint64_t file_size, uint64_t ra_pages);

  void Read(uint64_t position, uint64_t length);
  // The I/O since the last call of this function.
  std::string TakeIo();

  FileRaState& ra() { return ra_; }
  std::set<uint64_t>& cached() { return cached_; }
  void set_congested(bool congested) { congested_ = congested; }

 private:
  void Call(FileRaState& ra, ReadaheadCall& call);
  SubmitResult Submit(const ReadaheadSubmission& submission);
  void Log(const std::string& io);

  const Readahead& readahead_;
  const uint64_t file_size_;
  FileRaState ra_;
  std::set<uint64_t> cached_;
  bool congested_ = false;
  std::string io_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_READAHEAD_DRIVER_H_
