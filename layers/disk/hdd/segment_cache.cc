#include "layers/disk/hdd/segment_cache.h"

#include <algorithm>
#include <limits>

namespace biotope {
namespace {

using State = Segment::State;

constexpr uint32_t kWriteSegment = 0;  // if there is a separate one

uint64_t SegmentSize(const HddCache& cache) {
  return cache.segment_sectors == 0 ? std::numeric_limits<uint32_t>::max() : cache.segment_sectors;
}

}  // namespace

SegmentCache::SegmentCache(const HddCache& cache)
    : segment_sectors_(SegmentSize(cache)),
      write_segments_(cache.write_segments),
      separate_write_segment_(cache.separate_write_segment),
      read_hits_on_writes_(cache.read_hits_on_writes),
      segments_(cache.segments) {
  for (uint32_t i = 0; i < cache.segments; ++i) order_.push_back(i);
}

// 0: not to be used.
uint32_t SegmentCache::ReadValue(uint32_t index, uint64_t from, uint64_t to, Match* match) const {
  const Segment& segment = segments_[index];
  const bool dirty = segment.state == State::kWriting;
  *match = Match::kMiss;
  if (segment.state == State::kEmpty) {
    return separate_write_segment_ && index == kWriteSegment ? 0 : 3;
  }
  const bool readable = !segment.written || read_hits_on_writes_;
  if (separate_write_segment_ && index == kWriteSegment) {
    if (dirty && segment.Overlaps(from, to)) *match = Match::kCollision;
    return 0;
  }
  if (!segment.Holds(from)) {
    if (dirty && segment.Overlaps(from, to)) *match = Match::kCollision;
    if (segment.state == State::kClean) return 2;
    return segment.state == State::kReading ? 1 : 0;
  }
  if (!readable) {
    if (dirty) *match = Match::kCollision;
    return 0;
  }
  const uint32_t value = dirty ? 10 : segment.state == State::kReading ? 9 : 8;
  *match = segment.end >= to ? Match::kWhole : Match::kPartial;
  return *match == Match::kWhole ? value : value - 4;
}

SegmentCache::Choice SegmentCache::ChooseForRead(uint64_t from, uint64_t to) const {
  Choice best = {.segment = kNone, .match = Match::kMiss};
  uint32_t best_value = 0;
  for (const uint32_t index : order_) {
    Match match;
    const uint32_t value = ReadValue(index, from, to, &match);
    if (match == Match::kCollision) return {.segment = kNone, .match = match};
    if (value <= best_value) continue;
    best_value = value;
    best = {.segment = index, .match = match};
  }
  return best;
}

uint32_t SegmentCache::WriteValue(uint32_t index, uint64_t from, uint64_t to) const {
  const Segment& segment = segments_[index];
  if (separate_write_segment_ && index != kWriteSegment) return 0;
  switch (segment.state) {
    case State::kEmpty:
      return 3;
    case State::kClean:
      return segment.Overlaps(from, to) ? 4 : 2;
    case State::kReading:
      return 1;
    case State::kWriting:
      break;
  }
  return 0;
}

uint32_t SegmentCache::ChooseForWrite(uint64_t from, uint64_t to) const {
  uint32_t best = kNone;
  uint32_t best_value = 0;
  uint32_t writing = 0;
  for (const uint32_t index : order_) {
    if (segments_[index].state == State::kWriting) ++writing;
    const uint32_t value = WriteValue(index, from, to);
    if (value <= best_value) continue;
    best_value = value;
    best = index;
  }
  return writing < write_segments_ ? best : kNone;
}

void SegmentCache::Touch(uint32_t index) {
  const auto found = std::find(order_.begin(), order_.end(), index);
  std::rotate(found, found + 1, order_.end());
}

void SegmentCache::Invalidate(uint64_t from, uint64_t to, uint32_t writer) {
  for (uint32_t i = 0; i < segments_.size(); ++i) {
    Segment& segment = segments_[i];
    if (i == writer || segment.state != State::kClean) continue;
    if (segment.Overlaps(from, to)) segment.state = State::kEmpty;
  }
}

void SegmentCache::Trim(Segment& segment) const {
  if (segment.end - segment.first > segment_sectors_) {
    segment.first = segment.end - segment_sectors_;
  }
}

}  // namespace biotope
