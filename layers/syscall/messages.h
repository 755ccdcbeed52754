#ifndef BIOTOPE_LAYERS_SYSCALL_MESSAGES_H_
#define BIOTOPE_LAYERS_SYSCALL_MESSAGES_H_

#include "layers/syscall/dispatch.h"
#include "layers/syscall/thread_flags.h"
#include "layers/vfs/messages.h"
#include "sim/cpu/call.h"

namespace biotope {

// A task enters the kernel. The reply comes when it is back in user mode.
struct Syscall : Call {
  SyscallArguments arguments;
  // What the table has for its number. Anything but kCall is answered with -ENOSYS.
  DispatchResult::Outcome dispatch = DispatchResult::Outcome::kCall;
  // thread_info of the calling task, or null: no flag is set. The work that it asks for is done on
  // the way, and its flag cleared, except those of tracing, which stay.
  ThreadFlags* thread_flags = nullptr;
  int64_t result = 0;  // the value returned, or -errno
};

struct SyscallPorts {
  Port<Syscall> call;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_MESSAGES_H_
