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
};
static_assert(sizeof(FileRaState) <= 64);

// posix_fadvise(2), as far as it changes the state of an open file.
enum class ReadAdvice { kNormal, kRandom, kSequential };

// One piece of I/O that the algorithm wants: read those pages of [start, start + count) that lie
// before the end of the file and are not cached, all in one call of readpages. With `block`
// false it is not done at all when the device is read-congested.
struct ReadaheadSubmission {
  PageIndex start;
  uint64_t count = 0;
  bool block = true;
};

// What became of a submission.
struct SubmitResult {
  bool congested = false;  // it did not block and the device was read-congested: nothing was done
  uint64_t pages_started = 0;  // pages that were not cached and are being read now
};

// One call of the algorithm, in the caller's hands, because the caller suspends between
// submissions.
struct ReadaheadCall {
  enum class Trigger {
    kRequest,  // before a page is looked up: `req_size` pages from `offset` on are wanted
    kMiss,     // the page at `offset` was looked up and is not cached
    kMark,     // the page at `offset` was found, and carries the readahead mark
  };

  Trigger trigger = Trigger::kRequest;
  PageIndex offset;
  uint64_t req_size = 1;  // pages, at least 1

  // The result, when no submission is left: so many of the pages wanted are taken care of. The next
  // kRequest is for the page behind them.
  uint64_t taken = 0;

  // The algorithm's place between two submissions.
  uint8_t step = 0;
  uint64_t submitted = 0;  // pages of the submission under way
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

  // Begins `call` and returns its first submission; nothing: the call is over.
  virtual std::optional<ReadaheadSubmission> Begin(FileRaState& ra, ReadaheadCall& call) const = 0;

  // The submission has been carried out: returns the next one; nothing: the call is over.
  virtual std::optional<ReadaheadSubmission> Submitted(FileRaState& ra, ReadaheadCall& call,
                                                       const SubmitResult& result) const = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_READAHEAD_H_
