#ifndef BIOTOPE_TESTS_LAYERS_DISK_SSD_REFERENCE_SSD_H_
#define BIOTOPE_TESTS_LAYERS_DISK_SSD_REFERENCE_SSD_H_

#include "layers/disk/ssd/ssd_parameters.h"

namespace biotope {

// As configs/devices/mqsim-default.textproto.
inline SsdParameters ReferenceSsd(bool ideal_mapping) {
  SsdParameters ssd;
  ssd.geometry = {.channels = 8,
                  .chips_per_channel = 4,
                  .dies_per_chip = 2,
                  .planes_per_die = 2,
                  .blocks_per_plane = 2048,
                  .pages_per_block = 256,
                  .page = Bytes(8192)};
  ssd.flash = {
      .read = {75 * kMicrosecond}, .program = {750 * kMicrosecond}, .erase = 3800 * kMicrosecond};
  ssd.channel = {.byte = Tick(3000),
                 .read_command = 290 * kNanosecond,
                 .program_command = 361 * kNanosecond,
                 .erase_command = 220 * kNanosecond,
                 .read_command_plane = 650 * kNanosecond,
                 .program_command_plane = 816 * kNanosecond,
                 .erase_command_plane = 700 * kNanosecond};
  ssd.scheduling = {.die_interleaving = false, .multi_plane = true};
  ssd.link = {.byte = Tick(250), .packet_payload = 128, .packet_overhead = 28, .fetch_size = 512};
  ssd.mapping = {.ideal = ideal_mapping,
                 .cache_entries = 233016,
                 .entries_per_page = 1365,
                 .read = Bytes(512),
                 .deferred_pages = 65535};
  ssd.buffer = {.capacity = Bytes(uint64_t{256} << 20),
                .access = 26 * kNanosecond,
                .byte = Tick(5000),
                .write_back = Bytes(uint64_t{1} << 20),
                .hot_window = kSecond};
  ssd.collection = {.over_provisioning_ppm = 70000,
                    .threshold_blocks = 102,
                    .reserve_blocks = 10,
                    .max_jobs = 10,
                    .candidates = 11,
                    .preemptible = false,
                    .urgent_blocks = 10};
  return ssd;
}

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_DISK_SSD_REFERENCE_SSD_H_
