#ifndef BIOTOPE_LAYERS_PAGE_CACHE_FORCED_READAHEAD_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_FORCED_READAHEAD_H_

#include <algorithm>
#include <cstdint>
#include <optional>

#include "layers/page_cache/readahead.h"
#include "sim/core/units.h"

namespace biotope {

// A range that is read because somebody said so: readahead(2), POSIX_FADV_WILLNEED and, in 2.6.11,
// POSIX_FADV_NOREUSE. It goes out in chunks, ignores congestion and leaves FileRaState alone.
// Models: mm/readahead.c force_page_cache_readahead (Linux 2.6.11). The caller limits the range
// first (Zone::MaxSaneReadahead).
class ForcedReadahead {
 public:
  static constexpr uint64_t kChunkPages = 2 * 1024 * 1024 / kPageSize;

  ForcedReadahead(PageIndex start, uint64_t nr_to_read) : start_(start), left_(nr_to_read) {}

  // The next chunk, or nothing when all have been given.
  std::optional<ReadaheadSubmission> Next() {
    if (left_ == 0) return std::nullopt;
    const uint64_t count = std::min(left_, kChunkPages);
    const ReadaheadSubmission chunk{.start = start_, .count = count, .block = true};
    start_ += PageIndex(count);
    left_ -= count;
    return chunk;
  }

 private:
  PageIndex start_;
  uint64_t left_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_FORCED_READAHEAD_H_
