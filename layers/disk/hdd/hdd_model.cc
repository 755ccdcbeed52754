#include "layers/disk/hdd/hdd_model.h"

#include <algorithm>

#include "sim/core/check.h"

namespace biotope {
namespace {

const HddParameters& Valid(const HddParameters& hdd) {
  hdd.Validate();
  return hdd;
}

// When the platter has turned by `angle`.
Tick TimeOfAngle(Angle angle, Tick revolution) {
  return Tick(
      static_cast<uint64_t>((static_cast<unsigned __int128>(angle) * revolution.value()) >> 32));
}

// When `sectors` sectors of a track have passed. The rounding errors of consecutive sectors do not
// add up, so that a sector begins exactly when the one before it ends.
Tick TimeOfSectors(uint32_t sectors, const SectorPlace& place, Tick revolution) {
  return sectors * revolution / place.sectors_per_track;
}

}  // namespace

HddModel::HddModel(const HddParameters& hdd)
    : geometry_(Valid(hdd)),
      seek_curve_(hdd.seek_curve, geometry_.cylinders()),
      revolution_(hdd.revolution),
      head_switch_(hdd.head_switch),
      write_settle_(hdd.write_settle),
      overhead_(hdd.overhead),
      bus_sector_(hdd.bus_sector) {}

ServiceTime HddModel::Serve(Tick start, Sector first, uint32_t nr_sectors, bool write) {
  BIOTOPE_CHECK(nr_sectors > 0 && first < capacity() && Sector(nr_sectors) <= capacity() - first,
                "{} sectors at {} of {}", nr_sectors, first.value(), capacity().value());
  ServiceTime time{
      .overhead = Overhead(write), .seek = Tick(0), .rotation = Tick(0), .transfer = Tick(0)};
  Tick now = start + time.overhead;
  while (true) {
    const SectorPlace place = geometry_.Locate(first);
    const uint32_t nr_here = std::min(nr_sectors, place.sectors_per_track - place.sector);
    const Tick move = MoveTo(place, write);
    const Tick wait = RotationUntil(place, now + move);
    const Tick pass = TransferTime(place, nr_here);
    time.seek += move;
    time.rotation += wait;
    time.transfer += pass;
    nr_sectors -= nr_here;
    if (nr_sectors == 0) break;
    now += move + wait + pass;
    first += Sector(nr_here);
  }
  if (!write) time.transfer += bus_sector_;
  wrote_ = write;
  return time;
}

Tick HddModel::Overhead(bool write) const {
  if (write) return wrote_ ? overhead_.write_after_write : overhead_.write_after_read;
  return wrote_ ? overhead_.read_after_write : overhead_.read_after_read;
}

// The arm moves while the heads switch.
Tick HddModel::MoveTo(const SectorPlace& place, bool write) {
  const uint32_t distance =
      place.cylinder > cylinder_ ? place.cylinder - cylinder_ : cylinder_ - place.cylinder;
  Tick move = seek_curve_.Time(distance);
  if (place.head != head_) move = std::max(move, head_switch_);
  if (write && move > Tick(0)) move += write_settle_;
  cylinder_ = place.cylinder;
  head_ = place.head;
  return move;
}

Tick HddModel::RotationUntil(const SectorPlace& place, Tick now) const {
  // Below two revolutions.
  const Tick target =
      TimeOfAngle(place.track_angle, revolution_) + TimeOfSectors(place.sector, place, revolution_);
  const Tick reached = now % revolution_;
  Tick wait = target + revolution_ - reached;
  while (wait >= revolution_) wait -= revolution_;
  return wait;
}

Tick HddModel::TransferTime(const SectorPlace& place, uint32_t nr_sectors) const {
  return TimeOfSectors(place.sector + nr_sectors, place, revolution_) -
         TimeOfSectors(place.sector, place, revolution_);
}

}  // namespace biotope
