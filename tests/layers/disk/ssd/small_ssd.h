#ifndef BIOTOPE_TESTS_LAYERS_DISK_SSD_SMALL_SSD_H_
#define BIOTOPE_TESTS_LAYERS_DISK_SSD_SMALL_SSD_H_

#include "layers/disk/ssd/ssd_parameters.h"

namespace biotope {

// 2 channels x 2 chips x 2 dies x 2 planes x 32 blocks x 16 pages of 4 KiB: 32 MiB. Times are
// round, so that dates in tests can be reckoned: read 50 us, program 500 us, erase 2 ms, 1 ns a
// byte on the channel, 1 us for a command; the link and the buffer take no time worth mention (1 ps
// a byte).
inline SsdParameters SmallSsd() {
  SsdParameters ssd;
  ssd.geometry = {.channels = 2,
                  .chips_per_channel = 2,
                  .dies_per_chip = 2,
                  .planes_per_die = 2,
                  .blocks_per_plane = 32,
                  .pages_per_block = 16,
                  .page = Bytes(4096)};
  ssd.flash = {
      .read = {50 * kMicrosecond}, .program = {500 * kMicrosecond}, .erase = 2 * kMillisecond};
  ssd.channel = {.byte = kNanosecond,
                 .read_command = kMicrosecond,
                 .program_command = kMicrosecond,
                 .erase_command = kMicrosecond,
                 .read_command_plane = kMicrosecond,
                 .program_command_plane = kMicrosecond,
                 .erase_command_plane = kMicrosecond};
  ssd.link = {.byte = kPicosecond, .packet_payload = 128, .packet_overhead = 0, .fetch_size = 64};
  ssd.mapping.ideal = true;
  ssd.collection = {.over_provisioning_ppm = 300000,
                    .threshold_blocks = 5,
                    .reserve_blocks = 3,
                    .max_jobs = 2,
                    .candidates = 0,
                    .preemptible = false,
                    .urgent_blocks = 0};
  return ssd;
}

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_DISK_SSD_SMALL_SSD_H_
