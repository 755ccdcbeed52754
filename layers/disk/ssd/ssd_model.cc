#include "layers/disk/ssd/ssd_model.h"

#include <bit>

#include "sim/core/check.h"

namespace biotope {
namespace {

// NVM Express 1.4: an entry of a submission and of a completion queue. A doorbell is a 32-bit
// register, of which two bytes count in the reference; a memory read request carries an address of
// four.
constexpr uint32_t kSubmissionEntry = 64;
constexpr uint32_t kCompletionEntry = 16;
constexpr uint32_t kDoorbell = 2;
constexpr uint32_t kReadRequest = 4;

const SsdParameters& Validated(const SsdParameters& parameters) {
  parameters.Validate();
  return parameters;
}

}  // namespace

SsdModel::SsdModel(const SsdParameters& parameters)
    : parameters_(Validated(parameters)),
      page_sectors_(static_cast<uint32_t>(parameters.geometry.page.value() / kSectorSize)),
      part_sectors_(page_sectors_ / kPartsPerPage),
      doorbell_(MessageTime(kDoorbell)),
      submission_entry_(MessageTime(kSubmissionEntry)),
      completion_entry_(MessageTime(kCompletionEntry)),
      read_request_(MessageTime(kReadRequest)),
      backend_(parameters_, events_, ops_, ftl_),
      ftl_(parameters_, ops_, backend_, *this),
      buffer_(parameters_) {}

Tick SsdModel::MessageTime(uint64_t bytes) const {
  const HostLink& link = parameters_.link;
  const uint64_t packets = (bytes + link.packet_payload - 1) / link.packet_payload;
  return link.byte * (bytes + packets * link.packet_overhead);
}

SsdModel::CommandId SsdModel::AllocateCommand() {
  if (unused_.head != kNoCommand) return PopFront(unused_);
  commands_.emplace_back();
  return static_cast<CommandId>(commands_.size() - 1);
}

void SsdModel::PushBack(CommandList& list, CommandId id) {
  commands_[id].next = kNoCommand;
  (list.head == kNoCommand ? list.head : commands_[list.tail].next) = id;
  list.tail = id;
}

SsdModel::CommandId SsdModel::PopFront(CommandList& list) {
  const CommandId id = list.head;
  list.head = commands_[id].next;
  return id;
}

void SsdModel::Submit(const SsdCommand& command, Tick now) {
  if (command.kind != SsdCommandKind::kFlush) {
    BIOTOPE_CHECK(command.nr_sectors > 0 && command.first < capacity() &&
                      Sector(command.nr_sectors) <= capacity() - command.first,
                  "sectors {}+{} of {}", command.first.value(), command.nr_sectors,
                  capacity().value());
  }
  BIOTOPE_CHECK(events_.next() >= now, "something was due at {} and has not happened at {}",
                events_.next().value(), now.value());
  const CommandId id = AllocateCommand();
  commands_[id].request = command;
  ++outstanding_;
  if (fetched_ < parameters_.link.fetch_size) {
    Fetch(id, now);
  } else {
    PushBack(not_fetched_, id);
  }
}

// The device reads the submission entry, and the data of a write, from the host's memory.
void SsdModel::Fetch(CommandId id, Tick now) {
  ++fetched_;
  const SsdCommand& request = commands_[id].request;
  Tick date = to_device_.Send(now, doorbell_);
  date = to_host_.Send(date, read_request_);
  date = to_device_.Send(date, submission_entry_);
  const bool write = request.kind == SsdCommandKind::kWrite;
  if (write) {
    date = to_host_.Send(date, read_request_);
    date = to_device_.Send(date, MessageTime(uint64_t{request.nr_sectors} * kSectorSize));
  }
  if (date < firmware_free_) date = firmware_free_;
  firmware_free_ = date + parameters_.firmware.interval;
  date += write ? parameters_.firmware.write : parameters_.firmware.read;
  events_.Push(date, static_cast<uint8_t>(SsdEvent::kArrived), id);
}

size_t SsdModel::Advance(Tick now, std::span<SsdCompletion> completions) {
  size_t count = 0;
  while (events_.next() <= now && count < completions.size()) {
    const Tick date = events_.next();
    const auto event = static_cast<SsdEvent>(events_.next_kind());
    const uint32_t index = events_.next_index();
    events_.Pop();
    if (event == SsdEvent::kCompleted) {
      completions[count++] = {.tag = commands_[index].request.tag, .date = date};
      PushBack(unused_, index);
      --outstanding_;
    } else {
      Dispatch(event, index, date);
    }
  }
  return count;
}

void SsdModel::Dispatch(SsdEvent event, uint32_t index, Tick now) {
  switch (event) {
    case SsdEvent::kCommandSent:
      return backend_.OnCommandSent(index, now);
    case SsdEvent::kArrayDone:
      return backend_.OnArrayDone(index, now);
    case SsdEvent::kDataOut:
      return backend_.OnDataOut(index, now);
    case SsdEvent::kArrived:
      return OnArrived(index, now);
    case SsdEvent::kBuffered:
      return PartDone(index, now);
    case SsdEvent::kCompleted:
      return;  // Advance's own
  }
}

void SsdModel::OnArrived(CommandId id, Tick now) {
  commands_[id].remaining = 1;  // for what follows, until all parts have begun
  switch (commands_[id].request.kind) {
    case SsdCommandKind::kRead:
      Read(id, now);
      break;
    case SsdCommandKind::kWrite:
      commands_[id].next_page = FirstPage(commands_[id].request);
      if (!buffer_.enabled()) {
        WriteThrough(id, now);
      } else if (stalled_.head != kNoCommand) {
        PushBack(stalled_, id);
      } else {
        WriteBuffered(id, now);
        if (commands_[id].next_page <= LastPage(commands_[id].request)) PushBack(stalled_, id);
      }
      break;
    case SsdCommandKind::kFlush:
      Flush(id, now);
      break;
  }
  backend_.Schedule(now);
}

LogicalPage SsdModel::FirstPage(const SsdCommand& request) const {
  return static_cast<LogicalPage>(request.first.value() / page_sectors_);
}

LogicalPage SsdModel::LastPage(const SsdCommand& request) const {
  return static_cast<LogicalPage>((request.first.value() + request.nr_sectors - 1) / page_sectors_);
}

SsdModel::Span SsdModel::SpanOf(const SsdCommand& request, LogicalPage page) const {
  const uint64_t page_begin = uint64_t{page} * page_sectors_;
  const uint64_t first = request.first.value();
  const uint64_t end = first + request.nr_sectors;
  const auto from = static_cast<uint32_t>(first > page_begin ? first - page_begin : 0);
  const auto to =
      static_cast<uint32_t>(end < page_begin + page_sectors_ ? end - page_begin : page_sectors_);
  const auto parts = [](uint32_t begin, uint32_t parts_end) {
    if (begin >= parts_end) return PageParts{0};
    return static_cast<PageParts>(((1u << parts_end) - 1) & ~((1u << begin) - 1));
  };
  return {.touched = parts(from / part_sectors_, (to + part_sectors_ - 1) / part_sectors_),
          .covered = parts((from + part_sectors_ - 1) / part_sectors_, to / part_sectors_),
          .bytes = (to - from) * kSectorSize};
}

uint32_t SsdModel::PartBytes(PageParts parts) const {
  return static_cast<uint32_t>(std::popcount(parts)) * part_sectors_ * kSectorSize;
}

void SsdModel::Read(CommandId id, Tick now) {
  const SsdCommand request = commands_[id].request;
  uint64_t buffered = 0;
  const LogicalPage last = LastPage(request);
  for (LogicalPage page = FirstPage(request); page <= last; ++page) {
    const Span span = SpanOf(request, page);
    uint32_t bytes = span.bytes;
    if (buffer_.enabled()) {
      const auto here = static_cast<PageParts>(buffer_.Covered(page) & span.touched);
      const uint32_t found = here == span.touched ? bytes : std::min(bytes, PartBytes(here));
      buffered += found;
      bytes -= found;
      if (here == span.touched) continue;
    }
    ++commands_[id].remaining;
    const OpId op_id = ops_.Allocate();
    FlashOp& op = ops_[op_id];
    op.kind = FlashOpKind::kRead;
    op.page = page;
    op.touched = span.touched;
    op.covered = span.covered;
    op.bytes = bytes;
    op.owner = id;
    ftl_.Submit(op_id, now);
  }
  if (buffered > 0) StartBufferTransfer(id, buffered, now);
  PartDone(id, now);
}

void SsdModel::OnFlashDone(OpId id, Tick now) {
  if (ops_[id].write_back) {
    OnWrittenBack(id, now);
    return;
  }
  const CommandId command = ops_[id].owner;
  ops_.Free(id);
  PartDone(command, now);
}

void SsdModel::PartDone(CommandId id, Tick now) {
  if (--commands_[id].remaining == 0) Finish(id, now);
}

// The data of a read and the completion entry go to the host's memory.
void SsdModel::Finish(CommandId id, Tick now) {
  const SsdCommand& request = commands_[id].request;
  if (request.kind == SsdCommandKind::kRead) {
    to_host_.Send(now, MessageTime(uint64_t{request.nr_sectors} * kSectorSize));
  }
  const Tick date = to_host_.Send(now, completion_entry_);
  events_.Push(date, static_cast<uint8_t>(SsdEvent::kCompleted), id);
  --fetched_;
  if (not_fetched_.head != kNoCommand) Fetch(PopFront(not_fetched_), now);
}

}  // namespace biotope
