#ifndef BIOTOPE_LAYERS_DISK_SSD_SSD_MODEL_H_
#define BIOTOPE_LAYERS_DISK_SSD_SSD_MODEL_H_

// Models an NVMe drive, from the doorbell to the completion entry in the host's memory: the link
// (submission entries, data, completion entries), the firmware, the write buffer, and behind them
// the flash translation layer (ftl.h) and the flash (flash_backend.h).
//
// It has no clock. Its user says when a command is submitted, asks for the date of the next event,
// and lets it advance to that date.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "layers/disk/ssd/event_heap.h"
#include "layers/disk/ssd/flash_backend.h"
#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/ftl.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "layers/disk/ssd/write_buffer.h"
#include "sim/core/units.h"

namespace biotope {

enum class SsdCommandKind : uint8_t { kRead, kWrite, kFlush };

struct SsdCommand {
  uint64_t tag = 0;  // the user's
  SsdCommandKind kind = SsdCommandKind::kRead;
  bool fua = false;  // a write ends when it is in the flash
  Sector first;      // the extent lies within the capacity and is not empty; a flush has none
  uint32_t nr_sectors = 0;
};

struct SsdCompletion {
  uint64_t tag = 0;
  Tick date;
};

class SsdModel : private FlashClient {
 public:
  // Throws ScenarioError if the parameters cannot be.
  explicit SsdModel(const SsdParameters& parameters);
  SsdModel(const SsdModel&) = delete;
  SsdModel& operator=(const SsdModel&) = delete;

  Sector capacity() const { return parameters_.capacity(); }

  // The host has written the doorbell at `now`. Dates never go back, and what was due before `now`
  // has been advanced to.
  void Submit(const SsdCommand& command, Tick now);
  // When something will happen in the drive; kNever if nothing will.
  Tick NextEvent() const { return events_.next(); }
  // Lets everything happen that is due until `now`, and notes completions in their order. Stops
  // when there is no room for more: then NextEvent() may still be due.
  size_t Advance(Tick now, std::span<SsdCompletion> completions);

  uint64_t outstanding() const { return outstanding_; }
  const Ftl& ftl() const { return ftl_; }
  const FlashBackend& backend() const { return backend_; }

 private:
  using CommandId = uint32_t;
  static constexpr CommandId kNoCommand = UINT32_MAX;

  struct Command {
    SsdCommand request;
    uint32_t remaining = 0;     // parts that are not done
    LogicalPage next_page = 0;  // of a write: the first that is not in the buffer
    uint32_t epoch = 0;         // of a flush
    CommandId next = kNoCommand;
  };
  struct CommandList {
    CommandId head = kNoCommand;
    CommandId tail = kNoCommand;
  };
  // What a command wants of one page.
  struct Span {
    PageParts touched = 0;
    PageParts covered = 0;
    uint32_t bytes = 0;
  };
  // What carries one thing after the other.
  struct Line {
    Tick free;
    Tick Send(Tick now, Tick time) {
      free = (now > free ? now : free) + time;
      return free;
    }
  };

  void OnFlashDone(OpId id, Tick now) override;

  void Fetch(CommandId id, Tick now);
  Tick MessageTime(uint64_t bytes) const;
  Span SpanOf(const SsdCommand& request, LogicalPage page) const;
  LogicalPage FirstPage(const SsdCommand& request) const;
  LogicalPage LastPage(const SsdCommand& request) const;

  void Dispatch(SsdEvent event, uint32_t index, Tick now);
  void OnArrived(CommandId id, Tick now);
  void Read(CommandId id, Tick now);
  void WriteThrough(CommandId id, Tick now);
  void WriteBuffered(CommandId id, Tick now);
  void Flush(CommandId id, Tick now);
  void StartWriteBack(const WriteBuffer::Content& content, CommandId waiting, Tick now);
  void OnWrittenBack(OpId id, Tick now);
  void StartBufferTransfer(CommandId id, uint64_t bytes, Tick now);
  void PartDone(CommandId id, Tick now);
  void Finish(CommandId id, Tick now);

  CommandId AllocateCommand();
  void PushBack(CommandList& list, CommandId id);
  CommandId PopFront(CommandList& list);
  uint32_t PartBytes(PageParts parts) const;

  const SsdParameters parameters_;
  const uint32_t page_sectors_;
  const uint32_t part_sectors_;
  // Times of the messages of fixed size on the link.
  Tick doorbell_;
  Tick submission_entry_;
  Tick completion_entry_;
  Tick read_request_;

  EventHeap events_;
  FlashOpPool ops_;
  FlashBackend backend_;
  Ftl ftl_;
  WriteBuffer buffer_;

  Line to_device_;
  Line to_host_;
  Line dram_;
  Tick firmware_free_;
  std::vector<Command> commands_;
  CommandList unused_;
  CommandList not_fetched_;
  CommandList stalled_;  // writes that wait for write-backs
  std::vector<CommandId> flushes_;
  uint64_t outstanding_ = 0;
  uint32_t fetched_ = 0;
  uint64_t write_back_bytes_ = 0;  // on their way to the flash
  uint32_t write_backs_ = 0;
  uint32_t epoch_ = 0;  // counts flushes
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_SSD_MODEL_H_
