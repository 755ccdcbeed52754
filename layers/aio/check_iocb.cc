// Models: the checks of io_submit_one, aio_setup_iocb (2.6.11), aio_read, aio_write, aio_fsync,
// aio_prep_rw, aio_setup_rw, rw_verify_area (later), in their order. Left out on purpose: security
// modules, mandatory locks, RLIMIT_FSIZE; RWF_NOWAIT and the other flags of pwritev2 are accepted
// and change nothing.

#include "layers/aio/check_iocb.h"

#include <array>
#include <cerrno>
#include <span>

namespace biotope {
namespace {

struct Facts {
  const Iocb& iocb;
  const IocbFile& file;
  const IocbFile& resfd;
};

// One check: what is refused, and with which error.
struct Check {
  bool (*refuses)(const Facts& facts);
  int error;
};

using Type = IocbFile::Type;

bool IsRead(const Iocb& iocb) {
  return iocb.opcode == kIocbCmdPread || iocb.opcode == kIocbCmdPreadv;
}
bool IsWrite(const Iocb& iocb) {
  return iocb.opcode == kIocbCmdPwrite || iocb.opcode == kIocbCmdPwritev;
}
bool IsSync(const Iocb& iocb) {
  return iocb.opcode == kIocbCmdFsync || iocb.opcode == kIocbCmdFdsync;
}

// -- Of the iocb

// aio_reserved1, 2 and 3 of 2.6.11 lie where later kernels have flags.
bool AnyReserved(const Facts& f) {
  return f.iocb.rw_flags != 0 || f.iocb.reserved2 != 0 || f.iocb.flags != 0;
}
bool Reserved2(const Facts& f) { return f.iocb.reserved2 != 0; }
bool NegativeBytes(const Facts& f) { return static_cast<int64_t>(f.iocb.nbytes) < 0; }

// -- Of the file

bool ResfdIsClosed(const Facts& f) {
  return (f.iocb.flags & kIocbFlagResfd) != 0 && f.resfd.type == Type::kNone;
}
bool ResfdIsNoEventfd(const Facts& f) {
  return (f.iocb.flags & kIocbFlagResfd) != 0 && f.resfd.type != Type::kEventfd;
}
bool UnknownOpcode2_6(const Facts& f) {
  // ext2 has no aio_fsync, and nothing else was ever called.
  return f.iocb.opcode != kIocbCmdPread && f.iocb.opcode != kIocbCmdPwrite;
}
bool UnknownOpcode4(const Facts& f) { return !IsRead(f.iocb) && !IsWrite(f.iocb); }
bool UnknownOpcode6(const Facts& f) {
  return UnknownOpcode4(f) && !IsSync(f.iocb) && f.iocb.opcode != kIocbCmdPoll;
}
bool NotReadable(const Facts& f) { return IsRead(f.iocb) && !f.file.readable; }
bool NotWritable(const Facts& f) { return IsWrite(f.iocb) && !f.file.writable; }
bool Transfers(const Facts& f) { return IsRead(f.iocb) || IsWrite(f.iocb); }
bool KernelBuffer(const Facts& f) { return Transfers(f) && !IsUserSpace(f.iocb.buffer); }
// The file has no aio_read (2.6.11): only regular files have.
bool NotRegular(const Facts& f) { return f.file.type != Type::kRegular; }
// The file has no read_iter or write_iter.
bool IsDirectory(const Facts& f) { return Transfers(f) && f.file.type == Type::kDirectory; }
bool NegativePosition(const Facts& f) { return Transfers(f) && f.iocb.offset < 0; }

// RWF_HIPRI, DSYNC, SYNC, NOWAIT, APPEND and what came after them.
constexpr uint32_t kKnownRwFlags = 0x1ff;
bool UnknownRwFlags(const Facts& f) {
  return Transfers(f) && (f.iocb.rw_flags & ~kKnownRwFlags) != 0;
}
// ioprio_check_cap: the class of an I/O priority is 0 (none) to 3 (idle).
bool BadIoprio(const Facts& f) {
  return Transfers(f) && (f.iocb.flags & kIocbFlagIoprio) != 0 && (f.iocb.reqprio >> 13) > 3;
}
bool SyncWithArguments(const Facts& f) {
  return IsSync(f.iocb) && (f.iocb.buffer != UserPointer::kNull || f.iocb.offset != 0 ||
                            f.iocb.nbytes != 0 || f.iocb.rw_flags != 0);
}
bool SyncOfPipe(const Facts& f) { return IsSync(f.iocb) && f.file.type == Type::kPipe; }

constexpr Check kIocb2_6_11[] = {{AnyReserved, EINVAL}, {NegativeBytes, EINVAL}};
constexpr Check kIocbLater[] = {{Reserved2, EINVAL}, {NegativeBytes, EINVAL}};

constexpr Check kFile2_6_11[] = {
    {UnknownOpcode2_6, EINVAL}, {NotReadable, EBADF}, {NotWritable, EBADF},
    {KernelBuffer, EFAULT},     {NotRegular, EINVAL},
};
constexpr Check kFile4_17[] = {
    {ResfdIsClosed, EBADF},   {ResfdIsNoEventfd, EINVAL}, {UnknownRwFlags, EINVAL},
    {UnknownOpcode4, EINVAL}, {NotReadable, EBADF},       {NotWritable, EBADF},
    {IsDirectory, EINVAL},    {KernelBuffer, EFAULT},     {NegativePosition, EINVAL},
};
constexpr Check kFile6_18[] = {
    {ResfdIsClosed, EBADF},     {ResfdIsNoEventfd, EINVAL},   {UnknownOpcode6, EINVAL},
    {BadIoprio, EINVAL},        {UnknownRwFlags, EOPNOTSUPP}, {NotReadable, EBADF},
    {NotWritable, EBADF},       {IsDirectory, EINVAL},        {KernelBuffer, EFAULT},
    {NegativePosition, EINVAL}, {SyncWithArguments, EINVAL},  {SyncOfPipe, EINVAL},
};

int FirstError(std::span<const Check> checks, const Facts& facts) {
  for (const Check& check : checks) {
    if (check.refuses(facts)) return check.error;
  }
  return 0;
}

}  // namespace

int CheckIocb(AioRules::IocbChecks checks, const Iocb& iocb) {
  const IocbFile none;
  const Facts facts{iocb, none, none};
  switch (checks) {
    case AioRules::IocbChecks::k2_6_11:
      return FirstError(kIocb2_6_11, facts);
    case AioRules::IocbChecks::k4_17:
    case AioRules::IocbChecks::k6_18:
      break;
  }
  return FirstError(kIocbLater, facts);
}

bool LooksUpFileFirst(AioRules::IocbChecks checks) {
  return checks == AioRules::IocbChecks::k2_6_11;
}

int CheckIocbFile(AioRules::IocbChecks checks, const Iocb& iocb, const IocbFile& file,
                  const IocbFile& resfd) {
  const Facts facts{iocb, file, resfd};
  switch (checks) {
    case AioRules::IocbChecks::k2_6_11:
      return FirstError(kFile2_6_11, facts);
    case AioRules::IocbChecks::k4_17:
      return FirstError(kFile4_17, facts);
    case AioRules::IocbChecks::k6_18:
      break;
  }
  return FirstError(kFile6_18, facts);
}

}  // namespace biotope
