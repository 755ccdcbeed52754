#include "sim/world/fio_task.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace biotope {

void FioTask::Program() {
  SyscallArguments open;
  open.op = Op::kOpen;
  open.path = parameters_.filename;
  open.flags = (IsWrite() ? O_RDWR : O_RDONLY) | (parameters_.direct ? O_DIRECT : 0);
  const int64_t fd = Call(open);
  if (fd < 0) {
    return Fail(fmt::format("open(\"{}\"): {}", parameters_.filename,
                            strerrorname_np(static_cast<int>(-fd))));
  }
  if (parameters_.runtime != kNever) end_ = now() + parameters_.runtime;
  if (parameters_.ioengine == FioParameters::IoEngine::kLibaio) {
    DoLibaio(static_cast<int>(fd));
  } else {
    DoSynchronous(static_cast<int>(fd));
  }
  SyscallArguments close;
  close.op = Op::kClose;
  close.fd = static_cast<int>(fd);
  Call(close);
}

bool FioTask::Goes(uint64_t io) const {
  const uint64_t ios_per_pass = std::max<uint64_t>(1, parameters_.io_size / parameters_.bs);
  return io < parameters_.number_ios && now() < end_ &&
         (io < ios_per_pass || parameters_.time_based);
}

void FioTask::FailAs(const char* call, int64_t result) {
  Fail(fmt::format("{}: {}", call, strerrorname_np(static_cast<int>(-result))));
}

void FioTask::DoSynchronous(int fd) {
  for (uint64_t io = 0; Goes(io); ++io) {
    UserLoop();
    const int64_t result = TransferAt(fd, NextOffset(io));
    if (result < 0) return FailAs(IsWrite() ? "write" : "read", result);
    SleepFor(parameters_.thinktime);
  }
}

// do_io: one I/O after the other is submitted; when iodepth are in flight, at least one must have
// ended before the next.
void FioTask::DoLibaio(int fd) {
  AioArguments setup;
  setup.nr_events = parameters_.iodepth;
  SyscallArguments call;
  call.op = Op::kIoSetup;
  call.aio = &setup;
  const int64_t result = Call(call);
  if (result < 0) return FailAs("io_setup", result);
  uint32_t in_flight = 0;
  bool good = true;
  for (uint64_t io = 0; good && Goes(io); ++io) {
    UserLoop();
    good = SubmitAio(setup.ctx, fd, io);
    if (!good) break;
    ++in_flight;
    SleepFor(parameters_.thinktime);
    if (in_flight == parameters_.iodepth) good = ReapAio(setup.ctx, &in_flight);
  }
  while (good && in_flight > 0) good = ReapAio(setup.ctx, &in_flight);
  call.op = Op::kIoDestroy;
  Call(call);
}

bool FioTask::SubmitAio(uint64_t ctx, int fd, uint64_t io) {
  Iocb iocb;
  iocb.address = io + 1;
  iocb.opcode = IsWrite() ? kIocbCmdPwrite : kIocbCmdPread;
  iocb.fildes = fd;
  iocb.nbytes = parameters_.bs;
  iocb.offset = static_cast<int64_t>(NextOffset(io));
  AioArguments aio;
  aio.ctx = ctx;
  aio.nr = 1;
  aio.iocbs = {&iocb, 1};
  SyscallArguments submit;
  submit.op = Op::kIoSubmit;
  submit.aio = &aio;
  const int64_t result = Call(submit);
  if (result < 0) FailAs("io_submit", result);
  return result == 1;
}

bool FioTask::ReapAio(uint64_t ctx, uint32_t* in_flight) {
  UserLoop();
  events_.clear();
  AioArguments aio;
  aio.ctx = ctx;
  aio.min_nr = 1;
  aio.nr = *in_flight;
  aio.reaped = &events_;
  SyscallArguments getevents;
  getevents.op = Op::kIoGetevents;
  getevents.aio = &aio;
  const int64_t result = Call(getevents);
  if (result <= 0) {
    FailAs("io_getevents", result);
    return false;
  }
  *in_flight -= static_cast<uint32_t>(result);
  for (const IoEvent& event : events_) {
    if (event.res >= 0) continue;
    FailAs(IsWrite() ? "write" : "read", event.res);
    return false;
  }
  return true;
}

uint64_t FioTask::NextOffset(uint64_t io) {
  const uint64_t blocks = parameters_.size / parameters_.bs;
  const uint64_t position = io % blocks;
  uint64_t block = position;
  if (parameters_.rw == FioParameters::Rw::kRandRead ||
      parameters_.rw == FioParameters::Rw::kRandWrite) {
    if (parameters_.norandommap) {
      block = random_.Below(blocks);
    } else {
      if (position == 0) order_.emplace(blocks, random_);  // a new pass, a new order
      block = order_->At(position);
    }
  }
  return parameters_.offset + block * parameters_.bs;
}

int64_t FioTask::TransferAt(int fd, uint64_t offset) {
  SyscallArguments read;
  read.fd = fd;
  read.count = parameters_.bs;
  if (parameters_.ioengine == FioParameters::IoEngine::kPsync) {
    read.op = IsWrite() ? Op::kPwrite : Op::kPread;
    read.offset = static_cast<int64_t>(offset);
    return Call(read);
  }
  if (offset != file_pos_) {
    SyscallArguments seek;
    seek.op = Op::kLseek;
    seek.fd = fd;
    seek.offset = static_cast<int64_t>(offset);
    seek.whence = SEEK_SET;
    const int64_t result = Call(seek);
    if (result < 0) return result;
  }
  read.op = Op::kRead;
  const int64_t result = Call(read);
  file_pos_ = offset + static_cast<uint64_t>(std::max<int64_t>(result, 0));
  return result;
}

}  // namespace biotope
