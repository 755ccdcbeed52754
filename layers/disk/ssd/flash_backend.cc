#include "layers/disk/ssd/flash_backend.h"

#include <algorithm>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

FlashBackend::FlashBackend(const SsdParameters& parameters, EventHeap& events, FlashOpPool& ops,
                           FlashClient& client)
    : parameters_(parameters),
      planes_per_target_(
          parameters.geometry.planes_per_die *
          (parameters.scheduling.die_interleaving ? 1 : parameters.geometry.dies_per_chip)),
      targets_per_channel_(parameters.geometry.nr_planes() / planes_per_target_ /
                           parameters.geometry.channels),
      pages_per_block_(parameters.geometry.pages_per_block),
      events_(events),
      ops_(ops),
      client_(client),
      targets_(targets_per_channel_ * parameters.geometry.channels),
      channels_(parameters.geometry.channels) {
  dirty_channels_.reserve(channels_.size());
}

FlashBackend::QueueId FlashBackend::QueueOf(const FlashOp& op) {
  if (op.kind == FlashOpKind::kErase) return kErase;
  const bool read = op.kind == FlashOpKind::kRead;
  switch (op.source) {
    case FlashOpSource::kHost:
    case FlashOpSource::kUpdate:
      return read ? kHostRead : kHostProgram;
    case FlashOpSource::kMapping:
      return read ? kMappingRead : kMappingProgram;
    case FlashOpSource::kCollection:
      return read ? kCollectionRead : kCollectionProgram;
  }
  BIOTOPE_CHECK(false, "operation of no source");
}

void FlashBackend::Enqueue(OpId id) {
  const FlashOp& op = ops_[id];
  const uint32_t number = TargetOf(op.plane);
  Target& target = targets_[number];
  const QueueId queue = QueueOf(op);
  target.queues[queue].PushBack(ops_, id);
  target.queued |= static_cast<uint8_t>(1u << queue);
  const uint32_t channel = ChannelOf(number);
  if (!channels_[channel].dirty) {
    channels_[channel].dirty = true;
    dirty_channels_.push_back(channel);
  }
}

void FlashBackend::Schedule(Tick now) {
  for (const uint32_t channel : dirty_channels_) {
    channels_[channel].dirty = false;
    if (!channels_[channel].busy) StartTargets(channel, now);
  }
  dirty_channels_.clear();
}

// A channel without work for its targets leaves their turn as it is.
void FlashBackend::StartTargets(uint32_t channel, Tick now) {
  const uint32_t first = channel * targets_per_channel_;
  uint32_t turn = channels_[channel].turn;
  for (uint32_t i = 0; i < targets_per_channel_; ++i) {
    const uint32_t target = first + turn;
    if (++turn == targets_per_channel_) turn = 0;
    if (!StartTarget(target, now)) continue;
    channels_[channel].turn = turn;
    return;
  }
}

const std::array<FlashBackend::QueueId, FlashBackend::kNrQueues>& FlashBackend::OrderOf(
    const Target& target) {
  static constexpr std::array<QueueId, kNrQueues> kUrgent = {
      kMappingRead, kCollectionRead, kCollectionProgram, kErase,
      kHostRead,    kMappingProgram, kHostProgram};
  static constexpr std::array<QueueId, kNrQueues> kPreemptible = {
      kMappingRead,    kHostRead,          kMappingProgram, kHostProgram,
      kCollectionRead, kCollectionProgram, kErase};
  return target.urgent ? kUrgent : kPreemptible;
}

bool FlashBackend::StartTarget(uint32_t number, Tick now) {
  Target& target = targets_[number];
  uint32_t queued = target.queued;
  if (!target.idle || queued == 0) return false;
  if (target.urgent && target.collections > 0) queued &= ~(1u << kHostRead | 1u << kHostProgram);
  for (const QueueId queue : OrderOf(target)) {
    if ((queued >> queue & 1) == 0) continue;
    TakePlanes(target, queue);
    SendCommand(number, now);
    return true;
  }
  return false;
}

// Makes the first operation of a queue active, and those of the same kind that can go with it.
void FlashBackend::TakePlanes(Target& target, QueueId first) {
  target.active.PushBack(ops_, target.queues[first].PopFront(ops_));
  if (parameters_.scheduling.multi_plane && parameters_.geometry.planes_per_die > 1) {
    uint64_t planes =
        uint64_t{1} << ops_[target.active.head].plane % parameters_.geometry.planes_per_die;
    JoinFrom(target.queues[first], target.active, &planes);
    const bool host_waits = target.urgent && target.collections > 0;
    for (const QueueId queue : OrderOf(target)) {
      if (queue == first || target.queues[queue].empty()) continue;
      if (host_waits && (queue == kHostRead || queue == kHostProgram)) continue;
      if (ops_[target.queues[queue].head].kind != ops_[target.active.head].kind) continue;
      JoinFrom(target.queues[queue], target.active, &planes);
    }
  }
  for (uint8_t queue = 0; queue < kNrQueues; ++queue) {
    if (target.queues[queue].empty()) target.queued &= static_cast<uint8_t>(~(1u << queue));
  }
}

// Whether the planes of a command may take different pages. An erase addresses blocks, which may.
bool FlashBackend::AnyPage(FlashOpKind kind) const {
  switch (kind) {
    case FlashOpKind::kRead:
      return parameters_.scheduling.independent_reads;
    case FlashOpKind::kProgram:
      return parameters_.scheduling.independent_programs;
    case FlashOpKind::kErase:
      return true;
  }
  return false;
}

void FlashBackend::JoinFrom(FlashOpList& queue, FlashOpList& active, uint64_t* planes) {
  const uint32_t planes_per_die = parameters_.geometry.planes_per_die;
  const uint64_t all = planes_per_die == 64 ? UINT64_MAX : (uint64_t{1} << planes_per_die) - 1;
  const FlashOp& first = ops_[active.head];
  const bool any_page = AnyPage(first.kind);
  const uint32_t die = first.plane / planes_per_die;
  const uint32_t page = PageNumberOf(first);
  OpId previous = kNoOp;
  for (OpId id = queue.head; id != kNoOp && *planes != all;) {
    const FlashOp& op = ops_[id];
    const OpId next = op.next;
    const uint64_t plane = uint64_t{1} << op.plane % planes_per_die;
    if (op.plane / planes_per_die == die && (*planes & plane) == 0 &&
        (any_page || PageNumberOf(op) == page)) {
      *planes |= plane;
      active.PushBack(ops_, queue.TakeAfter(ops_, previous));
    } else {
      previous = id;
    }
    id = next;
  }
}

void FlashBackend::SendCommand(uint32_t number, Tick now) {
  Target& target = targets_[number];
  uint32_t nr_planes = 0;
  uint64_t bytes = 0;
  for (OpId id = target.active.head; id != kNoOp; id = ops_[id].next) {
    ++nr_planes;
    bytes += ops_[id].bytes;
  }
  const ChannelTiming& timing = parameters_.channel;
  const FlashOp& first = ops_[target.active.head];
  Tick time;
  switch (first.kind) {
    case FlashOpKind::kRead:
      time = timing.read_command + timing.read_command_plane * (nr_planes - 1);
      break;
    case FlashOpKind::kProgram:
      time = timing.program_command + timing.program_command_plane * (nr_planes - 1) +
             timing.byte * bytes;
      break;
    case FlashOpKind::kErase:
      time = timing.erase_command + timing.erase_command_plane * (nr_planes - 1);
      break;
  }
  CountCommand(first, nr_planes);
  target.idle = false;
  channels_[ChannelOf(number)].busy = true;
  events_.Push(now + time, static_cast<uint8_t>(SsdEvent::kCommandSent), number);
}

void FlashBackend::CountCommand(const FlashOp& first, uint32_t nr_planes) {
  statistics_.read_commands += first.kind == FlashOpKind::kRead;
  statistics_.program_commands += first.kind == FlashOpKind::kProgram;
  statistics_.erase_commands += first.kind == FlashOpKind::kErase;
  statistics_.multi_plane_commands += nr_planes > 1;
}

Tick FlashBackend::ArrayTime(const FlashOp& op) const {
  const FlashTiming& flash = parameters_.flash;
  if (op.kind == FlashOpKind::kErase) return flash.erase;
  const std::vector<Tick>& times = op.kind == FlashOpKind::kRead ? flash.read : flash.program;
  return times[PageNumberOf(op) % times.size()];
}

void FlashBackend::OnCommandSent(uint32_t number, Tick now) {
  const Target& target = targets_[number];
  Tick time;
  for (OpId id = target.active.head; id != kNoOp; id = ops_[id].next) {
    time = std::max(time, ArrayTime(ops_[id]));
  }
  events_.Push(now + time, static_cast<uint8_t>(SsdEvent::kArrayDone), number);
  ChannelFree(ChannelOf(number), now);
}

void FlashBackend::OnArrayDone(uint32_t number, Tick now) {
  Target& target = targets_[number];
  const uint32_t channel = ChannelOf(number);
  FlashOpList active = std::exchange(target.active, FlashOpList());
  if (ops_[active.head].kind == FlashOpKind::kRead) {
    while (!active.empty()) {
      const OpId id = active.PopFront(ops_);
      ++target.waiting_data;
      if (channels_[channel].busy) {
        channels_[channel].waiting_data[QueueOf(ops_[id])].PushBack(ops_, id);
      } else {
        StartData(channel, id, now);
      }
    }
    return;
  }
  while (!active.empty()) client_.OnFlashDone(active.PopFront(ops_), now);
  target.idle = true;
  if (!channels_[channel].busy) StartTargets(channel, now);
  Schedule(now);
}

void FlashBackend::StartData(uint32_t channel, OpId id, Tick now) {
  channels_[channel].busy = true;
  channels_[channel].transferring = id;
  events_.Push(now + parameters_.channel.byte * ops_[id].bytes,
               static_cast<uint8_t>(SsdEvent::kDataOut), channel);
}

void FlashBackend::OnDataOut(uint32_t channel, Tick now) {
  const OpId id = std::exchange(channels_[channel].transferring, kNoOp);
  Target& target = targets_[TargetOf(ops_[id].plane)];
  client_.OnFlashDone(id, now);
  if (--target.waiting_data == 0) target.idle = true;
  ChannelFree(channel, now);
  Schedule(now);
}

void FlashBackend::ChannelFree(uint32_t channel, Tick now) {
  channels_[channel].busy = false;
  for (FlashOpList& waiting : channels_[channel].waiting_data) {
    if (waiting.empty()) continue;
    StartData(channel, waiting.PopFront(ops_), now);
    return;
  }
  StartTargets(channel, now);
}

}  // namespace biotope
