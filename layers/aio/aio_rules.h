#ifndef BIOTOPE_LAYERS_AIO_AIO_RULES_H_
#define BIOTOPE_LAYERS_AIO_AIO_RULES_H_

#include <cstdint>

namespace biotope {

// In what the kernels' asynchronous I/O differs, choice by choice. A kernel is a row of these.
struct AioRules {
  // How a context's ring is dimensioned and its slots are handed out.
  enum class Ring : uint8_t {
    kExact,          // nr + 2 events; a slot is free if the ring has room
    kPerCpuBatches,  // max(nr, 4 x CPUs) x 2 + 2 events; each CPU takes slots in batches
  };
  // What io_submit does about the array of pointers, and in which order.
  enum class Submit : uint8_t {
    kWholeArray,   // access_ok over all of it first: nothing is submitted if that fails
    kEachPointer,  // a pointer faults when it is read; nr is clamped to the events of the ring
  };
  // Which checks an iocb passes, in which order; see check_iocb.h.
  enum class IocbChecks : uint8_t { k2_6_11, k4_17, k6_18 };

  Ring ring = Ring::kExact;
  Submit submit = Submit::kWholeArray;
  IocbChecks iocb_checks = IocbChecks::k2_6_11;
  // Bytes of the kernel's own struct for each event that io_setup may ask for; all together must
  // not exceed 256 MiB. 0: it does not look at that.
  uint32_t kiocb_size = 0;
  // io_getevents reads the timeout first, not only when it has to wait.
  bool timeout_read_first = false;
  // io_getevents takes an event out of the ring before it copies it: if the copy faults, it is
  // lost.
  bool event_lost_on_fault = false;
  // A completion wakes a waiter only when the ring holds all that it waits for.
  bool wakes_at_min_nr = false;
  // io_cancel finds fault with a key that is not 0.
  bool cancel_checks_key = false;
  // io_cancel of an iocb that is not to be cancelled, as errno.
  int cannot_cancel = 0;
  // A buffered read that was cut short goes on until it gets nothing more (aio_pread of 2.6).
  bool retries_short_reads = false;
  // io_submit plugs if there are more iocbs than this; UINT32_MAX: never.
  uint32_t plug_above = UINT32_MAX;
};

// fs/aio.c of Linux 2.6.11.
const AioRules& AioRules2_6_11();
// fs/aio.c of Linux 4.17: the io_submit with access_ok.
const AioRules& AioRules4_17();
// fs/aio.c of Linux 6.18: the io_submit that reads pointer after pointer (since 4.18).
const AioRules& AioRules6_18();

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_AIO_RULES_H_
