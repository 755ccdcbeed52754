#include "layers/disk/hdd/hdd_model.h"

#include <algorithm>
#include <utility>

#include "layers/disk/hdd/geometry.h"
#include "layers/disk/hdd/lbn_map.h"
#include "sim/core/check.h"

namespace biotope {
namespace {

const HddParameters& Valid(const HddParameters& hdd) {
  hdd.Validate();
  return hdd;
}

std::unique_ptr<const Layout> MakeLayout(const HddParameters& hdd) {
  if (hdd.track_runs.empty()) return std::make_unique<Geometry>(hdd);
  const uint64_t mapped = hdd.track_runs.back().end();
  return std::make_unique<LbnMap>(hdd.track_runs,
                                  hdd.capacity == Sector(0) ? Sector(mapped) : hdd.capacity);
}

// The tables have their places in other classes.
HddParameters WithoutTables(HddParameters hdd) {
  hdd.zones.clear();
  hdd.track_runs.clear();
  hdd.seek_curve.clear();
  return hdd;
}

}  // namespace

HddModel::HddModel(const HddParameters& hdd)
    : hdd_(WithoutTables(Valid(hdd))),
      layout_(MakeLayout(hdd)),
      mechanics_(hdd, layout_->cylinders()),
      cache_(hdd.cache),
      queue_(hdd.queue) {
  destages_.reserve(hdd.cache.write_segments + 1);
}

ServiceTime HddModel::Serve(Tick start, Sector first, uint32_t nr_sectors, bool write) {
  return ServeCommand(start, first, nr_sectors, write, hdd_.cache.fast_write);
}

ServiceTime HddModel::ServeForcedWrite(Tick start, Sector first, uint32_t nr_sectors) {
  return ServeCommand(start, first, nr_sectors, /*write=*/true, /*fast=*/false);
}

ServiceTime HddModel::ServeCommand(Tick start, Sector first, uint32_t nr_sectors, bool write,
                                   bool fast) {
  BIOTOPE_CHECK(nr_sectors > 0 && first < capacity() && Sector(nr_sectors) <= capacity() - first,
                "{} sectors at {} of {}", nr_sectors, first.value(), capacity().value());
  const Tick selected = start + hdd_.bus.arbitration;
  Advance(selected);
  Progress progress = {.arm = selected + hdd_.overhead.Of(write, wrote_)};
  const Tick end = write ? Write(selected, first.value(), nr_sectors, fast, progress)
                         : Read(selected, first.value(), nr_sectors, progress);
  last_end_ = end;
  wrote_ = write;
  // What no part of the machinery accounts for.
  ServiceTime& parts = progress.parts;
  parts.overhead = end - start - (parts.seek + parts.rotation + parts.transfer);
  return parts;
}

Tick HddModel::Flush(Tick start) {
  Advance(start);
  while (!destages_.empty()) {
    if (!destaging_) {
      media_free_ = std::max(media_free_, start);
      StartNextDestage();
    }
    FinishDestage();
  }
  return std::max(media_free_, start) - start;
}

size_t HddModel::PickNext(Tick now, std::span<const WaitingCommand> waiting) {
  return queue_.Pick(std::max(now, media_free_), waiting, *layout_, mechanics_, hdd_.overhead,
                     wrote_);
}

Tick HddModel::PositioningTime(Tick now, Sector first, bool write) const {
  const SectorPlace place = layout_->Locate(first);
  const Tick arrival = std::max({now, last_end_, media_free_}) + hdd_.overhead.Of(write, wrote_) +
                       mechanics_.MoveTime(place, write);
  return arrival + mechanics_.RotationUntil(place, arrival) - now;
}

// What happens by itself until `now`.
void HddModel::Advance(Tick now) {
  if (readahead_) AdvanceReadahead(now);
  if (!destages_.empty()) AdvanceDestage(now);
}

void HddModel::AdvanceReadahead(Tick now) {
  Segment& segment = cache_[readahead_->segment];
  const HddReadAhead mode = hdd_.cache.read_ahead;
  while (segment.end < readahead_->limit && readahead_->at < now) {
    const SectorPlace place = layout_->Locate(Sector(segment.end));
    const bool elsewhere =
        mode == HddReadAhead::kTrackEnd
            ? !mechanics_.OnTrack(place)
            : mode == HddReadAhead::kCylinderEnd && place.cylinder != mechanics_.cylinder();
    if (elsewhere) {
      readahead_->limit = segment.end;
      break;
    }
    const Tick on_track = readahead_->at + mechanics_.MoveTime(place, /*write=*/false);
    if (on_track > now) return;
    const Tick begin = on_track + mechanics_.RotationUntil(place, on_track);
    const auto wanted = static_cast<uint32_t>(
        std::min<uint64_t>(place.run_length, readahead_->limit - segment.end));
    mechanics_.MoveTo(place);
    readahead_->at = on_track;
    if (begin >= now) return;
    const uint32_t passed = mechanics_.SectorsPassed(place, wanted, now - begin);
    readahead_->at = begin + mechanics_.PassTime(place, passed);
    segment.end += passed;
    cache_.Trim(segment);
    if (passed < wanted) return;
  }
  if (segment.end >= readahead_->limit) {
    segment.state = Segment::State::kClean;
    readahead_.reset();
  }
}

// Ends readahead for a command at `now`. Returns when the arm obeys: not in the middle of a seek,
// and with most drives not before the sector under the head has passed.
Tick HddModel::StopReadahead(Tick now) {
  Segment& segment = cache_[readahead_->segment];
  const SectorPlace place = layout_->Locate(Sector(segment.end));
  const Tick on_track = readahead_->at + mechanics_.MoveTime(place, /*write=*/false);
  Tick free = std::max(on_track, now);
  mechanics_.MoveTo(place);
  if (on_track <= now && !hdd_.cache.stop_in_sector) {
    const Tick begin = on_track + mechanics_.RotationUntil(place, on_track);
    if (begin < now) free = begin + mechanics_.PassTime(place, 1);
  }
  segment.state = Segment::State::kClean;
  readahead_.reset();
  return free;
}

void HddModel::StartReadahead(uint32_t segment, Tick at, uint64_t limit) {
  Segment& into = cache_[segment];
  if (!hdd_.cache.enabled || into.end >= limit || !destages_.empty()) {
    into.state = hdd_.cache.enabled ? Segment::State::kClean : Segment::State::kEmpty;
    readahead_.reset();
    return;
  }
  into.state = Segment::State::kReading;
  readahead_ = {.segment = segment, .at = at, .limit = limit};
}

uint64_t HddModel::ReadaheadLimit(uint64_t segment_first, uint64_t first,
                                  uint32_t nr_sectors) const {
  const uint64_t capacity = layout_->capacity().value();
  const uint64_t end = first + nr_sectors;
  if (hdd_.cache.read_ahead == HddReadAhead::kNone || end >= capacity) return end;
  if (hdd_.cache.read_ahead == HddReadAhead::kStream) {
    const TrackExtent track = layout_->TrackOf(Sector(end));
    uint64_t limit = track.end.value();
    if (segment_first < track.first.value()) {
      limit += layout_->Locate(Sector(first)).sectors_per_track;
    }
    return std::min(limit, capacity);
  }
  const uint64_t more = hdd_.cache.max_read_ahead;
  return std::min(end + (more != 0 ? more : cache_.segment_sectors()), capacity);
}

void HddModel::AdvanceDestage(Tick now) {
  while (!destages_.empty()) {
    if (destaging_) {
      if (media_free_ > now) return;
      FinishDestage();
    } else {
      if (std::max(media_free_, destages_.front().first_ready) >= now) return;
      StartNextDestage();
    }
  }
}

// The media have the write that was under way.
void HddModel::FinishDestage() {
  Segment& segment = cache_[destages_.front().segment];
  const bool keep = hdd_.cache.enabled && hdd_.cache.read_hits_on_writes;
  segment.state = keep ? Segment::State::kClean : Segment::State::kEmpty;
  destages_.erase(destages_.begin());
  destaging_ = false;
}

// The one whose first sector can be reached first.
void HddModel::StartNextDestage() {
  size_t best = 0;
  Tick best_time = kNever;
  for (size_t i = 0; i < destages_.size(); ++i) {
    const Tick begin = std::max(media_free_, destages_[i].first_ready);
    const SectorPlace place = layout_->Locate(Sector(destages_[i].first));
    const Tick arrival = begin + mechanics_.MoveTime(place, /*write=*/true);
    const Tick time = arrival + mechanics_.RotationUntil(place, arrival);
    if (time >= best_time) continue;
    best = i;
    best_time = time;
  }
  std::swap(destages_[best], destages_.front());
  const Destage& next = destages_.front();
  ServiceTime ignored{};
  const Tick begin = std::max(media_free_, next.first_ready);
  media_free_ = WriteSectors(begin, next.first, next.nr_sectors,
                             {.first = next.first_ready, .interval = hdd_.bus.write_sector},
                             /*follows=*/false, ignored);
  destaging_ = true;
}

}  // namespace biotope
