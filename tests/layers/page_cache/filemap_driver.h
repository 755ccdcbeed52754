#ifndef BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FILEMAP_DRIVER_H_
#define BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FILEMAP_DRIVER_H_

#include <cstdint>
#include <set>
#include <span>

#include "layers/page_cache/fault_around.h"
#include "layers/page_cache/readahead.h"
#include "tests/layers/page_cache/folio_cache.h"

namespace biotope {

// Where the reads of a FilemapDriver go.
class FolioReads {
 public:
  virtual ~FolioReads() = default;
  // Folios that have just been added to the cache, neighbours in ascending order, are read: by
  // a_ops->readahead, or one of them by a_ops->read_folio.
  virtual void ReadFolios(std::span<const FolioCache::Folio> folios, bool readahead) = 0;
};

// A mapping of the file and the pages that its page table holds.
struct MappedFile {
  FileMapping mapping;
  ReadAdvice advice = ReadAdvice::kNormal;
  std::set<uint64_t> mapped;
};

// One file, read as mm/filemap.c of Linux 6.18 reads it, with reads that take no time. An open file
// is a FileRaState: it is used and changed in place.
class FilemapDriver {
 public:
  FilemapDriver(const Readahead& readahead, FolioCache& cache, FolioReads& reads)
      : readahead_(readahead), cache_(cache), reads_(reads) {}

  // filemap_read: returns the bytes read.
  uint64_t Read(FileRaState& ra, uint64_t position, uint64_t length);
  // readahead(2) and POSIX_FADV_WILLNEED; length 0: to the end.
  void WillNeed(FileRaState& ra, uint64_t position, uint64_t length);
  // POSIX_FADV_DONTNEED.
  void DontNeed(uint64_t position, uint64_t length);
  // A read access to a page of a mapping of the open file.
  void Touch(FileRaState& ra, MappedFile& mapped, uint64_t index);

 private:
  const FolioCache::Folio* LastOfBatch(uint64_t index, uint64_t last) const;
  void Call(FileRaState& ra, ReadaheadCall call);
  SubmitResult Submit(const ReadaheadSubmission& submission);
  void ReadFolio(uint64_t index);
  void MapAround(FileRaState& ra, MappedFile& mapped, uint64_t index);

  const Readahead& readahead_;
  FolioCache& cache_;
  FolioReads& reads_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_PAGE_CACHE_FILEMAP_DRIVER_H_
