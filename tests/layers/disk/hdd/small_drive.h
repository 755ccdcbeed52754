#ifndef BIOTOPE_TESTS_LAYERS_DISK_HDD_SMALL_DRIVE_H_
#define BIOTOPE_TESTS_LAYERS_DISK_HDD_SMALL_DRIVE_H_

#include "layers/disk/hdd/hdd_parameters.h"

namespace biotope {

inline constexpr Angle kQuarter = 1u << 30;
inline constexpr Angle kEighth = 1u << 29;

// A drive whose places and times can be worked out by hand: 8 ms for a revolution, 3 surfaces,
// 10 cylinders of 8 sectors and 7 of 4.
inline HddParameters SmallDrive() {
  HddParameters hdd;
  hdd.revolution = 8 * kMillisecond;
  hdd.surfaces = 3;
  hdd.zones = {{.first_cylinder = 0,
                .last_cylinder = 9,
                .sectors_per_track = 8,
                .sweeps = EqualSweeps(3, kEighth, kQuarter, kQuarter)},
               {.first_cylinder = 10,
                .last_cylinder = 16,
                .sectors_per_track = 4,
                .sweeps = EqualSweeps(3, kEighth, kQuarter, kQuarter)}};
  hdd.seek_curve = {{.distance = 1, .nanoseconds = 1'000'000},
                    {.distance = 4, .nanoseconds = 1'700'000},
                    {.distance = 8, .nanoseconds = 2'100'000}};
  hdd.head_switch = kMicrosecond * 500;
  hdd.write_settle_ps = 200'000'000;
  hdd.overhead = {.read_after_read = kMicrosecond * 10,
                  .read_after_write = kMicrosecond * 20,
                  .write_after_read = kMicrosecond * 30,
                  .write_after_write = kMicrosecond * 40};
  return hdd;
}

// The same without anything but mechanics.
inline HddParameters BareDrive() {
  HddParameters hdd = SmallDrive();
  hdd.overhead = {};
  return hdd;
}

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_DISK_HDD_SMALL_DRIVE_H_
