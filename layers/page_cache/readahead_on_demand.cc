#include "layers/page_cache/readahead_on_demand.h"

#include <algorithm>

#include "layers/page_cache/on_demand_state.h"
#include "sim/core/units.h"

namespace biotope {
namespace {

using Submission = std::optional<ReadaheadSubmission>;

// ra_submit: the window, with its mark.
Submission SubmitWindow(const FileRaState& ra) {
  if (ra.size == 0) return std::nullopt;
  ReadaheadSubmission window{.start = ra.start, .count = ra.size};
  if (ra.async_size > 0) window.mark = ra.start + PageIndex(ra.size - ra.async_size);
  return window;
}

// force_page_cache_readahead: the next chunk.
Submission NextChunk(ReadaheadCall& call) {
  if (call.left == 0) return std::nullopt;
  const uint64_t count = std::min(call.left, ReadaheadOnDemand::kChunkPages);
  const ReadaheadSubmission chunk{.start = call.next, .count = count};
  call.next += PageIndex(count);
  call.left -= count;
  return chunk;
}

Submission Force(ReadaheadCall& call, uint64_t pages) {
  call.next = call.offset;
  call.left = std::min(pages, call.sane_pages);
  return NextChunk(call);
}

void OpenWindow(FileRaState& ra, const ReadaheadCall& call, uint64_t max) {
  ra.start = call.offset;
  ra.size = OnDemandInitSize(call.req_size, max);
  ra.async_size = ra.size > call.req_size ? ra.size - call.req_size : ra.size;
}

// The window behind `start`, after one of `size` pages.
void AdvanceWindow(FileRaState& ra, PageIndex start, uint64_t size, uint64_t max) {
  ra.start = start;
  ra.size = OnDemandNextSize(size, max);
  ra.async_size = ra.size;
}

// try_context_readahead: whether pages before the missing one look like the trace of a reader.
bool TryContext(FileRaState& ra, const ReadaheadCall& call, uint64_t max) {
  uint64_t history = CachedBefore(*call.pages, call.offset, max);
  if (history == 0) return false;
  if (history >= call.offset.value()) history *= 2;  // it has come from the file's beginning
  ra.start = call.offset;
  ra.size = OnDemandInitSize(history + call.req_size, max);
  ra.async_size = ra.size;
  return true;
}

bool IsMarkHit(const ReadaheadCall& call) {
  return call.trigger == ReadaheadCall::Trigger::kMark ||
         call.trigger == ReadaheadCall::Trigger::kFaultHit;
}

// Sets the window for this call; false if none is to be read.
bool ChooseWindow(FileRaState& ra, const ReadaheadCall& call, uint64_t max) {
  const PageIndex window_end = ra.start + PageIndex(ra.size);
  if (call.offset == PageIndex(0)) {
    OpenWindow(ra, call, max);
  } else if (call.offset == window_end - PageIndex(ra.async_size) || call.offset == window_end) {
    AdvanceWindow(ra, window_end, ra.size, max);
  } else if (IsMarkHit(call)) {
    // Somebody else's mark, or one of an earlier window: continue behind what is cached.
    const PageIndex hole = NextMiss(*call.pages, call.offset + PageIndex(1), max);
    const uint64_t cached = (hole - call.offset).value();
    if (cached > max) return false;
    AdvanceWindow(ra, hole, cached + call.req_size, max);
  } else if (call.req_size > max || call.offset.value() - (ra.prev_pos >> kPageShift) <= 1) {
    OpenWindow(ra, call, max);
  } else {
    return TryContext(ra, call, max);
  }
  return true;
}

// ondemand_readahead.
Submission OnDemand(FileRaState& ra, const ReadaheadCall& call) {
  const uint64_t max = std::min(ra.ra_pages, call.sane_pages);
  if (!ChooseWindow(ra, call, max)) {
    if (IsMarkHit(call)) return std::nullopt;
    return ReadaheadSubmission{.start = call.offset, .count = call.req_size};
  }
  // The reader would come to the mark with its first page: the next window is needed at once.
  if (call.offset == ra.start && ra.size == ra.async_size) {
    ra.async_size = OnDemandNextSize(ra.size, max);
    ra.size += ra.async_size;
  }
  return SubmitWindow(ra);
}

// page_cache_sync_readahead.
Submission Sync(FileRaState& ra, ReadaheadCall& call) {
  if (ra.ra_pages == 0) return std::nullopt;
  if (ra.random_mode) return Force(call, call.req_size);
  return OnDemand(ra, call);
}

// page_cache_async_readahead.
Submission Async(FileRaState& ra, ReadaheadCall& call) {
  if (ra.ra_pages == 0) return std::nullopt;
  call.clear_mark = true;
  if (call.congested) return std::nullopt;
  return OnDemand(ra, call);
}

// do_sync_mmap_readahead: the pages around, unless the faults come in order.
Submission FaultMiss(FileRaState& ra, ReadaheadCall& call) {
  if (call.mapping_advice == ReadAdvice::kRandom) return std::nullopt;
  const bool follows = call.offset.value() - 1 == ra.prev_pos >> kPageShift;
  if (call.mapping_advice == ReadAdvice::kSequential || follows) return Sync(ra, call);

  ++ra.mmap_miss;
  if (ra.mmap_miss > ReadaheadOnDemand::kMmapLotsaMiss) return std::nullopt;
  const uint64_t pages = std::min(ra.ra_pages, call.sane_pages);
  ra.start = call.offset - PageIndex(std::min(call.offset.value(), pages / 2));
  ra.size = pages;
  ra.async_size = 0;
  return SubmitWindow(ra);
}

// do_async_mmap_readahead.
Submission FaultHit(FileRaState& ra, ReadaheadCall& call) {
  if (call.mapping_advice == ReadAdvice::kRandom) return std::nullopt;
  if (ra.mmap_miss > 0) --ra.mmap_miss;
  return call.marked ? Async(ra, call) : std::nullopt;
}

}  // namespace

FileRaState ReadaheadOnDemand::Open(uint64_t bdi_ra_pages) const {
  return {.ra_pages = bdi_ra_pages};
}

void ReadaheadOnDemand::Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const {
  OnDemandAdvise(ra, advice, bdi_ra_pages);
}

// The page of the last byte, and within it the place behind that byte: 0 if the page is finished.
void ReadaheadOnDemand::NoteRead(FileRaState& ra, uint64_t /*begin*/, uint64_t end) const {
  ra.prev_pos = ((end - 1) >> kPageShift << kPageShift) + end % kPageSize;
}

void ReadaheadOnDemand::NoteFault(FileRaState& ra, PageIndex index) const {
  ra.prev_pos = index.value() << kPageShift;
}

void ReadaheadOnDemand::NoteReadError(FileRaState& ra) const { ra.ra_pages /= 4; }

Submission ReadaheadOnDemand::Begin(FileRaState& ra, ReadaheadCall& call) const {
  switch (call.trigger) {
    case ReadaheadCall::Trigger::kRequest:
      call.taken = call.req_size;
      return std::nullopt;
    case ReadaheadCall::Trigger::kMiss:
      return Sync(ra, call);
    case ReadaheadCall::Trigger::kMark:
      return Async(ra, call);
    case ReadaheadCall::Trigger::kForced:
      return Force(call, call.req_size);
    case ReadaheadCall::Trigger::kFaultMiss:
    case ReadaheadCall::Trigger::kFaultHit:
      call.req_size = ra.ra_pages;
      return call.trigger == ReadaheadCall::Trigger::kFaultMiss ? FaultMiss(ra, call)
                                                                : FaultHit(ra, call);
  }
  return std::nullopt;
}

Submission ReadaheadOnDemand::Submitted(FileRaState& /*ra*/, ReadaheadCall& call,
                                        const SubmitResult& /*result*/) const {
  return NextChunk(call);
}

}  // namespace biotope
