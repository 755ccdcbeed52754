#include "layers/disk/hdd/mechanics.h"

#include <algorithm>

namespace biotope {
namespace {

// When the platter has turned by `angle`.
Tick TimeOfAngle(Angle angle, Tick revolution) {
  return Tick(
      static_cast<uint64_t>((static_cast<unsigned __int128>(angle) * revolution.value()) >> 32));
}

// When `sectors` sectors of a track have passed.
Tick TimeOfSectors(uint32_t sectors, const SectorPlace& place, Tick revolution) {
  return sectors * revolution / place.sectors_per_track;
}

// Angles of measured layouts are off by up to some hundred units of 2^-32: who arrives by less than
// this part of a revolution too late is in time.
constexpr uint64_t kRoundingPart = uint64_t{1} << 22;

}  // namespace

Mechanics::Mechanics(const HddParameters& hdd, uint32_t cylinders)
    : seek_curve_(hdd.seek_curve, cylinders),
      revolution_(hdd.revolution),
      head_switch_(hdd.head_switch),
      write_settle_ps_(hdd.write_settle_ps),
      rounding_(hdd.revolution / kRoundingPart) {}

Tick Mechanics::MoveTime(const SectorPlace& place, bool write) const {
  const uint32_t distance =
      place.cylinder > cylinder_ ? place.cylinder - cylinder_ : cylinder_ - place.cylinder;
  Tick move = seek_curve_.Time(distance);
  if (place.head != head_) move = std::max(move, head_switch_);
  if (write && move > Tick(0)) {
    const int64_t settled = static_cast<int64_t>(move.value()) + write_settle_ps_;
    move = Tick(static_cast<uint64_t>(std::max<int64_t>(settled, 0)));
  }
  return move;
}

Tick Mechanics::RotationUntil(const SectorPlace& place, Tick now) const {
  // Below two revolutions.
  const Tick target =
      TimeOfAngle(place.track_angle, revolution_) + TimeOfSectors(place.sector, place, revolution_);
  const Tick reached = now % revolution_;
  Tick wait = target + revolution_ - reached;
  while (wait >= revolution_) wait -= revolution_;
  return revolution_ - wait <= rounding_ ? Tick(0) : wait;
}

Tick Mechanics::PassTime(const SectorPlace& place, uint32_t nr_sectors) const {
  return TimeOfSectors(place.sector + nr_sectors, place, revolution_) -
         TimeOfSectors(place.sector, place, revolution_);
}

uint32_t Mechanics::SectorsPassed(const SectorPlace& place, uint32_t nr_sectors,
                                  Tick elapsed) const {
  const uint64_t guess = elapsed.value() / (revolution_.value() / place.sectors_per_track + 1);
  auto passed = static_cast<uint32_t>(std::min<uint64_t>(guess, nr_sectors));
  while (passed < nr_sectors && PassTime(place, passed + 1) <= elapsed) ++passed;
  return passed;
}

}  // namespace biotope
