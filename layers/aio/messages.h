#ifndef BIOTOPE_LAYERS_AIO_MESSAGES_H_
#define BIOTOPE_LAYERS_AIO_MESSAGES_H_

#include <cstdint>
#include <span>
#include <vector>

#include "layers/aio/iocb.h"
#include "layers/aio/submit_order.h"
#include "layers/vfs/messages.h"

namespace biotope {

// The arguments of the calls of asynchronous I/O, which SyscallArguments points to. Which of them
// count depends on its `op`.
struct AioArguments {
  uint32_t nr_events = 0;                    // io_setup
  UserPointer ctxp = UserPointer::kValid;    // io_setup
  uint64_t ctx = 0;                          // io_setup: *ctxp, in and out; the others: ctx_id
  int64_t nr = 0;                            // io_submit, io_getevents
  IocbArray array;                           // io_submit: iocbpp
  std::span<const Iocb> iocbs;               // io_submit: to what it points
  int64_t min_nr = 0;                        // io_getevents
  UserPointer events = UserPointer::kValid;  // io_getevents
  std::vector<IoEvent>* reaped = nullptr;    // io_getevents: what `events` points to; added to it
  UserPointer timeout = UserPointer::kNull;  // io_getevents; kNull: wait for ever
  int64_t tv_sec = 0;
  int64_t tv_nsec = 0;
  UserPointer iocb = UserPointer::kValid;  // io_cancel
  uint64_t iocb_address = 0;               // io_cancel: Iocb::address
  uint32_t aio_key = 0;                    // io_cancel: of that iocb
};

struct AioPorts {
  Port<VfsCall> call;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_MESSAGES_H_
