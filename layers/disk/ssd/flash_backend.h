#ifndef BIOTOPE_LAYERS_DISK_SSD_FLASH_BACKEND_H_
#define BIOTOPE_LAYERS_DISK_SSD_FLASH_BACKEND_H_

// Models channels and flash chips: which operation a chip starts next, what travels over its
// channel when, and how long the array works.
//
// A *target* takes one command at a time: a die if the dies of a chip are interleaved, else a chip.
// A command occupies the channel for its address cycles (a program with its data), then the target
// alone; a read's data need the channel again, and the target is not free before the last byte is
// out.
//
// When a channel is free, data that wait for it go first: translation pages, the host's, those of
// garbage collection. Then the targets take turns: each starts an operation of the first of its
// queues that has one. Reads go before programs, programs before erases; operations of garbage
// collection before those of the host when it is urgent, else after them. Of the operations that
// share the kind, the die and (unless planes are independent in it) the page number, one for each
// plane joins the first.
//
// Left out on purpose: suspension of programs and erases, read retries, copyback, cache reads and
// programs, and the poll of the ready line.

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "layers/disk/ssd/event_heap.h"
#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "sim/core/units.h"

namespace biotope {

// What an entry of the drive's EventHeap means, and which number it carries.
enum class SsdEvent : uint8_t {
  kCommandSent,  // target: its command and a program's data are over the channel
  kArrayDone,    // target: its array has finished
  kDataOut,      // channel: a page that was read is over it
  kArrived,      // command: it and its data are in the drive
  kBuffered,     // command: a transfer to or from the write buffer is over
  kCompleted,    // command: its completion entry is in the host's memory
};

class FlashBackend {
 public:
  struct Statistics {
    uint64_t read_commands = 0;
    uint64_t program_commands = 0;
    uint64_t erase_commands = 0;
    uint64_t multi_plane_commands = 0;  // of those above
  };

  // All four outlive it.
  FlashBackend(const SsdParameters& parameters, EventHeap& events, FlashOpPool& ops,
               FlashClient& client);

  // Queues an operation at its target. Its plane, position, kind and source are known.
  void Enqueue(OpId id);
  // Starts what can start on the channels for which operations were queued since the last call.
  void Schedule(Tick now);

  // Garbage collection in a plane's target begins and ends. While any is going on and urgent, the
  // target serves nothing of the host.
  void BeginCollection(uint32_t plane) { ++targets_[TargetOf(plane)].collections; }
  void EndCollection(uint32_t plane) { --targets_[TargetOf(plane)].collections; }
  void SetUrgent(uint32_t plane, bool urgent) { targets_[TargetOf(plane)].urgent = urgent; }

  void OnCommandSent(uint32_t target, Tick now);
  void OnArrayDone(uint32_t target, Tick now);
  void OnDataOut(uint32_t channel, Tick now);

  const Statistics& statistics() const { return statistics_; }

 private:
  enum QueueId : uint8_t {
    kMappingRead,
    kHostRead,
    kCollectionRead,
    kMappingProgram,
    kHostProgram,
    kCollectionProgram,
    kErase,
    kNrQueues,
  };
  static constexpr size_t kNrReadQueues = 3;  // kinds of data that wait for a channel

  struct Target {
    std::array<FlashOpList, kNrQueues> queues;
    FlashOpList active;         // what its array works on
    uint32_t waiting_data = 0;  // pages that were read and are not out yet
    uint32_t collections = 0;
    uint8_t queued = 0;  // bit n: queue n is not empty
    bool idle = true;
    bool urgent = false;
  };

  struct Channel {
    std::array<FlashOpList, kNrReadQueues> waiting_data;
    OpId transferring = kNoOp;
    uint32_t turn = 0;  // target of the channel that may start next
    bool busy = false;
    bool dirty = false;  // in dirty_channels_
  };

  static QueueId QueueOf(const FlashOp& op);
  uint32_t TargetOf(uint32_t plane) const { return plane / planes_per_target_; }
  uint32_t ChannelOf(uint32_t target) const { return target / targets_per_channel_; }
  uint32_t PageNumberOf(const FlashOp& op) const { return op.position % pages_per_block_; }
  static const std::array<QueueId, kNrQueues>& OrderOf(const Target& target);
  void StartTargets(uint32_t channel, Tick now);
  bool StartTarget(uint32_t target, Tick now);
  void TakePlanes(Target& target, QueueId first);
  bool AnyPage(FlashOpKind kind) const;
  void JoinFrom(FlashOpList& queue, FlashOpList& active, uint64_t* planes);
  void SendCommand(uint32_t target, Tick now);
  void CountCommand(const FlashOp& first, uint32_t nr_planes);
  Tick ArrayTime(const FlashOp& op) const;
  void StartData(uint32_t channel, OpId id, Tick now);
  void ChannelFree(uint32_t channel, Tick now);

  const SsdParameters& parameters_;
  const uint32_t planes_per_target_;
  const uint32_t targets_per_channel_;
  const uint32_t pages_per_block_;
  EventHeap& events_;
  FlashOpPool& ops_;
  FlashClient& client_;
  std::vector<Target> targets_;
  std::vector<Channel> channels_;
  std::vector<uint32_t> dirty_channels_;
  Statistics statistics_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_FLASH_BACKEND_H_
