#include "sim/verify/case_task.h"

#include <unistd.h>

#include <algorithm>

namespace biotope {

// -- The schedule

void CaseSchedule::Add(CaseTask& task) { tasks_.push_back(&task); }

void CaseSchedule::Continue() {
  while (!awaited_ && !over()) {
    const Operation& operation = operations_[next_];
    if (operation.kind == Operation::Kind::kJoin) {
      if (outstanding_ > 0) return;
      results_[next_++] = OperationResult{};
      continue;
    }
    ++outstanding_;
    if (!operation.detached) awaited_ = next_;
    CaseTask& task = *tasks_[operation.process];
    task.queue_.push_back(next_++);
    task.WakeIfIdle();
  }
  if (!over() || outstanding_ > 0) return;
  for (CaseTask* task : tasks_) task->WakeIfIdle();
}

void CaseSchedule::Done(uint32_t index, const OperationResult& result) {
  results_[index] = result;
  --outstanding_;
  if (awaited_ == index) awaited_.reset();
  Continue();
}

// -- A process

void CaseTask::Program() {
  schedule_.Continue();
  while (const std::optional<uint32_t> index = NextOperation()) {
    const Operation& operation = schedule_.operations_[*index];
    UserLoop();
    stream_.Flush();
    schedule_.observer_.Begin(context().task(), *index);
    const int64_t result = Execute(operation);
    stream_.Flush();
    schedule_.observer_.End(context().task());
    schedule_.Done(*index, result < 0 ? OperationResult{-1, static_cast<int>(-result)}
                                      : OperationResult{result, 0});
  }
}

std::optional<uint32_t> CaseTask::NextOperation() {
  while (queue_.empty()) {
    if (schedule_.over() && schedule_.outstanding_ == 0) return std::nullopt;
    idle_ = true;
    Sleep();
  }
  const uint32_t index = queue_.front();
  queue_.pop_front();
  return index;
}

void CaseTask::WakeIfIdle() {
  if (!std::exchange(idle_, false)) return;
  WakeUp();
}

int64_t CaseTask::Execute(const Operation& operation) {
  SyscallArguments call;
  call.fd = descriptors_[operation.file];
  call.count = operation.length;
  call.offset = operation.offset;
  call.advice = operation.advice;
  switch (operation.kind) {
    case Operation::Kind::kOpen:
      return Open(operation);
    case Operation::Kind::kRead:
    case Operation::Kind::kPread:
      return Read(operation);
    case Operation::Kind::kRepeatedRead:
    case Operation::Kind::kStridedRead:
      return RepeatedRead(operation);
    case Operation::Kind::kMmap:
      return Mmap(operation);
    case Operation::Kind::kTouch:
      return Touch(operation);
    case Operation::Kind::kClose:
      call.op = Op::kClose;
      return Call(call);
    case Operation::Kind::kLseek:
      call.op = Op::kLseek;
      call.whence = SEEK_SET;
      return Call(call);
    case Operation::Kind::kFadvise:
      call.op = Op::kFadvise;
      return Call(call);
    case Operation::Kind::kReadahead:
      call.op = Op::kReadahead;
      return Call(call);
    case Operation::Kind::kMunmap:
      call.op = Op::kMunmap;
      call.address = mappings_[operation.mapping].address;
      call.count = mappings_[operation.mapping].length;
      return Call(call);
    case Operation::Kind::kMadvise:
      call.op = Op::kMadvise;
      call.address = mappings_[operation.mapping].address + static_cast<uint64_t>(operation.offset);
      return Call(call);
    case Operation::Kind::kBufoff:
      buffer_offset_ = static_cast<uint32_t>(operation.length);
      return 0;
    case Operation::Kind::kSleepMs:
      SleepFor(kMillisecond * operation.length);
      return 0;
    case Operation::Kind::kJoin:
    case Operation::Kind::kUnsupported:
      break;
  }
  return -ENOSYS;
}

int64_t CaseTask::Open(const Operation& operation) {
  SyscallArguments call;
  call.op = Op::kOpen;
  call.path = operation.path;
  call.flags = operation.flags;
  const int64_t result = Call(call);
  descriptors_[operation.file] = static_cast<int>(std::max<int64_t>(result, -1));
  paths_[operation.file] = operation.path;
  return result;
}

int64_t CaseTask::Read(const Operation& operation) {
  SyscallArguments call;
  call.op = operation.kind == Operation::Kind::kPread ? Op::kPread : Op::kRead;
  call.fd = descriptors_[operation.file];
  call.count = operation.length;
  call.offset = operation.offset;
  call.buffer_misalignment = buffer_offset_;
  return Call(call);
}

// nread, nstride: stops at the first call that does not return what was asked for.
int64_t CaseTask::RepeatedRead(const Operation& operation) {
  Operation step = operation;
  step.kind = operation.kind == Operation::Kind::kStridedRead ? Operation::Kind::kPread
                                                              : Operation::Kind::kRead;
  int64_t done = 0;
  for (uint64_t i = 0; i < operation.count; ++i) {
    const int64_t result = Read(step);
    if (result < 0) return result;
    done += result;
    step.offset += static_cast<int64_t>(operation.stride);
    if (operation.think_ms > 0) SleepFor(kMillisecond * operation.think_ms);
  }
  return done;
}

int64_t CaseTask::Mmap(const Operation& operation) {
  SyscallArguments call;
  call.op = Op::kMmap;
  call.fd = descriptors_[operation.file];
  call.count = operation.length;
  const int64_t result = Call(call);
  if (result < 0) return result;
  mappings_[operation.mapping] = {static_cast<uint64_t>(result), operation.length,
                                  paths_[operation.file]};
  return 0;
}

// The processor enters the kernel only if the page is not in the page table.
int64_t CaseTask::Touch(const Operation& operation) {
  const Mapping& mapping = mappings_[operation.mapping];
  const uint64_t offset = static_cast<uint64_t>(operation.offset);
  const uint64_t address = mapping.address + offset;
  if (!mm().IsPresent(address)) {
    SyscallArguments fault;
    fault.op = Op::kFault;
    fault.address = address;
    const int64_t result = Call(fault);
    if (result < 0) return result;
  }
  return bytes_.At(mapping.path, offset);
}

}  // namespace biotope
