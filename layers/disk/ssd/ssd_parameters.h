#ifndef BIOTOPE_LAYERS_DISK_SSD_SSD_PARAMETERS_H_
#define BIOTOPE_LAYERS_DISK_SSD_SSD_PARAMETERS_H_

#include <array>
#include <cstdint>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// What a logical page number runs through while it grows, in the order of
// `SsdGeometry::interleave`.
enum class FlashDimension : uint8_t { kChannel, kChip, kDie, kPlane };

struct SsdGeometry {
  uint32_t channels = 0;
  uint32_t chips_per_channel = 0;
  uint32_t dies_per_chip = 0;
  uint32_t planes_per_die = 0;
  uint32_t blocks_per_plane = 0;
  uint32_t pages_per_block = 0;
  Bytes page;
  // Which dimension consecutive logical pages take first, second, ...
  std::array<FlashDimension, 4> interleave = {FlashDimension::kChannel, FlashDimension::kChip,
                                              FlashDimension::kDie, FlashDimension::kPlane};

  uint32_t nr_dies() const { return channels * chips_per_channel * dies_per_chip; }
  uint32_t nr_planes() const { return nr_dies() * planes_per_die; }
  uint32_t pages_per_plane() const { return blocks_per_plane * pages_per_block; }
  uint64_t nr_pages() const { return uint64_t{nr_planes()} * pages_per_plane(); }
};

// The times of the flash array, by the kind of page: page n of a block takes entry n modulo their
// number. One entry if all pages are alike, two for the lower and upper pages of MLC, ...
struct FlashTiming {
  std::vector<Tick> read;
  std::vector<Tick> program;
  Tick erase;
};

// A channel carries one transfer at a time.
struct ChannelTiming {
  Tick byte;  // of data
  // Command and address cycles of a command for one plane.
  Tick read_command;
  Tick program_command;
  Tick erase_command;
  // In addition for each further plane.
  Tick read_command_plane;
  Tick program_command_plane;
  Tick erase_command_plane;
};

// What may happen at the same time, and what comes first.
struct FlashScheduling {
  // The dies of a chip work independently. If not, a chip takes one command at a time.
  bool die_interleaving = false;
  // One command may address several planes of a die.
  bool multi_plane = false;
  // The planes of such a command may take different pages. If not, the page number in the block
  // must be the same.
  bool independent_reads = false;
  bool independent_programs = false;
};

// Host link: full duplex, messages cut into packets.
struct HostLink {
  Tick byte;
  uint32_t packet_payload = 0;   // bytes
  uint32_t packet_overhead = 0;  // bytes in addition to each packet
  // Commands that the device holds at once; more stay in the submission queues.
  uint32_t fetch_size = 0;
};

struct SsdFirmware {
  Tick read;   // latency added to each read
  Tick write;  // latency added to each write
  // From taking one command to taking the next one.
  Tick interval;
};

// Where the logical pages are.
struct SsdMapping {
  // The whole table is in memory. If not, it lies in translation pages in the flash, and single
  // entries are cached.
  bool ideal = true;
  uint32_t cache_entries = 0;
  uint32_t entries_per_page = 0;  // of a translation page
  Bytes read = {};                // what a look-up brings over the channel
  // Translation pages that wait in memory before the oldest is programmed.
  uint32_t deferred_pages = 0;
};

// DRAM between link and flash that holds written pages until they are programmed.
struct SsdWriteBuffer {
  Bytes capacity = {};  // 0: no buffer
  Tick access = {};     // latency of a transfer to or from it
  Tick byte = {};
  // What may be on its way to the flash at once.
  Bytes write_back = {};
  // A page that is written again within this time stays in the buffer; all others go to the flash
  // at once. 0: all go at once.
  Tick hot_window = {};
  // The buffer survives a power failure, so that a flush has nothing to wait for.
  bool power_loss_protection = false;
};

struct SsdGarbageCollection {
  // Share of the flash that is not part of the capacity.
  uint32_t over_provisioning_ppm = 0;
  // Free blocks of a plane below which it is collected.
  uint32_t threshold_blocks = 0;
  // Free blocks below which the host's writes to the plane wait.
  uint32_t reserve_blocks = 0;
  uint32_t max_jobs = 0;  // blocks of a plane that are collected at once
  // The best victim of so many random blocks; 0: of all.
  uint32_t candidates = 0;
  // The host's commands for the chip go first, as long as there are `urgent_blocks`.
  bool preemptible = false;
  uint32_t urgent_blocks = 0;
};

enum class SsdInitialState : uint8_t {
  kEmpty,  // nothing was written; a page that is read first is taken as just written
  kFull,   // each logical page was written once, in their order
};

struct SsdParameters {
  SsdGeometry geometry;
  FlashTiming flash;
  ChannelTiming channel;
  FlashScheduling scheduling;
  HostLink link;
  SsdFirmware firmware;
  SsdMapping mapping;
  SsdWriteBuffer buffer;
  SsdGarbageCollection collection;
  SsdInitialState initial_state = SsdInitialState::kEmpty;
  uint64_t seed = 1;  // of the choice of victims

  // Logical pages that the host can address.
  uint64_t logical_pages() const;
  // Translation pages, which lie behind them; 0 with the ideal mapping.
  uint64_t translation_pages() const;
  Sector capacity() const;

  // Throws ScenarioError naming the field (with its name in the scenario) that cannot be.
  void Validate() const;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_SSD_PARAMETERS_H_
