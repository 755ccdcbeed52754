#ifndef BIOTOPE_LAYERS_SYSCALL_MESSAGES_H_
#define BIOTOPE_LAYERS_SYSCALL_MESSAGES_H_

#include "layers/vfs/messages.h"
#include "sim/cpu/call.h"

namespace biotope {

// A task enters the kernel. The reply comes when it is back in user mode.
struct Syscall : Call {
  SyscallArguments arguments;
  int64_t result = 0;  // the value returned, or -errno
};

struct SyscallPorts {
  Port<Syscall> call;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_MESSAGES_H_
