// The writes and flushes of ssd_model.h.

#include <algorithm>
#include <utility>

#include "layers/disk/ssd/ssd_model.h"
#include "sim/core/check.h"

namespace biotope {

void SsdModel::StartBufferTransfer(CommandId id, uint64_t bytes, Tick now) {
  ++commands_[id].remaining;
  const Tick date = dram_.Send(now, parameters_.buffer.access + parameters_.buffer.byte * bytes);
  events_.Push(date, static_cast<uint8_t>(SsdEvent::kBuffered), id);
}

void SsdModel::WriteThrough(CommandId id, Tick now) {
  const SsdCommand request = commands_[id].request;
  const LogicalPage last = LastPage(request);
  for (LogicalPage page = FirstPage(request); page <= last; ++page) {
    const Span span = SpanOf(request, page);
    ++commands_[id].remaining;
    const OpId op_id = ops_.Allocate();
    FlashOp& op = ops_[op_id];
    op.kind = FlashOpKind::kProgram;
    op.page = page;
    op.touched = span.touched;
    op.covered = span.covered;
    op.bytes = span.bytes;
    op.owner = id;
    ftl_.Submit(op_id, now);
  }
  commands_[id].next_page = last + 1;
  PartDone(id, now);
}

// Takes as many pages into the buffer as write-backs allow. What is left over waits for them.
void SsdModel::WriteBuffered(CommandId id, Tick now) {
  const SsdCommand request = commands_[id].request;
  const LogicalPage last = LastPage(request);
  LogicalPage page = commands_[id].next_page;
  uint64_t bytes = 0;
  for (; page <= last && write_back_bytes_ < parameters_.buffer.write_back.value(); ++page) {
    const Span span = SpanOf(request, page);
    bytes += span.bytes;
    const WriteBuffer::Written written =
        buffer_.Write(page, span.touched, span.covered, request.fua, now);
    if (written.evicted) {
      dram_.Send(now, parameters_.buffer.access +
                          parameters_.buffer.byte * PartBytes(written.evicted->touched));
      StartWriteBack(*written.evicted, kNoCommand, now);
    }
    if (written.write_back) {
      if (request.fua) ++commands_[id].remaining;
      StartWriteBack({.page = page,
                      .touched = span.touched,
                      .covered = span.covered,
                      .version = written.version},
                     request.fua ? id : kNoCommand, now);
    }
  }
  commands_[id].next_page = page;
  if (bytes > 0) StartBufferTransfer(id, bytes, now);
  if (page > last) PartDone(id, now);
}

void SsdModel::StartWriteBack(const WriteBuffer::Content& content, CommandId waiting, Tick now) {
  const OpId id = ops_.Allocate();
  FlashOp& op = ops_[id];
  op.kind = FlashOpKind::kProgram;
  op.page = content.page;
  op.touched = content.touched;
  op.covered = content.covered;
  op.bytes = PartBytes(content.touched);
  op.owner = waiting;
  op.version = content.version;
  op.epoch = epoch_;
  op.write_back = true;
  write_back_bytes_ += op.bytes;
  ++write_backs_;
  ftl_.Submit(id, now);
}

void SsdModel::OnWrittenBack(OpId id, Tick now) {
  const FlashOp op = ops_[id];
  ops_.Free(id);
  write_back_bytes_ -= PartBytes(op.touched);
  --write_backs_;
  buffer_.OnProgrammed(op.page, op.version);
  if (op.owner != kNoCommand) PartDone(op.owner, now);
  for (size_t i = 0; i < flushes_.size();) {
    const CommandId flush = flushes_[i];
    const bool counts = op.epoch <= commands_[flush].epoch;  // began before the flush
    if (counts && commands_[flush].remaining == 1) {
      flushes_.erase(flushes_.begin() + static_cast<std::ptrdiff_t>(i));
    } else {
      ++i;
    }
    if (counts) PartDone(flush, now);
  }
  while (stalled_.head != kNoCommand && write_back_bytes_ < parameters_.buffer.write_back.value()) {
    const CommandId stalled = stalled_.head;
    // It may end in here, but its completion comes with a later event.
    WriteBuffered(stalled, now);
    if (commands_[stalled].next_page <= LastPage(commands_[stalled].request)) break;
    PopFront(stalled_);
  }
}

// Everything in the buffer goes to the flash; the flush waits for what is on its way at its
// arrival.
void SsdModel::Flush(CommandId id, Tick now) {
  if (buffer_.enabled() && !parameters_.buffer.power_loss_protection) {
    while (const std::optional<WriteBuffer::Content> content = buffer_.TakeDirty()) {
      StartWriteBack(*content, kNoCommand, now);
    }
    if (write_backs_ > 0) {
      commands_[id].epoch = epoch_++;
      commands_[id].remaining += write_backs_;
      flushes_.push_back(id);
    }
  }
  PartDone(id, now);
}

}  // namespace biotope
