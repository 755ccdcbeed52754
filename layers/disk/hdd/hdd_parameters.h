#ifndef BIOTOPE_LAYERS_DISK_HDD_HDD_PARAMETERS_H_
#define BIOTOPE_LAYERS_DISK_HDD_HDD_PARAMETERS_H_

#include <cstdint>
#include <optional>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// 1 / 2^32 of a revolution. Sums wrap around like the angles that they stand for.
using Angle = uint32_t;

// What one surface does while it sweeps a band (HddLayout): how much later than the track before it
// a track begins, so that the heads can get there without losing a revolution.
struct HddSweep {
  Angle cylinder_skew = 0;  // from each track of the sweep to the next one
  Angle next_skew = 0;      // from its last track to the first one of the next sweep
};

// A range of cylinders with the same number of sectors on each track.
struct HddZone {
  uint32_t first_cylinder = 0;
  uint32_t last_cylinder = 0;  // inclusive
  uint32_t sectors_per_track = 0;
  // Where the first track begins. Without it the skew of the last sweep before it says that.
  std::optional<Angle> first_angle = std::nullopt;
  // Kept in reserve at the end of the zone.
  uint64_t spare_sectors = 0;
  // In their order; as many as there are surfaces, or twice as many if the bands with an odd number
  // differ from those with an even one.
  std::vector<HddSweep> sweeps;

  // Those that can be addressed.
  uint64_t NrSectors(uint32_t surfaces) const {
    const uint64_t cylinders = uint64_t{last_cylinder} - first_cylinder + 1;
    return cylinders * surfaces * sectors_per_track - spare_sectors;
  }
};

// The order of the tracks. A band is a range of cylinders that one surface after the other sweeps,
// in alternating directions. With bands of one cylinder that is the classic order, cylinder by
// cylinder.
struct HddLayout {
  // The last band of a zone takes up to half as many in addition, if they are left over.
  uint32_t band_cylinders = 1;
  // Every other band of a zone takes the surfaces from the last to the first.
  bool alternate_heads = false;
};

// The sweeps of a drive whose surfaces are all alike. `head_skew`: to the next surface in the same
// band (same cylinder); `band_skew`: to the next band.
std::vector<HddSweep> EqualSweeps(uint32_t surfaces, Angle head_skew, Angle cylinder_skew,
                                  Angle band_skew);

// Tracks that follow each other, as a measured layout lists them: each holds `addressable` sectors
// from `first_on_track` on.
struct HddTrackRun {
  uint64_t first_sector = 0;  // logical address
  uint32_t tracks = 0;
  uint32_t addressable = 0;
  uint32_t cylinder = 0;  // of the first track
  uint32_t head = 0;
  uint32_t first_on_track = 0;
  uint32_t sectors_per_track = 0;
  Angle angle = 0;            // where the first addressable sector of the first track begins
  int32_t cylinder_step = 0;  // from a track to the next one
  int32_t head_step = 0;
  Angle angle_step = 0;

  uint64_t end() const { return first_sector + uint64_t{tracks} * addressable; }
};

// A measured point of the seek curve.
struct HddSeekPoint {
  uint32_t distance = 0;  // cylinders
  uint32_t nanoseconds = 0;
};

// What the controller needs for a command before anything else happens, by the direction of this
// command and of the one before.
struct HddOverhead {
  Tick read_after_read;
  Tick read_after_write;
  Tick write_after_read;
  Tick write_after_write;

  Tick Of(bool write, bool after_write) const {
    if (write) return after_write ? write_after_write : write_after_read;
    return after_write ? read_after_write : read_after_read;
  }
};

// How far a drive reads on by itself after a read.
enum class HddReadAhead : uint8_t {
  kNone,
  kTrackEnd,     // up to max_read_ahead sectors, to the end of the track
  kCylinderEnd,  // the same, to the end of the cylinder
  kSegment,      // up to max_read_ahead sectors
  // To the end of the track; if the segment holds sectors of the track before as well, which is a
  // sequential stream, to the end of the next one.
  kStream,
};

// The buffer of the drive: segments, each of which holds consecutive sectors.
struct HddCache {
  bool enabled = false;  // segments keep their sectors when a command is done
  uint32_t segments = 1;
  uint32_t segment_sectors = 0;  // 0: as long as the longest command
  uint32_t write_segments = 1;   // that may be waiting for the media
  bool separate_write_segment = false;
  bool read_hits_on_writes = true;
  bool read_hits_while_writing = false;  // without waiting for the arm
  HddReadAhead read_ahead = HddReadAhead::kNone;
  uint32_t max_read_ahead = 0;       // sectors; 0: as much as the segment takes
  bool read_ahead_on_hit = false;    // starts again when all that was asked for is in the buffer
  bool read_free_sectors = false;    // keeps what passes the head before the wanted sectors
  bool stop_in_sector = false;       // readahead stops without reading a sector to its end
  bool fast_write = false;           // a write is done when the buffer has it
  bool write_while_writing = false;  // a write is taken while another one is under way to the media
  bool combine_writes = false;       // a write may go on where one that is under way ends
};

// A write that follows another one elsewhere leaves the bus once more (HP C2247).
struct HddExtraDisconnect {
  bool enabled = false;
  Tick command;     // in place of the write's overhead
  Tick seek_delay;  // after it, before the arm moves
  Tick first_disconnect;
  Tick pause;              // off the bus
  Tick second_disconnect;  // in place of disconnect_write
  // Sectors that the buffer must have before the media get the first one, of short writes and of
  // those of at least long_write sectors.
  uint32_t buffered_before_short = 0;
  uint32_t buffered_before_long = 0;
  uint32_t long_write = 0;
};

// The bus between the host and the drive.
struct HddBus {
  // To win the bus and select the other side: the host for each command, the drive when it comes
  // back to the bus.
  Tick arbitration;
  Tick read_sector;  // sending a sector; while the next one is read
  Tick write_sector;
  bool hold = false;              // a read keeps the bus while it waits for its next sector
  bool never_disconnect = false;  // nor does it leave the bus before its first one
  // A read takes the bus when it has this part of itself, in thousandths; at least a sector.
  uint32_t read_watermark_permille = 0;
  Tick data_preparation;
  Tick first_reselect;
  Tick other_reselect;
  Tick disconnect_read_after_read;
  Tick disconnect_read_after_write;
  Tick disconnect_write;
  Tick read_completion;
  Tick write_completion;
  HddExtraDisconnect extra;
};

// The order in which commands that are waiting in the drive are served.
enum class HddQueuePolicy : uint8_t {
  kFcfs,
  kLook,  // by cylinder, in alternating directions
  kSptf,  // the one whose first sector can be reached first
};

struct HddQueue {
  uint32_t depth = 1;  // commands that the drive chooses from
  HddQueuePolicy policy = HddQueuePolicy::kFcfs;
};

// A drive as its data sheet or an extraction describes it.
struct HddParameters {
  Tick revolution;
  uint32_t surfaces = 0;
  // 0: as many as the zones or track runs hold.
  Sector capacity;
  HddLayout layout;
  std::vector<HddZone> zones;  // from cylinder 0, without gaps
  // In place of zones: a measured layout, from sector 0, without gaps.
  std::vector<HddTrackRun> track_runs;
  std::vector<HddSeekPoint> seek_curve;  // from distance 1, ascending
  Tick head_switch;
  // What a write needs in addition after a seek or head switch. Negative if the curve was measured
  // with writes and reads settle faster.
  int64_t write_settle_ps = 0;
  Tick minimum_write_seek;  // a shorter one takes this long, unless the write follows another one
  // A track is read or written from the first wanted sector that passes, in whatever order.
  bool zero_latency_read = false;
  bool zero_latency_write = false;
  HddOverhead overhead;      // of a command that needs the media
  HddOverhead hit_overhead;  // of a read that finds a sector, and of a write that the buffer takes
  HddBus bus;
  HddCache cache;
  HddQueue queue;

  // Throws ScenarioError naming the field (with its name in the scenario) that cannot be.
  void Validate() const;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_HDD_PARAMETERS_H_
