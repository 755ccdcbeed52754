#ifndef BIOTOPE_LAYERS_DISK_HDD_HDD_MODEL_H_
#define BIOTOPE_LAYERS_DISK_HDD_HDD_MODEL_H_

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "layers/disk/device_model.h"
#include "layers/disk/hdd/bus_transfer.h"
#include "layers/disk/hdd/command_queue.h"
#include "layers/disk/hdd/hdd_parameters.h"
#include "layers/disk/hdd/layout.h"
#include "layers/disk/hdd/mechanics.h"
#include "layers/disk/hdd/segment_cache.h"
#include "sim/core/units.h"

namespace biotope {

// A rotating disk: for each track that a command touches the arm moves, the heads switch, the
// platter turns until the first wanted sector comes round, the sectors pass under the head; between
// the media and the bus lies a buffer, which reads on and writes by itself while no command is
// under way. What it does there is worked out when the next command comes.
//
// Models: Ruemmler and Wilkes, "An introduction to disk drive modeling", IEEE Computer, March 1994;
// Worthington, Ganger, Patt and Wilkes, "On-line extraction of SCSI disk drive parameters",
// SIGMETRICS 1995; the buffer and bus behaviour that DiskSim 4.0's parameters describe (manual,
// CMU-PDL-08-101).
// Left out on purpose: remapped sectors (the map shows them where they were before), errors, the
// scatter of seek times, a command whose data the buffer cannot hold at once waiting for the bus.
class HddModel final : public DeviceModel {
 public:
  // Throws ScenarioError if the parameters contradict each other.
  explicit HddModel(const HddParameters& hdd);

  Sector capacity() const override { return layout_->capacity(); }
  ServiceTime Serve(Tick start, Sector first, uint32_t nr_sectors, bool write) override;
  ServiceTime ServeForcedWrite(Tick start, Sector first, uint32_t nr_sectors) override;
  Tick Flush(Tick start) override;

  uint32_t queue_depth() const override { return queue_.depth(); }
  size_t PickNext(Tick now, std::span<const WaitingCommand> waiting) override;

  // How long it takes from `now` until `first` begins to pass the head, if a command to it is the
  // next one: it begins when the one under way, if any, has ended.
  Tick PositioningTime(Tick now, Sector first, bool write) const;

  // Where the last command left the arm.
  uint32_t cylinder() const { return mechanics_.cylinder(); }
  uint32_t head() const { return mechanics_.head(); }
  const Layout& layout() const { return *layout_; }

 private:
  // Readahead under way into a segment: what lies before segment.end has been read at `at`.
  struct Readahead {
    uint32_t segment;
    Tick at;
    uint64_t limit;  // not beyond this sector
  };
  // A write that the buffer has taken and the media have still to get.
  struct Destage {
    uint32_t segment;
    uint64_t first;
    uint32_t nr_sectors;
    Tick first_ready;  // when its first sector is in the buffer
  };
  // When the sectors of a write are in the buffer: the first one, then one each interval.
  struct Arrival {
    Tick first;
    Tick interval;
    uint32_t index = 0;    // of the next sector
    Tick not_before = {};  // the media get nothing before

    Tick Alone(uint32_t offset) const { return first + (index + offset) * interval; }
    Tick At(uint32_t offset) const { return std::max(Alone(offset), not_before); }
  };
  // What the command under way has met so far.
  struct Progress {
    Tick arm;              // when it may move
    Tick busy_until = {};  // the media had to finish a write
    bool waited = false;   // for that
    ServiceTime parts = {};
  };

  ServiceTime ServeCommand(Tick start, Sector first, uint32_t nr_sectors, bool write, bool fast);
  // Up to the next command.
  void Advance(Tick now);
  void AdvanceReadahead(Tick now);
  void AdvanceDestage(Tick now);
  void FinishDestage();
  void StartNextDestage();
  Tick StopReadahead(Tick now);
  void StartReadahead(uint32_t segment, Tick at, uint64_t limit);
  uint64_t ReadaheadLimit(uint64_t segment_first, uint64_t first, uint32_t nr_sectors) const;

  Tick Read(Tick start, uint64_t first, uint32_t nr_sectors, Progress& progress);
  Tick ReadWholeHit(Tick start, uint64_t first, uint32_t nr_sectors, uint32_t segment,
                    Progress& progress);
  Tick ReadFromMedia(Tick start, uint64_t first, uint32_t nr_sectors, SegmentCache::Choice choice,
                     Progress& progress);
  Tick BusFree(Tick start, const Progress& progress) const;
  BusTransfer MakeTransfer(Tick start, uint32_t nr_sectors, bool hit,
                           const Progress& progress) const;
  Tick ReadSectors(Tick now, uint64_t first, uint32_t nr_sectors, Segment& segment,
                   BusTransfer& bus, ServiceTime& parts);
  void WaitForDestage(Tick start, Progress& progress);

  Tick Write(Tick start, uint64_t first, uint32_t nr_sectors, bool fast, Progress& progress);
  std::optional<Tick> WriteWhileBusy(Tick start, uint64_t first, uint32_t nr_sectors);
  Tick WriteSectors(Tick now, uint64_t first, uint32_t nr_sectors, Arrival arrival, bool follows,
                    ServiceTime& parts);
  Tick WriteRun(Tick now, const SectorPlace& place, uint32_t nr_sectors, const Arrival& arrival,
                ServiceTime& parts) const;
  Arrival ArrivalOf(Tick bus_start, uint32_t nr_sectors) const;
  bool Combines(uint64_t first, uint32_t nr_sectors) const;

  const HddParameters hdd_;
  const std::unique_ptr<const Layout> layout_;
  Mechanics mechanics_;
  SegmentCache cache_;
  CommandQueue queue_;
  bool wrote_ = false;  // the command before was a write
  Tick last_end_;       // when it ends, or has ended
  std::optional<Readahead> readahead_;
  std::vector<Destage> destages_;  // the first is under way if media_free_ has not come
  Tick media_free_;                // the end of the destage that is under way
  bool destaging_ = false;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_HDD_MODEL_H_
