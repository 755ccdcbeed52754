#include "layers/page_cache/readahead_two_windows.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/core/units.h"

namespace biotope {
namespace {

// What the submission under way is for.
enum Step : uint8_t {
  kFirstWindow,  // the current window of a reader that begins to be sequential
  kRandom,       // just the pages wanted
  kAheadWindow,  // the first ahead window
  kShifted,      // the ahead window after a shift
  kAround,       // the pages around a page fault
};

ReadaheadSubmission Submit(ReadaheadCall& call, Step step, PageIndex start, uint64_t count,
                           bool block) {
  call.step = step;
  call.submitted = count;
  return {.start = start, .count = count, .block = block};
}

PageIndex LastPage(const ReadaheadCall& call) {
  return call.offset + PageIndex(call.taken) - PageIndex(1);
}

// ra_off. The cache hits are not forgotten.
void SwitchOff(FileRaState& ra) {
  ra.start = PageIndex(0);
  ra.size = FileRaState::kOff;
  ra.ahead_start = PageIndex(0);
  ra.ahead_size = 0;
  ra.miss = false;
  ra.in_cache = false;
}

// check_ra_success: false if the submission was refused, or if it has shown that readahead is
// useless.
bool CheckSuccess(FileRaState& ra, uint64_t nr_to_read, const SubmitResult& result) {
  if (result.congested) return false;
  if (result.pages_started > 0) {
    ra.cache_hit = 0;
    return true;
  }
  ra.cache_hit += nr_to_read;
  if (ra.cache_hit < ReadaheadTwoWindows::kCacheHitPages) return true;
  SwitchOff(ra);
  ra.in_cache = true;
  return false;
}

ReadaheadSubmission OpenAheadWindow(FileRaState& ra, ReadaheadCall& call, Step step) {
  ra.ahead_size = ReadaheadTwoWindows::NextSize(ra, ra.size);
  ra.ahead_start = ra.start + PageIndex(ra.size);
  // A window that holds wanted pages must be read; any other one is a favour.
  const bool block = LastPage(call) >= ra.ahead_start;
  return Submit(call, step, ra.ahead_start, ra.ahead_size, block);
}

// If the pages wanted reach into the ahead window, it becomes the current one and a new one is
// opened.
std::optional<ReadaheadSubmission> ShiftIfCrossed(FileRaState& ra, ReadaheadCall& call) {
  if (LastPage(call) < ra.ahead_start) return std::nullopt;
  ra.start = ra.ahead_start;
  ra.size = ra.ahead_size;
  return OpenAheadWindow(ra, call, kShifted);
}

// What filemap_nopage does for a page that is not cached. A file whose faults miss much more often
// than they hit is not read around any more.
std::optional<ReadaheadSubmission> FaultMissed(FileRaState& ra, ReadaheadCall& call) {
  switch (call.mapping_advice) {
    case ReadAdvice::kRandom:
      return std::nullopt;
    case ReadAdvice::kSequential:
      ra.miss = true;
      ra.in_cache = false;
      return std::nullopt;
    case ReadAdvice::kNormal:
      break;
  }
  ++ra.mmap_miss;
  if (ra.mmap_miss > ra.mmap_hit + ReadaheadTwoWindows::kLotsOfMisses) return std::nullopt;
  if (ra.ra_pages == 0) return std::nullopt;
  const uint64_t half = ra.ra_pages / 2;
  const PageIndex start =
      call.offset > PageIndex(half) ? call.offset - PageIndex(half) : PageIndex(0);
  return Submit(call, kAround, start, ra.ra_pages, false);
}

}  // namespace

uint64_t ReadaheadTwoWindows::InitSize(uint64_t size, uint64_t max) {
  const uint64_t rounded = std::bit_ceil(size);
  if (rounded <= max / 64) return rounded * rounded;
  if (rounded <= max / 4) return max / 4;
  return max;
}

uint64_t ReadaheadTwoWindows::NextSize(FileRaState& ra, uint64_t current) {
  const uint64_t max = ra.ra_pages;
  uint64_t next;
  if (std::exchange(ra.miss, false)) {
    // Wraps for a window of one page, which so becomes the largest.
    next = std::max(current - 2, kMinPages);
  } else if (current < max / 16) {
    next = 4 * current;
  } else {
    next = 2 * current;
  }
  return std::min(next, max);
}

FileRaState ReadaheadTwoWindows::Open(uint64_t bdi_ra_pages) const {
  return {.ra_pages = bdi_ra_pages};
}

void ReadaheadTwoWindows::Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const {
  switch (advice) {
    case ReadAdvice::kNormal:
      ra.ra_pages = bdi_ra_pages;
      break;
    case ReadAdvice::kRandom:
      ra.ra_pages = 0;
      break;
    case ReadAdvice::kSequential:
      ra.ra_pages = 2 * bdi_ra_pages;
      break;
  }
}

std::optional<ReadaheadSubmission> ReadaheadTwoWindows::Begin(FileRaState& ra,
                                                              ReadaheadCall& call) const {
  if (call.trigger == ReadaheadCall::Trigger::kMiss) {
    ra.miss = true;
    ra.in_cache = false;
  }
  if (call.trigger == ReadaheadCall::Trigger::kFaultMiss) return FaultMissed(ra, call);
  if (call.trigger == ReadaheadCall::Trigger::kFaultHit) {
    if (call.mapping_advice != ReadAdvice::kRandom) ++ra.mmap_hit;
    return std::nullopt;
  }
  if (call.trigger != ReadaheadCall::Trigger::kRequest) return std::nullopt;

  // Another part of the page that the last call was for: it must not look like a jump.
  const bool same_page = call.offset == ra.prev_page && call.req_size == 1 && ra.size != 0;
  call.taken = std::min(call.req_size, ra.ra_pages);
  if (same_page || call.taken == 0 || ra.in_cache) {
    call.taken = 1;
    ra.prev_page = call.offset;
    return std::nullopt;
  }

  const bool follows = call.offset == ra.prev_page + PageIndex(1);
  ra.prev_page = LastPage(call);

  const bool whole_file = ra.size == 0 && call.offset == PageIndex(0);
  if (whole_file || (ra.size == FileRaState::kOff && follows)) {
    ra.start = call.offset;
    ra.size = InitSize(call.taken, ra.ra_pages);
    return Submit(call, kFirstWindow, ra.start, ra.size, true);
  }
  if (!follows || ra.size == 0) {
    SwitchOff(ra);
    return Submit(call, kRandom, call.offset, call.taken, true);
  }
  if (ra.ahead_start == PageIndex(0)) return OpenAheadWindow(ra, call, kAheadWindow);
  return ShiftIfCrossed(ra, call);
}

std::optional<ReadaheadSubmission> ReadaheadTwoWindows::Submitted(
    FileRaState& ra, ReadaheadCall& call, const SubmitResult& result) const {
  if (call.step == kAround) return std::nullopt;  // do_page_cache_readahead: not looked at
  const bool success = CheckSuccess(ra, call.submitted, result);
  switch (static_cast<Step>(call.step)) {
    case kFirstWindow: {
      // More than a window is wanted: the ahead window is needed anyway, so it is read at once.
      if (!success || call.req_size < ra.ra_pages) return std::nullopt;
      ReadaheadSubmission ahead = OpenAheadWindow(ra, call, kShifted);
      ahead.block = true;
      return ahead;
    }
    case kRandom:
    case kAround:
      return std::nullopt;
    case kAheadWindow:
    case kShifted:
      break;
  }
  if (!success) {
    ra.ahead_start = PageIndex(0);
    ra.ahead_size = 0;
    return std::nullopt;
  }
  return call.step == kAheadWindow ? ShiftIfCrossed(ra, call) : std::nullopt;
}

}  // namespace biotope
