#include "tests/layers/page_cache/readahead_driver.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/core/units.h"

namespace biotope {

ReadaheadDriver::ReadaheadDriver(const Readahead& readahead, uint64_t file_size, uint64_t ra_pages)
    : readahead_(readahead), file_size_(file_size), ra_(readahead.Open(ra_pages)) {}

void ReadaheadDriver::Read(uint64_t position, uint64_t length) {
  FileRaState ra = ra_;
  const uint64_t end = std::min(position + length, file_size_);
  uint64_t next_index = position / kPageSize;
  uint64_t req_size = (length + kPageSize - 1) / kPageSize;
  while (position < end) {
    const uint64_t index = position / kPageSize;
    if (index == next_index && req_size > 0) {
      ReadaheadCall call{.offset = PageIndex(index), .req_size = req_size};
      Call(ra, call);
      next_index += call.taken;
      req_size -= call.taken;
    }
    if (!cached_.contains(index)) {
      ReadaheadCall miss{.trigger = ReadaheadCall::Trigger::kMiss, .offset = PageIndex(index)};
      Call(ra, miss);
      cached_.insert(index);
      Log(fmt::format("rp{}", index));
    }
    position = (index + 1) * kPageSize;
  }
  ra_ = ra;
}

void ReadaheadDriver::Call(FileRaState& ra, ReadaheadCall& call) {
  auto submission = readahead_.Begin(ra, call);
  while (submission) submission = readahead_.Submitted(ra, call, Submit(*submission));
}

SubmitResult ReadaheadDriver::Submit(const ReadaheadSubmission& submission) {
  if (congested_ && !submission.block) return {.congested = true};
  const uint64_t file_pages = (file_size_ + kPageSize - 1) / kPageSize;
  const uint64_t start = submission.start.value();
  SubmitResult result;
  for (uint64_t page = start; page < std::min(start + submission.count, file_pages); ++page) {
    if (cached_.insert(page).second) ++result.pages_started;
  }
  if (result.pages_started > 0) {
    Log(fmt::format("{}+{}({})", start, submission.count, result.pages_started));
  }
  return result;
}

void ReadaheadDriver::Log(const std::string& io) {
  if (!io_.empty()) io_ += ' ';
  io_ += io;
}

std::string ReadaheadDriver::TakeIo() { return std::exchange(io_, {}); }

}  // namespace biotope
