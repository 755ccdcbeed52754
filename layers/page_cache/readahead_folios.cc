#include "layers/page_cache/readahead_folios.h"

#include <algorithm>
#include <bit>

#include "layers/page_cache/folio_order.h"
#include "layers/page_cache/on_demand_state.h"
#include "sim/core/units.h"

namespace biotope {
namespace {

using Submission = std::optional<ReadaheadSubmission>;

// What is being read.
enum Step : uint8_t {
  kFolios,  // a window, in folios of growing size
  kPages,   // what is missing of a range, page by page
};

constexpr PageIndex kNoMark{ReadaheadSubmission::kNoMark};

Submission Submit(ReadaheadCall& call, PageIndex start, uint64_t count, uint8_t order) {
  call.submitted = count;
  return ReadaheadSubmission{.start = start, .count = count, .mark = call.mark, .order = order};
}

// do_page_cache_ra: the next part begins at call.next. The place of the mark counts from the end of
// the part, or of the file; a mark that would lie before the part is not set.
void BeginPart(ReadaheadCall& call, uint64_t nr_to_read, uint64_t lookahead_size) {
  const std::optional<PageIndex> end = call.pages->end_index();
  call.left = 0;
  call.mark = kNoMark;
  if (!end || call.next > *end) return;
  call.left = std::min(nr_to_read, (*end - call.next).value() + 1);
  if (lookahead_size > 0 && lookahead_size <= call.left) {
    call.mark = call.next + PageIndex(call.left - lookahead_size);
  }
}

// page_cache_ra_unbounded: the next run of missing pages. A page that is there already ends a
// batch.
Submission NextRun(ReadaheadCall& call) {
  for (;;) {
    while (call.left > 0 && call.pages->IsCached(call.next)) {
      ++call.next;
      --call.left;
    }
    if (call.left > 0) break;
    if (call.left_behind == 0) return std::nullopt;
    const uint64_t chunk = std::min(call.left_behind, ReadaheadFolios::kChunkPages);
    call.left_behind -= chunk;
    BeginPart(call, chunk, 0);
  }
  uint64_t count = 1;
  while (count < call.left && !call.pages->IsCached(call.next + PageIndex(count))) ++count;
  return Submit(call, call.next, count, 0);
}

Submission SubmitPages(ReadaheadCall& call, PageIndex start, uint64_t nr_to_read,
                       uint64_t lookahead_size) {
  call.step = kPages;
  call.next = start;
  BeginPart(call, nr_to_read, lookahead_size);
  return NextRun(call);
}

// What is left of the window when a folio could not be added: page by page.
Submission FallBack(const FileRaState& ra, ReadaheadCall& call, uint64_t done) {
  if (ra.size <= done) return std::nullopt;
  return SubmitPages(call, call.next + PageIndex(done), ra.size - done, ra.async_size);
}

// Pages of [start, last], counted in whole folios, before the first folio that has no room.
uint64_t RoomForFolios(const CachedPages& pages, PageIndex start, PageIndex last,
                       uint8_t max_order) {
  PageIndex index = start;
  while (index <= last) {
    const PageIndex behind = index + PageIndex(1ULL << FolioOrderAt(index, last, max_order));
    for (PageIndex page = index; page < behind; ++page) {
      if (pages.IsCached(page)) return (index - start).value();
    }
    index = behind;
  }
  return (index - start).value();
}

// page_cache_ra_order: the window, in folios of at most 2^ra.order pages.
Submission SubmitWindow(FileRaState& ra, ReadaheadCall& call) {
  call.next = ra.start;
  const uint8_t max_order = call.pages->max_folio_order();
  if (max_order == 0) {
    ra.order = 0;
    return FallBack(ra, call, 0);
  }
  const std::optional<PageIndex> end = call.pages->end_index();
  if (!end || ra.size == 0 || ra.start > *end) return std::nullopt;
  const auto fits = static_cast<uint8_t>(std::bit_width(ra.size) - 1);
  ra.order = std::min({max_order, ra.order, fits});

  const PageIndex last = std::min(*end, ra.start + PageIndex(ra.size - 1));
  call.step = kFolios;
  call.left = (last - ra.start).value() + 1;
  call.mark = ra.start + PageIndex(ra.size - ra.async_size);
  const uint64_t room = RoomForFolios(*call.pages, ra.start, last, ra.order);
  return room > 0 ? Submit(call, ra.start, room, ra.order) : FallBack(ra, call, 0);
}

// A window that begins with the request: at the beginning of the file, for a sequential reader, or
// for a request that is larger than all windows.
void OpenWindow(FileRaState& ra, PageIndex start, uint64_t req_size, uint64_t max) {
  ra.start = start;
  ra.size = OnDemandInitSize(req_size, max);
  ra.async_size = ra.size > req_size ? ra.size - req_size : ra.size / 2;
}

// The end of the window moves down to where a folio of the next size can begin.
void AlignEnd(FileRaState& ra, uint64_t max) {
  const int shift = std::min(static_cast<int>(ra.order), std::countr_zero(max));
  const PageIndex end = ra.start + PageIndex(ra.size);
  const PageIndex aligned_end(end.value() >> shift << shift);
  if (aligned_end > ra.start) ra.size = (aligned_end - ra.start).value();
}

}  // namespace

// ractl_max_pages.
uint64_t ReadaheadFolios::MaxPages(const FileRaState& ra, uint64_t req_size) const {
  if (req_size <= ra.ra_pages || parameters_.io_pages <= ra.ra_pages) return ra.ra_pages;
  return std::min(req_size, parameters_.io_pages);
}

// page_cache_sync_ra: a page is missing.
Submission ReadaheadFolios::Sync(FileRaState& ra, ReadaheadCall& call, uint64_t req_size) const {
  if (ra.ra_pages == 0) return Force(ra, call, 1);
  if (ra.random_mode) return Force(ra, call, req_size);

  const uint64_t max = MaxPages(ra, req_size);
  const bool sequential = call.offset.value() - (ra.prev_pos >> kPageShift) <= 1;
  if (call.offset == PageIndex(0) || req_size > max || sequential) {
    OpenWindow(ra, call.offset, req_size, max);
  } else {
    // Pages before the missing one may be the trace of a reader.
    uint64_t history = CachedBefore(*call.pages, call.offset, max);
    if (history <= req_size) return SubmitPages(call, call.offset, req_size, 0);
    if (history >= call.offset.value()) history *= 2;  // it has come from the file's beginning
    ra.start = call.offset;
    ra.size = std::min(history + req_size, max);
    ra.async_size = 1;
  }
  ra.order = 0;
  return SubmitWindow(ra, call);
}

// page_cache_async_ra: a marked folio is wanted.
Submission ReadaheadFolios::Async(FileRaState& ra, ReadaheadCall& call, uint64_t req_size) const {
  if (ra.ra_pages == 0) return std::nullopt;
  call.clear_mark = true;

  const uint64_t max = MaxPages(ra, req_size);
  const PageIndex mark = ra.start + PageIndex(ra.size - ra.async_size);
  if (FolioCarriesMark(call.offset, call.folio_order, mark)) {
    ra.start += PageIndex(ra.size);
    ra.size = std::max(ra.size, OnDemandNextSize(ra.size, max));
  } else {
    // Somebody else's mark, or one of an earlier window: continue behind what is cached.
    const PageIndex hole = NextMiss(*call.pages, call.offset + PageIndex(1), max);
    const uint64_t cached = (hole - call.offset).value();
    if (cached > max) return std::nullopt;
    ra.start = hole;
    ra.size = OnDemandNextSize(cached + req_size, max);
  }
  ra.order = static_cast<uint8_t>(ra.order + 2);
  AlignEnd(ra, max);
  ra.async_size = ra.size;
  return SubmitWindow(ra, call);
}

// force_page_cache_ra: no windows and no marks.
Submission ReadaheadFolios::Force(const FileRaState& ra, ReadaheadCall& call,
                                  uint64_t req_size) const {
  call.step = kPages;
  call.next = call.offset;
  call.left_behind = std::min(req_size, std::max(parameters_.io_pages, ra.ra_pages));
  return NextRun(call);
}

// do_sync_mmap_readahead. Whoever touches pages of a mapping touches others nearby, on both sides.
Submission ReadaheadFolios::FaultMiss(FileRaState& ra, ReadaheadCall& call) const {
  if (call.mapping_advice == ReadAdvice::kRandom || ra.ra_pages == 0) return std::nullopt;
  if (call.mapping_advice == ReadAdvice::kSequential) return Sync(ra, call, ra.ra_pages);

  if (ra.mmap_miss < kMmapLotsaMiss * 10) ++ra.mmap_miss;
  if (ra.mmap_miss > kMmapLotsaMiss) return std::nullopt;

  const uint64_t before = std::min(call.offset.value(), ra.ra_pages / 2);
  ra.start = call.offset - PageIndex(before);
  ra.size = ra.ra_pages;
  ra.async_size = ra.ra_pages / 4;
  ra.order = 0;
  return SubmitWindow(ra, call);
}

// do_async_mmap_readahead.
Submission ReadaheadFolios::FaultHit(FileRaState& ra, ReadaheadCall& call) const {
  if (call.mapping_advice == ReadAdvice::kRandom || ra.ra_pages == 0) return std::nullopt;
  if (!call.locked && ra.mmap_miss > 0) --ra.mmap_miss;
  return call.marked ? Async(ra, call, ra.ra_pages) : std::nullopt;
}

FileRaState ReadaheadFolios::Open(uint64_t bdi_ra_pages) const {
  return {.ra_pages = bdi_ra_pages};
}

void ReadaheadFolios::Advise(FileRaState& ra, ReadAdvice advice, uint64_t bdi_ra_pages) const {
  OnDemandAdvise(ra, advice, bdi_ra_pages);
}

void ReadaheadFolios::NoteRead(FileRaState& ra, uint64_t /*begin*/, uint64_t end) const {
  ra.prev_pos = end;
}

void ReadaheadFolios::NoteReadError(FileRaState& ra) const { ra.ra_pages /= 4; }

Submission ReadaheadFolios::Begin(FileRaState& ra, ReadaheadCall& call) const {
  switch (call.trigger) {
    case ReadaheadCall::Trigger::kRequest:
      call.taken = call.req_size;
      return std::nullopt;
    case ReadaheadCall::Trigger::kMiss:
      return Sync(ra, call, call.req_size);
    case ReadaheadCall::Trigger::kMark:
      return Async(ra, call, call.req_size);
    case ReadaheadCall::Trigger::kForced:
      return Force(ra, call, call.req_size);
    case ReadaheadCall::Trigger::kFaultMiss:
      return FaultMiss(ra, call);
    case ReadaheadCall::Trigger::kFaultHit:
      return FaultHit(ra, call);
  }
  return std::nullopt;
}

Submission ReadaheadFolios::Submitted(FileRaState& ra, ReadaheadCall& call,
                                      const SubmitResult& result) const {
  const uint64_t done = result.pages_started;
  if (call.step == kFolios) {
    return done < call.left ? FallBack(ra, call, done) : std::nullopt;
  }
  call.next += PageIndex(done);
  call.left -= done;
  // There was no memory for the next page: the part ends here.
  if (done < call.submitted && !call.pages->IsCached(call.next)) call.left = 0;
  return NextRun(call);
}

}  // namespace biotope
