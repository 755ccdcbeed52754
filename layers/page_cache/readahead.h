#ifndef BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_H_

#include <cstdint>
#include <optional>

#include "sim/core/units.h"

namespace biotope {

// What one open file remembers about its reads: struct file_ra_state. A plain value, because a read
// works on a copy and writes it back when it ends (do_generic_mapping_read). Sizes are pages; the
// arithmetic is the kernel's, unsigned and wrapping. An algorithm uses the fields that its kernel
// has.
struct FileRaState {
  static constexpr uint64_t kOff = UINT64_MAX;  // a `size`: readahead is switched off

  uint64_t ra_pages = 0;            // largest window; 0: no readahead
  PageIndex prev_page{UINT64_MAX};  // last page of the last call
  PageIndex start{};                // current window
  uint64_t size = 0;                // its pages; 0: never used; kOff
  PageIndex ahead_start{};          // ahead window; 0: there is none
  uint64_t ahead_size = 0;
  uint64_t cache_hit = 0;  // pages of consecutive submissions that found everything cached
  bool miss = false;       // RA_FLAG_MISS: a page that was read ahead has been evicted
  bool in_cache = false;   // RA_FLAG_INCACHE: the file seems to be cached
  uint32_t mmap_hit = 0;   // page faults that found their page (2.6.11: counts for itself)

  // On-demand readahead (2.6.23 and later) has one window, [start, start + size).
  bool random_mode = false;        // FMODE_RANDOM: POSIX_FADV_RANDOM
  uint8_t order = 0;               // log2 of the pages of a folio, at most, in the last window
  uint32_t mmap_miss = 0;          // page faults that found no page, less those that did
  uint64_t async_size = 0;         // the mark is so many pages before the window's end
  uint64_t prev_pos = UINT64_MAX;  // where the last read was, in bytes (NoteRead)
};
static_assert(sizeof(FileRaState) <= 96);

// posix_fadvise(2), as far as it changes the state of an open file.
enum class ReadAdvice { kNormal, kRandom, kSequential };

// One piece of I/O that the algorithm wants: read those pages of [start, start + count) that lie
// before the end of the file and are not cached, all in one call of readpages. With `block`
// false it is not done at all when the device is read-congested.
struct ReadaheadSubmission {
  PageIndex start;
  uint64_t count = 0;
  bool block = true;
  // If this page is among those started, its folio carries the readahead mark.
  PageIndex mark{kNoMark};
  // Folios have at most 2^order pages; FolioOrderAt says how many each one has.
  uint8_t order = 0;

  static constexpr uint64_t kNoMark = UINT64_MAX;
};

// What became of a submission.
struct SubmitResult {
  bool congested = false;  // it did not block and the device was read-congested: nothing was done
  uint64_t pages_started = 0;  // pages that were not cached and are being read now
};

// What an algorithm may know about the pages of the file.
class CachedPages {
 public:
  virtual ~CachedPages() = default;

  // Whether the page cache has a page there, up to date or still being read.
  virtual bool IsCached(PageIndex index) const = 0;
  // The page of the file's last byte; nothing if the file is empty.
  virtual std::optional<PageIndex> end_index() const = 0;
  // mapping_max_folio_order: log2 of the pages of the largest folio; 0: single pages only.
  virtual uint8_t max_folio_order() const { return 0; }
};

// One call of the algorithm, in the caller's hands, because the caller suspends between
// submissions.
struct ReadaheadCall {
  enum class Trigger {
    kRequest,    // before a page is looked up: `req_size` pages from `offset` on are wanted
    kMiss,       // the page at `offset` was looked up and is not cached; `req_size` are wanted
    kMark,       // the page at `offset` was found, and carries the readahead mark
    kForced,     // readahead(2), POSIX_FADV_WILLNEED: read `req_size` pages, whatever was before
    kFaultMiss,  // a page fault has found no page at `offset`
    kFaultHit,   // a page fault has found one; `marked` says whether it carries the mark
  };

  Trigger trigger = Trigger::kRequest;
  PageIndex offset;       // kMark: the first page of the folio; faults: the page touched
  uint64_t req_size = 1;  // pages, at least 1; not used by faults

  // For algorithms with marks:
  const CachedPages* pages = nullptr;
  // kMark, kFaultHit: the folio found, and whether the device is read-congested.
  uint8_t folio_order = 0;
  bool marked = false;
  bool locked = false;  // it is still being read
  bool congested = false;
  // Faults: madvise of the mapping.
  ReadAdvice mapping_advice = ReadAdvice::kNormal;
  // max_sane_readahead: pages that memory has room for, where the kernel asks.
  uint64_t sane_pages = UINT64_MAX;

  // The result, when no submission is left: so many of the pages wanted are taken care of. The next
  // kRequest is for the page behind them.
  uint64_t taken = 0;
  // Known after Begin: the mark is to be taken off the folio, before anything is submitted.
  bool clear_mark = false;

  // The algorithm's place between two submissions.
  uint8_t step = 0;
  uint64_t submitted = 0;    // pages of the submission under way
  PageIndex next{};          // first page that no submission has dealt with
  uint64_t left = 0;         // pages from there on that belong to the present part of the range
  uint64_t left_behind = 0;  // pages of the parts behind it
  PageIndex mark{ReadaheadSubmission::kNoMark};
};

// A readahead algorithm: which pages are read before somebody asks for them. It has no state of its
// own and calls nobody; it is asked in this way:
//
//   for (auto s = readahead.Begin(ra, call); s; s = readahead.Submitted(ra, call, result)) {
//     result = ... carry out *s ...
//   }
//   next_index += call.taken;
class Readahead {
 public:
  virtual ~Readahead() = default;

  // file_ra_state_init: the state of a file that has just been opened on a device whose
  // read_ahead_kb makes so many pages.
  virtual FileRaState Open(uint64_t bdi_ra_pages) const = 0;

  // posix_fadvise.
  virtual void Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const = 0;

  // A read has copied the bytes [begin, end), at least one; called once, when it ends.
  virtual void NoteRead(FileRaState& /*ra*/, uint64_t /*begin*/, uint64_t /*end*/) const {}

  // A page fault has found this page, in the end, and maps it.
  virtual void NoteFault(FileRaState& /*ra*/, PageIndex /*index*/) const {}

  // shrink_readahead_size_eio: a page has been read again by itself, and that has failed.
  virtual void NoteReadError(FileRaState& /*ra*/) const {}

  // Begins `call` and returns its first submission; nothing: the call is over.
  virtual std::optional<ReadaheadSubmission> Begin(FileRaState& ra, ReadaheadCall& call) const = 0;

  // The submission has been carried out: returns the next one; nothing: the call is over.
  virtual std::optional<ReadaheadSubmission> Submitted(FileRaState& ra, ReadaheadCall& call,
                                                       const SubmitResult& result) const = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_H_
