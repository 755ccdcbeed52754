#ifndef BIOTOPE_LAYERS_AIO_IOCB_H_
#define BIOTOPE_LAYERS_AIO_IOCB_H_

#include <cstdint>

namespace biotope {

// A pointer that a program hands to the kernel. The simulation has no user memory; what counts is
// what becomes of an access.
enum class UserPointer : uint8_t {
  kValid,
  kNull,
  kUnmapped,  // an address that a program could have, but behind which there is nothing
  kKernel,    // an address that no program can have: access_ok refuses it
};

// An access through it works.
constexpr bool IsMapped(UserPointer pointer) { return pointer == UserPointer::kValid; }
// access_ok: the address may be the program's.
constexpr bool IsUserSpace(UserPointer pointer) { return pointer != UserPointer::kKernel; }

// aio_lio_opcode.
enum IocbCommand : uint16_t {
  kIocbCmdPread = 0,
  kIocbCmdPwrite = 1,
  kIocbCmdFsync = 2,
  kIocbCmdFdsync = 3,
  kIocbCmdPoll = 5,
  kIocbCmdNoop = 6,
  kIocbCmdPreadv = 7,
  kIocbCmdPwritev = 8,
};

// aio_flags.
inline constexpr uint32_t kIocbFlagResfd = 1;
inline constexpr uint32_t kIocbFlagIoprio = 2;

// struct iocb, what a program asks for.
struct Iocb {
  UserPointer pointer = UserPointer::kValid;  // of this iocb, as it stands in the array
  uint64_t address = 0;                       // which one it is; comes back as IoEvent::obj

  uint64_t data = 0;      // aio_data; comes back
  uint32_t rw_flags = 0;  // aio_rw_flags (reserved until 4.13)
  uint16_t opcode = kIocbCmdPread;
  uint16_t reqprio = 0;
  int fildes = -1;
  UserPointer buffer = UserPointer::kValid;  // aio_buf
  uint64_t buffer_bytes = UINT64_MAX;        // of it that are mapped; behind them an access faults
  uint32_t buffer_misalignment = 0;          // bytes past a page boundary
  uint64_t nbytes = 0;
  int64_t offset = 0;
  uint64_t reserved2 = 0;
  uint32_t flags = 0;  // aio_flags (reserved until 2.6.22)
  int resfd = 0;
};

// struct io_event: how one of them has ended.
struct IoEvent {
  uint64_t data = 0;
  uint64_t obj = 0;
  int64_t res = 0;  // bytes, or -errno
  int64_t res2 = 0;

  friend bool operator==(const IoEvent&, const IoEvent&) = default;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_IOCB_H_
