// How a read passes through the drive.

#include <algorithm>

#include "layers/disk/hdd/hdd_model.h"

namespace biotope {

using Match = SegmentCache::Match;

Tick HddModel::Read(Tick start, uint64_t first, uint32_t nr_sectors, Progress& progress) {
  const uint64_t end = first + nr_sectors;
  SegmentCache::Choice choice = cache_.ChooseForRead(first, end);
  const bool at_once = hdd_.cache.read_hits_while_writing && choice.match == Match::kWhole;
  if (destaging_ && !at_once) {
    WaitForDestage(start, progress);
    choice = cache_.ChooseForRead(first, end);
  }
  while (choice.match == Match::kCollision || choice.segment == SegmentCache::kNone) {
    // Data that waits in the buffer is in the way.
    StartNextDestage();
    WaitForDestage(start, progress);
    choice = cache_.ChooseForRead(first, end);
  }
  const bool hit = choice.match == Match::kWhole || choice.match == Match::kPartial;
  if (readahead_ && !(hit && readahead_->segment == choice.segment)) {
    progress.arm = std::max(progress.arm, StopReadahead(start));
  }
  cache_.Touch(choice.segment);
  if (choice.match == Match::kWhole) {
    return ReadWholeHit(start, first, nr_sectors, choice.segment, progress);
  }
  return ReadFromMedia(start, first, nr_sectors, choice, progress);
}

void HddModel::WaitForDestage(Tick start, Progress& progress) {
  progress.busy_until = std::max(media_free_, start);
  progress.arm = std::max(progress.arm, media_free_);
  progress.waited = true;
  FinishDestage();
}

// When a command that has left the bus may come back.
Tick HddModel::BusFree(Tick start, const Progress& progress) const {
  const Tick disconnect =
      wrote_ ? hdd_.bus.disconnect_read_after_write : hdd_.bus.disconnect_read_after_read;
  const Tick left = start + hdd_.overhead.Of(/*write=*/false, wrote_) + disconnect;
  return std::max(left, progress.busy_until);
}

BusTransfer HddModel::MakeTransfer(Tick start, uint32_t nr_sectors, bool hit,
                                   const Progress& progress) const {
  const HddBus& bus = hdd_.bus;
  if (bus.never_disconnect || (hit && !progress.waited)) {
    const HddOverhead& overhead = hit ? hdd_.hit_overhead : hdd_.overhead;
    const Tick free = start + overhead.Of(/*write=*/false, wrote_) + bus.data_preparation;
    return {bus.read_sector, /*watermark=*/1, std::max(free, progress.busy_until), Tick(0)};
  }
  const uint64_t held = std::min<uint64_t>(nr_sectors, cache_.segment_sectors());
  const auto watermark =
      static_cast<uint32_t>(std::max<uint64_t>(1, held * bus.read_watermark_permille / 1000));
  return {bus.read_sector, watermark, BusFree(start, progress),
          bus.arbitration + bus.first_reselect + bus.data_preparation};
}

Tick HddModel::ReadWholeHit(Tick start, uint64_t first, uint32_t nr_sectors, uint32_t index,
                            Progress& progress) {
  Segment& segment = cache_[index];
  BusTransfer bus = MakeTransfer(start, nr_sectors, /*hit=*/true, progress);
  bus.Add(nr_sectors, start, Tick(0));
  progress.parts.transfer = nr_sectors * hdd_.bus.read_sector;
  const uint64_t limit = ReadaheadLimit(segment.first, first, nr_sectors);
  if (readahead_) {
    readahead_->limit = std::max(readahead_->limit, limit);
  } else if (hdd_.cache.read_ahead_on_hit && segment.state == Segment::State::kClean) {
    StartReadahead(index, progress.arm, limit);
  }
  return bus.done() + hdd_.bus.read_completion;
}

Tick HddModel::ReadFromMedia(Tick start, uint64_t first, uint32_t nr_sectors,
                             SegmentCache::Choice choice, Progress& progress) {
  Segment& segment = cache_[choice.segment];
  const bool hit = choice.match == Match::kPartial;
  BusTransfer bus = MakeTransfer(start, nr_sectors, hit, progress);
  Tick now = progress.arm;
  uint64_t limit = 0;
  if (readahead_) {
    now = readahead_->at;
    limit = readahead_->limit;
    readahead_.reset();
  }
  if (!hit) segment = {.first = first, .end = first};
  segment.written = false;
  bus.Add(static_cast<uint32_t>(segment.end - first), start, Tick(0));
  limit = std::max(limit, ReadaheadLimit(segment.first, first, nr_sectors));

  const uint64_t from = segment.end;
  const uint64_t end = first + nr_sectors;
  now = ReadSectors(now, from, static_cast<uint32_t>(end - from), segment, bus, progress.parts);
  segment.end = end;
  cache_.Trim(segment);
  StartReadahead(choice.segment, now, limit);
  return bus.done() + hdd_.bus.read_completion;
}

// Returns when the last sector is in the buffer. Tells the bus when each is there that can be sent
// in its turn.
Tick HddModel::ReadSectors(Tick now, uint64_t first, uint32_t nr_sectors, Segment& segment,
                           BusTransfer& bus, ServiceTime& parts) {
  while (nr_sectors > 0) {
    const SectorPlace place = layout_->Locate(Sector(first));
    const uint32_t nr_here = std::min(nr_sectors, place.run_length);
    const Tick move = mechanics_.MoveTime(place, /*write=*/false);
    mechanics_.MoveTo(place);
    now += move;
    const Tick wait = mechanics_.RotationUntil(place, now);
    const Tick pass = mechanics_.PassTime(place, nr_here);
    const Tick sector = pass / nr_here;
    // The first sector has passed this long ago.
    const Tick late = mechanics_.revolution() - wait;

    bool from_the_middle = hdd_.zero_latency_read;
    if (hdd_.cache.read_free_sectors && wait > Tick(0)) {
      const uint64_t track_first = layout_->TrackOf(Sector(first)).first.value();
      const uint32_t behind = place.sectors_per_track - 1 - place.sector;
      if (first != track_first) {
        from_the_middle = true;
        if (late < mechanics_.PassTime(place, behind)) {
          segment.first = std::min(segment.first, track_first);
        }
      }
    }
    uint32_t before = nr_here;  // sectors that pass after those that are read first
    if (from_the_middle && wait > Tick(0) && late < pass) {
      before = std::min(mechanics_.SectorsPassed(place, nr_here, late) + 1, nr_here);
    }
    bus.Add(before, now + wait + sector, sector);
    now += wait + mechanics_.PassTime(place, before);
    bus.Add(nr_here - before, now, Tick(0));

    parts.seek += move;
    parts.transfer += pass;
    parts.rotation += wait + mechanics_.PassTime(place, before) - pass;
    first += nr_here;
    nr_sectors -= nr_here;
  }
  return now;
}

}  // namespace biotope
