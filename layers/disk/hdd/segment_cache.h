#ifndef BIOTOPE_LAYERS_DISK_HDD_SEGMENT_CACHE_H_
#define BIOTOPE_LAYERS_DISK_HDD_SEGMENT_CACHE_H_

#include <cstdint>
#include <vector>

#include "layers/disk/hdd/hdd_parameters.h"

namespace biotope {

// A piece of the drive's buffer: it holds the sectors [first, end).
struct Segment {
  enum class State : uint8_t {
    kEmpty,
    kClean,    // the media have the same
    kReading,  // readahead fills it
    kWriting,  // the media do not have all of it yet
  };
  uint64_t first = 0;
  uint64_t end = 0;
  State state = State::kEmpty;
  bool written = false;  // by the host, not read from the media

  bool Holds(uint64_t sector) const { return first <= sector && sector < end; }
  bool Overlaps(uint64_t from, uint64_t to) const { return from < end && first < to; }
};

// The segments of a drive's buffer and the choice among them. An index stands for a segment.
class SegmentCache {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;

  enum class Match : uint8_t {
    kMiss,
    kPartial,    // its first sectors are in the segment
    kWhole,      // all of it is
    kCollision,  // a segment that must be written first holds some of it
  };
  struct Choice {
    uint32_t segment;  // to read from or into; kNone: none can be had now
    Match match;
  };

  explicit SegmentCache(const HddCache& cache);

  Segment& operator[](uint32_t index) { return segments_[index]; }
  const Segment& operator[](uint32_t index) const { return segments_[index]; }

  // For sectors [from, to). A segment with all of them before one with some of them, data of writes
  // before data of readahead before the rest; to read into: an empty one, one that is not in use,
  // the one that readahead fills. Among equals the one that has not been used for the longest time.
  Choice ChooseForRead(uint64_t from, uint64_t to) const;
  // The segment that takes a write; kNone if as many as may be are waiting for the media.
  uint32_t ChooseForWrite(uint64_t from, uint64_t to) const;

  // It is in use now.
  void Touch(uint32_t index);
  bool LastUsed(uint32_t index) const { return order_.back() == index; }

  // A write to [from, to), which `writer` holds: what other segments hold of it is out of date.
  void Invalidate(uint64_t from, uint64_t to, uint32_t writer);

  // Makes room: a segment keeps its last sectors.
  void Trim(Segment& segment) const;

  uint64_t segment_sectors() const { return segment_sectors_; }

 private:
  uint32_t ReadValue(uint32_t index, uint64_t from, uint64_t to, Match* match) const;
  uint32_t WriteValue(uint32_t index, uint64_t from, uint64_t to) const;

  const uint64_t segment_sectors_;
  const uint32_t write_segments_;
  const bool separate_write_segment_;
  const bool read_hits_on_writes_;
  std::vector<Segment> segments_;
  std::vector<uint32_t> order_;  // by their last use, the latest at the end
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_SEGMENT_CACHE_H_
