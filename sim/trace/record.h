#ifndef BIOTOPE_SIM_TRACE_RECORD_H_
#define BIOTOPE_SIM_TRACE_RECORD_H_

#include <cstdint>
#include <type_traits>

#include "sim/core/layer.h"
#include "sim/core/units.h"

namespace biotope {

// What happened. Block-layer kinds are blktrace's, their letters stand behind them.
//
// Three kinds of thing have ids, each numbered from 1 in the order of creation over the whole run:
// system calls ("calls"), bios and requests. `io` names the thing that the record is about,
// `parent` the one that the comment of the kind names (0: none).
enum class Kind : uint8_t {
  // -- A system call. io = call.
  kSyscallEnter,  // the first instruction of the entry. value = Op, bytes = bytes asked for,
                  // sector = file position in bytes (pread, pwrite), 0 where there is none
  kSyscallExit,   // back in user mode. value = the result as two's complement (negative: -errno)
  kLayer,         // from now on `layer` executes the call
  kSleep,         // the task gives up its core inside `layer`
  kWake,          // the task is runnable again. parent = the bio whose end woke it, or 0
  kRun,           // the task has a core again and goes on in `layer`

  // -- A bio or a request. sector and bytes are its extent on the device.
  kQueue,          // Q: io = bio, parent = call: the bio reaches generic_make_request
  kGetRequest,     // G: io = bio, parent = request that was allocated for it
  kSleepRequest,   // S: io = bio: its task waits for a free request
  kBackMerge,      // M: io = bio, parent = request that it joins at the end
  kFrontMerge,     // F: io = bio, parent = request that it joins at the front
  kInsert,         // I: io = request: handed to the elevator
  kMergeRequests,  // io = request that stays, parent = request that it swallows (not in blktrace)
  kIssue,          // D: io = request: handed to the driver
  kRequeue,        // R: io = request
  kComplete,       // C: io = request: the driver has ended it; `error` is 0 or -errno
  kBioEnd,         // io = bio, parent = its request: its owner is told
  kPlug,           // P: io = 0
  kUnplug,         // U: io = 0, value = number of requests in the queue
  kUnplugTimer,    // UT: likewise, by the 3 ms timer

  // -- The device. io = request.
  kDeviceStart,   // the device begins to work on it
  kDeviceFinish,  // the device is done and raises its interrupt
  // The parts of the service that has just finished, written directly before its kDeviceFinish.
  // value = the span in ticks.
  kSeek,
  kRotation,
  kTransfer,

  // -- An asynchronous I/O. io = its own number, from 1 like the others.
  kAioSubmit,    // parent = the io_submit, value = Op (pread or pwrite), bytes = bytes asked for,
                 // sector = file position in bytes
  kAioComplete,  // its event is in the ring. parent = the bio whose end ended it, 0: it was done
                 // inside io_submit. value = the result as two's complement
};

inline constexpr int kKindCount = static_cast<int>(Kind::kAioComplete) + 1;

// Bits of Record::flags, for bios and requests.
enum RecordFlags : uint16_t {
  kFlagWrite = 1 << 0,
  kFlagSync = 1 << 1,
  kFlagAhead = 1 << 2,
  kFlagMeta = 1 << 3,
};

// System calls, as Record::value of kSyscallEnter names them; kFault is a page fault.
enum class Op : uint8_t {
  kOpen,
  kClose,
  kRead,
  kPread,
  kLseek,
  kFadvise,
  kReadahead,
  kMmap,
  kMunmap,
  kMadvise,
  kFault,
  kPwrite,
  kIoSetup,
  kIoDestroy,
  kIoSubmit,
  kIoGetevents,
  kIoCancel,
};

// One fixed-size entry of the event stream. The stream is ordered by tick; entries of one tick
// stand in the order in which they happened.
struct Record {
  Tick tick;
  uint64_t io = 0;
  uint64_t parent = 0;
  Sector sector;
  uint64_t value = 0;
  uint32_t bytes = 0;
  uint16_t task = 0;  // 1-based number of the task in the scenario, in whose context it happened;
                      // 0: none (interrupt, timer)
  uint16_t cpu = 0;
  Kind kind = Kind::kSyscallEnter;
  Layer layer = Layer::kUser;
  uint16_t flags = 0;
  int16_t error = 0;
  uint16_t reserved = 0;
};
static_assert(sizeof(Record) == 56);
static_assert(std::is_trivially_copyable_v<Record>);

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_RECORD_H_
