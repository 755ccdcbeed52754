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
  open.flags = O_RDONLY | (parameters_.direct ? O_DIRECT : 0);
  const int64_t fd = Call(open);
  if (fd < 0) {
    return Fail(fmt::format("open(\"{}\"): {}", parameters_.filename,
                            strerrorname_np(static_cast<int>(-fd))));
  }
  const Tick end = parameters_.runtime == kNever ? kNever : now() + parameters_.runtime;
  const uint64_t ios_per_pass = std::max<uint64_t>(1, parameters_.io_size / parameters_.bs);
  for (uint64_t io = 0; io < parameters_.number_ios; ++io) {
    if (now() >= end || (io >= ios_per_pass && !parameters_.time_based)) break;
    UserLoop();
    const int64_t result = ReadAt(static_cast<int>(fd), NextOffset(io));
    if (result < 0) {
      Fail(fmt::format("read: {}", strerrorname_np(static_cast<int>(-result))));
      break;
    }
    SleepFor(parameters_.thinktime);
  }
  SyscallArguments close;
  close.op = Op::kClose;
  close.fd = static_cast<int>(fd);
  Call(close);
}

uint64_t FioTask::NextOffset(uint64_t io) {
  const uint64_t blocks = parameters_.size / parameters_.bs;
  const uint64_t position = io % blocks;
  uint64_t block = position;
  if (parameters_.rw == FioParameters::Rw::kRandRead) {
    if (parameters_.norandommap) {
      block = random_.Below(blocks);
    } else {
      if (position == 0) order_.emplace(blocks, random_);  // a new pass, a new order
      block = order_->At(position);
    }
  }
  return parameters_.offset + block * parameters_.bs;
}

int64_t FioTask::ReadAt(int fd, uint64_t offset) {
  SyscallArguments read;
  read.fd = fd;
  read.count = parameters_.bs;
  if (parameters_.ioengine == FioParameters::IoEngine::kPsync) {
    read.op = Op::kPread;
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
