#include "tests/layers/page_cache/filemap_driver.h"

#include <algorithm>
#include <vector>

#include "layers/page_cache/folio_order.h"
#include "sim/core/units.h"

namespace biotope {
namespace {

constexpr int kBatch = 31;  // PAGEVEC_SIZE

}  // namespace

uint64_t FilemapDriver::Read(FileRaState& ra, uint64_t position, uint64_t length) {
  const uint64_t begin = position;
  const uint64_t end = position + length;
  while (position < end && position < cache_.file_size()) {
    const uint64_t index = position / kPageSize;
    const uint64_t last_index = (end + kPageSize - 1) / kPageSize;  // behind the read
    if (cache_.Find(index) == nullptr) {
      Call(ra, {.trigger = ReadaheadCall::Trigger::kMiss,
                .offset = PageIndex(index),
                .req_size = last_index - index});
      if (cache_.Find(index) == nullptr) ReadFolio(index);
    }
    const FolioCache::Folio folio = *LastOfBatch(index, last_index - 1);
    if (folio.marked) {
      Call(ra, {.trigger = ReadaheadCall::Trigger::kMark,
                .offset = PageIndex(folio.index),
                .req_size = last_index - folio.index,
                .folio_order = folio.order});
    }
    position = std::min({folio.end() * kPageSize, end, cache_.file_size()});
  }
  if (position > begin) readahead_.NoteRead(ra, begin, position);
  return position > begin ? position - begin : 0;
}

// filemap_get_read_batch: cached folios in a row, up to the first one with a mark.
const FolioCache::Folio* FilemapDriver::LastOfBatch(uint64_t index, uint64_t last) const {
  const FolioCache::Folio* folio = cache_.Find(index);
  for (int count = 1; count < kBatch && !folio->marked && folio->end() <= last; ++count) {
    const FolioCache::Folio* next = cache_.Find(folio->end());
    if (next == nullptr) break;
    folio = next;
  }
  return folio;
}

void FilemapDriver::WillNeed(FileRaState& ra, uint64_t position, uint64_t length) {
  const uint64_t first = position / kPageSize;
  const uint64_t last = length == 0 ? INT64_MAX / kPageSize : (position + length - 1) / kPageSize;
  Call(ra, {.trigger = ReadaheadCall::Trigger::kForced,
            .offset = PageIndex(first),
            .req_size = last - first + 1});
}

void FilemapDriver::DontNeed(uint64_t position, uint64_t length) {
  // Only whole pages, but the last one of the file counts as whole.
  const bool to_end = length == 0 || position + length >= cache_.file_size();
  cache_.Remove((position + kPageSize - 1) / kPageSize,
                to_end ? UINT64_MAX : (position + length) / kPageSize);
}

void FilemapDriver::Touch(FileRaState& ra, MappedFile& mapped, uint64_t index) {
  if (mapped.mapped.contains(index)) return;
  MapAround(ra, mapped, index);
  if (mapped.mapped.contains(index)) return;
  const FolioCache::Folio* folio = cache_.Find(index);  // filemap_fault
  ReadaheadCall call{.offset = PageIndex(index), .mapping_advice = mapped.advice};
  call.trigger =
      folio == nullptr ? ReadaheadCall::Trigger::kFaultMiss : ReadaheadCall::Trigger::kFaultHit;
  if (folio != nullptr) {
    call.folio_order = folio->order;
    call.marked = folio->marked;
  }
  Call(ra, call);
  if (cache_.Find(index) == nullptr) ReadFolio(index);
  MapAround(ra, mapped, index);  // the fault is taken once more after I/O
  mapped.mapped.insert(index);
}

// do_fault_around.
void FilemapDriver::MapAround(FileRaState& ra, MappedFile& mapped, uint64_t index) {
  const FaultAroundRange range = FaultAround(mapped.mapping, PageIndex(index));
  uint64_t count = 0;
  for (uint64_t page = range.first.value(); page <= range.last.value(); ++page) {
    const FolioCache::Folio* folio = cache_.Find(page);
    if (folio == nullptr || folio->marked) continue;
    mapped.mapped.insert(page);
    ++count;
  }
  NoteFaultAround(ra, count);
}

void FilemapDriver::Call(FileRaState& ra, ReadaheadCall call) {
  call.pages = &cache_;
  auto submission = readahead_.Begin(ra, call);
  if (call.clear_mark) cache_.ClearMark(call.offset.value());
  while (submission) submission = readahead_.Submitted(ra, call, Submit(*submission));
}

SubmitResult FilemapDriver::Submit(const ReadaheadSubmission& submission) {
  std::vector<FolioCache::Folio> folios;
  SubmitResult result;
  PageIndex index = submission.start;
  const PageIndex last = submission.start + PageIndex(submission.count - 1);
  while (index <= last) {
    const uint8_t order = FolioOrderAt(index, last, submission.order);
    const FolioCache::Folio folio{.index = index.value(),
                                  .order = order,
                                  .marked = FolioCarriesMark(index, order, submission.mark)};
    if (!cache_.Add(folio)) break;
    folios.push_back(folio);
    index += PageIndex(uint64_t{1} << order);
  }
  result.pages_started = (index - submission.start).value();
  reads_.ReadFolios(folios, true);
  return result;
}

void FilemapDriver::ReadFolio(uint64_t index) {
  const FolioCache::Folio folio{.index = index};
  cache_.Add(folio);
  reads_.ReadFolios({&folio, 1}, false);
}

}  // namespace biotope
