#include "tests/layers/page_cache/on_demand_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/core/units.h"

namespace biotope {

OnDemandDriver::OnDemandDriver(const Readahead& readahead, uint64_t file_size, uint64_t ra_pages)
    : readahead_(readahead), cache_(file_size), ra_(readahead.Open(ra_pages)) {}

// The size of the file is looked at only when the page is there: a read that reaches the end of the
// file and wants more asks for one page behind it.
void OnDemandDriver::Read(uint64_t position, uint64_t length) {
  const uint64_t begin = position;
  const uint64_t end = position + length;
  const uint64_t last_index = (end + kPageSize - 1) / kPageSize;
  do {
    const uint64_t index = position / kPageSize;
    GetPage(index, last_index - index);
    if (position >= cache_.file_size()) break;
    position = std::min({(index + 1) * kPageSize, end, cache_.file_size()});
  } while (position < end);
  if (position > begin) readahead_.NoteRead(ra_, begin, position);
}

void OnDemandDriver::GetPage(uint64_t index, uint64_t wanted) {
  if (cache_.Find(index) == nullptr) {
    Call(
        {.trigger = ReadaheadCall::Trigger::kMiss, .offset = PageIndex(index), .req_size = wanted});
  }
  if (cache_.Find(index) == nullptr) ReadPage(index);
  if (cache_.Find(index)->marked) {
    Call({.trigger = ReadaheadCall::Trigger::kMark,
          .offset = PageIndex(index),
          .req_size = wanted,
          .congested = congested_});
  }
}

void OnDemandDriver::Fault(uint64_t index, ReadAdvice advice) {
  const FolioCache::Folio* page = cache_.Find(index);
  Call({.trigger = page == nullptr ? ReadaheadCall::Trigger::kFaultMiss
                                   : ReadaheadCall::Trigger::kFaultHit,
        .offset = PageIndex(index),
        .marked = page != nullptr && page->marked,
        .congested = congested_,
        .mapping_advice = advice});
  if (cache_.Find(index) == nullptr) ReadPage(index);
  readahead_.NoteFault(ra_, PageIndex(index));
}

void OnDemandDriver::ReadPage(uint64_t index) {
  cache_.Add({.index = index});
  Log(fmt::format("rp{}", index));
}

void OnDemandDriver::WillNeed(uint64_t first, uint64_t pages) {
  Call({.trigger = ReadaheadCall::Trigger::kForced, .offset = PageIndex(first), .req_size = pages});
}

void OnDemandDriver::Call(ReadaheadCall call) {
  call.pages = &cache_;
  call.sane_pages = sane_pages_;
  auto submission = readahead_.Begin(ra_, call);
  if (call.clear_mark) cache_.ClearMark(call.offset.value());
  while (submission) submission = readahead_.Submitted(ra_, call, Submit(*submission));
}

SubmitResult OnDemandDriver::Submit(const ReadaheadSubmission& submission) {
  const uint64_t file_pages = (cache_.file_size() + kPageSize - 1) / kPageSize;
  const uint64_t start = submission.start.value();
  SubmitResult result;
  bool marked = false;
  for (uint64_t page = start; page < std::min(start + submission.count, file_pages); ++page) {
    const bool mark = PageIndex(page) == submission.mark;
    if (!cache_.Add({.index = page, .marked = mark})) continue;
    ++result.pages_started;
    marked = marked || mark;
  }
  if (result.pages_started > 0) {
    Log(fmt::format("{}+{}({})", start, submission.count, result.pages_started) +
        (marked ? fmt::format("@{}", submission.mark.value()) : ""));
  }
  return result;
}

void OnDemandDriver::Log(const std::string& io) {
  if (!io_.empty()) io_ += ' ';
  io_ += io;
}

std::string OnDemandDriver::TakeIo() { return std::exchange(io_, {}); }

}  // namespace biotope
