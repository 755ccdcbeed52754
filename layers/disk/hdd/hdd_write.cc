// How a write passes through the drive.

#include <algorithm>

#include "layers/disk/hdd/hdd_model.h"
#include "sim/core/check.h"

namespace biotope {

Tick HddModel::Write(Tick start, uint64_t first, uint32_t nr_sectors, bool fast,
                     Progress& progress) {
  const uint64_t end = first + nr_sectors;
  const HddBus& bus = hdd_.bus;
  const HddOverhead& overhead = hdd_.cache.fast_write ? hdd_.hit_overhead : hdd_.overhead;
  const Tick decoded = start + overhead.Of(/*write=*/true, wrote_);
  progress.arm = decoded;
  Tick bus_start = decoded + bus.data_preparation;
  if (fast && !destages_.empty()) {
    if (const auto done = WriteWhileBusy(start, first, nr_sectors)) {
      progress.parts.transfer = nr_sectors * bus.write_sector;
      return *done;
    }
  }
  while (destaging_ || cache_.ChooseForWrite(first, end) == SegmentCache::kNone) {
    if (!destaging_) StartNextDestage();
    progress.busy_until = std::max(media_free_, start);
    FinishDestage();
    progress.arm = std::max(progress.arm, progress.busy_until);
    bus_start = std::max(decoded + bus.disconnect_write, progress.busy_until) + bus.arbitration +
                bus.first_reselect + bus.data_preparation;
    progress.waited = true;
  }
  const uint32_t index = cache_.ChooseForWrite(first, end);
  Segment& segment = cache_[index];
  Tick disconnect = bus.disconnect_write;
  Tick reselect = bus.first_reselect;
  const HddExtraDisconnect& extra = bus.extra;
  if (extra.enabled && wrote_ && !progress.waited && cache_.LastUsed(index) &&
      segment.end != first) {
    progress.arm = start + extra.command + extra.seek_delay;
    bus_start = start + extra.command + extra.first_disconnect + extra.pause + bus.arbitration +
                bus.first_reselect + bus.data_preparation;
    disconnect = extra.second_disconnect;
    reselect = bus.other_reselect;
  }
  if (readahead_) progress.arm = std::max(progress.arm, StopReadahead(start));

  cache_.Invalidate(first, end, index);
  cache_.Touch(index);
  const bool follows = segment.written && segment.end == first && progress.waited;
  segment = {.first = first, .end = end, .state = Segment::State::kWriting, .written = true};
  cache_.Trim(segment);
  const Arrival arrival = ArrivalOf(bus_start, nr_sectors);
  const Tick in_buffer = bus_start + nr_sectors * bus.write_sector;
  destages_.push_back(
      {.segment = index, .first = first, .nr_sectors = nr_sectors, .first_ready = arrival.first});
  std::swap(destages_.back(), destages_.front());
  destaging_ = true;
  if (fast) {
    ServiceTime background{};
    media_free_ = WriteSectors(progress.arm, first, nr_sectors, arrival, follows, background);
    progress.parts.transfer = nr_sectors * bus.write_sector;
    return in_buffer + bus.write_completion;
  }
  media_free_ = WriteSectors(progress.arm, first, nr_sectors, arrival, follows, progress.parts);
  const Tick media_end = media_free_;
  FinishDestage();
  return std::max(media_end, in_buffer + disconnect) + bus.arbitration + reselect +
         bus.write_completion;
}

// A write that need not wait for the one that is on its way to the media: it goes on where that one
// ends, or the buffer has a segment for it. Returns when it is in the buffer.
std::optional<Tick> HddModel::WriteWhileBusy(Tick start, uint64_t first, uint32_t nr_sectors) {
  const HddBus& bus = hdd_.bus;
  const uint64_t end = first + nr_sectors;
  const Tick bus_start =
      start + hdd_.hit_overhead.Of(/*write=*/true, wrote_) + bus.data_preparation;
  const Tick done = bus_start + nr_sectors * bus.write_sector + bus.write_completion;
  if (destaging_ && Combines(first, nr_sectors)) {
    Destage& destage = destages_.front();
    Segment& segment = cache_[destage.segment];
    ServiceTime background{};
    media_free_ = WriteSectors(media_free_, first, nr_sectors, ArrivalOf(bus_start, nr_sectors),
                               /*follows=*/true, background);
    segment.end = end;
    cache_.Trim(segment);
    cache_.Invalidate(first, end, destage.segment);
    cache_.Touch(destage.segment);
    return done;
  }
  if (!hdd_.cache.write_while_writing) return std::nullopt;
  for (const Destage& destage : destages_) {
    const Segment& segment = cache_[destage.segment];
    if (segment.Overlaps(first, end)) return std::nullopt;
  }
  const uint32_t index = cache_.ChooseForWrite(first, end);
  if (index == SegmentCache::kNone) return std::nullopt;
  cache_.Invalidate(first, end, index);
  cache_.Touch(index);
  cache_[index] = {.first = first, .end = end, .state = Segment::State::kWriting, .written = true};
  cache_.Trim(cache_[index]);
  destages_.push_back({.segment = index,
                       .first = first,
                       .nr_sectors = nr_sectors,
                       .first_ready = bus_start + bus.write_sector});
  return done;
}

bool HddModel::Combines(uint64_t first, uint32_t nr_sectors) const {
  if (!hdd_.cache.combine_writes) return false;
  const Segment& segment = cache_[destages_.front().segment];
  return segment.end == first &&
         segment.end - segment.first + nr_sectors <= cache_.segment_sectors();
}

HddModel::Arrival HddModel::ArrivalOf(Tick bus_start, uint32_t nr_sectors) const {
  Arrival arrival = {.first = bus_start + hdd_.bus.write_sector, .interval = hdd_.bus.write_sector};
  const HddExtraDisconnect& extra = hdd_.bus.extra;
  if (extra.enabled) {
    const uint32_t threshold = nr_sectors < extra.long_write
                                   ? std::min(nr_sectors, extra.buffered_before_short)
                                   : extra.buffered_before_long;
    arrival.not_before = arrival.At(std::max(threshold, 1u) - 1);
  }
  return arrival;
}

// Returns when the media have the last sector. `follows`: the head has just written the sector
// before the first one.
Tick HddModel::WriteSectors(Tick now, uint64_t first, uint32_t nr_sectors, Arrival arrival,
                            bool follows, ServiceTime& parts) {
  while (nr_sectors > 0) {
    const SectorPlace place = layout_->Locate(Sector(first));
    const uint32_t nr_here = std::min(nr_sectors, place.run_length);
    Tick move = mechanics_.MoveTime(place, /*write=*/true);
    if (!follows) move = std::max(move, hdd_.minimum_write_seek);
    follows = true;
    mechanics_.MoveTo(place);
    parts.seek += move;
    now = WriteRun(now + move, place, nr_here, arrival, parts);
    arrival.index += nr_here;
    first += nr_here;
    nr_sectors -= nr_here;
  }
  return now;
}

// The sectors of one track, once the arm is there.
Tick HddModel::WriteRun(Tick now, const SectorPlace& place, uint32_t nr_sectors,
                        const Arrival& arrival, ServiceTime& parts) const {
  const Tick begin = now;
  const Tick pass = mechanics_.PassTime(place, nr_sectors);
  const Tick sector = pass / nr_sectors;
  parts.transfer += pass;
  Tick at = now + mechanics_.RotationUntil(place, now);
  const Tick late = mechanics_.revolution() - (at - now);
  if (hdd_.zero_latency_write && at > now && late < pass && arrival.At(nr_sectors - 1) <= now) {
    const uint32_t before =
        std::min(mechanics_.SectorsPassed(place, nr_sectors, late) + 1, nr_sectors);
    const Tick end = at + mechanics_.PassTime(place, before);
    parts.rotation += end - begin - pass;
    return end;
  }
  // A sector that is not in the buffer when its place passes must wait for the next revolution.
  uint32_t written = 0;
  while (written < nr_sectors) {
    uint32_t ready = 0;
    const Tick sector_begin = at + mechanics_.PassTime(place, written);
    if (arrival.At(written) <= sector_begin) {
      ready = nr_sectors - written;
      if (arrival.interval > sector) {
        const uint64_t lead = (sector_begin - arrival.Alone(written)) / (arrival.interval - sector);
        ready = static_cast<uint32_t>(std::min<uint64_t>(ready, lead + 1));
      }
    }
    written += ready;
    if (written < nr_sectors) at += mechanics_.revolution();
  }
  const Tick end = at + pass;
  parts.rotation += end - begin - pass;
  return end;
}

}  // namespace biotope
