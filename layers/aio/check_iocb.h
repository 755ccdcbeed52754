#ifndef BIOTOPE_LAYERS_AIO_CHECK_IOCB_H_
#define BIOTOPE_LAYERS_AIO_CHECK_IOCB_H_

#include <cstdint>

#include "layers/aio/aio_rules.h"
#include "layers/aio/iocb.h"

namespace biotope {

// What the checks ask about a descriptor.
struct IocbFile {
  enum class Type : uint8_t { kNone, kRegular, kDirectory, kPipe, kEventfd };
  Type type = Type::kNone;  // kNone: it is not open
  bool readable = false;
  bool writable = false;
};

// The checks that need the iocb only, in the order of the kernel; those behind them need a slot of
// the context (EAGAIN), and then the file. 0, or the errno with which io_submit ends.
int CheckIocb(AioRules::IocbChecks checks, const Iocb& iocb);

// Whether the descriptor is looked up before a slot of the context is taken: which of EBADF and
// EAGAIN comes first.
bool LooksUpFileFirst(AioRules::IocbChecks checks);

// The checks that come when the descriptor has been found open: what the opcode asks of the file,
// the buffer and the position. `resfd`: what iocb.resfd is. 0: the operation begins; what goes
// wrong from now on comes in the event.
int CheckIocbFile(AioRules::IocbChecks checks, const Iocb& iocb, const IocbFile& file,
                  const IocbFile& resfd);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_CHECK_IOCB_H_
