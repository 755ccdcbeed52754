#ifndef BIOTOPE_LAYERS_SYSCALL_SYSCALL_LAYER_H_
#define BIOTOPE_LAYERS_SYSCALL_SYSCALL_LAYER_H_

#include <cstdint>
#include <vector>

#include "layers/aio/messages.h"
#include "layers/syscall/exit_work.h"
#include "layers/syscall/messages.h"
#include "layers/syscall/syscall_costs.h"
#include "layers/vfs/messages.h"
#include "sim/cpu/layer_actor.h"
#include "sim/engine/co.h"
#include "sim/trace/stream.h"

namespace biotope {

// Models: the way into the kernel and out of it, with the cycles of the entry program that the
// kernel's profile names; work that thread flags ask for, on the way in (ptrace, seccomp, audit)
// and in the loop before user mode (schedule, signals, ...); the fast and the slow return. Left out
// on purpose: what the tracer or the signal handler itself does.
//
// Every system call begins and ends here; between the two its task is in the kernel.
class SyscallLayer : public LayerActor {
 public:
  SyscallLayer(Engine& engine, EventStream& stream, SyscallCosts costs);

  SyscallPorts ports() { return {PortOf<&SyscallLayer::OnSyscall>(*this)}; }
  void Connect(const VfsPorts& vfs, const AioPorts& aio = {}) {
    vfs_ = vfs;
    aio_ = aio;
  }

 private:
  Handler OnSyscall(Syscall& call);
  // Each returns whether the return must be the slow one.
  Co<bool> DoWork(const std::vector<EntryWorkCost>& list, Syscall& call);
  Co<bool> DoExitLoop(Syscall& call);
  ThreadFlags FlagsOf(const Syscall& call) const;
  const WayCost& WayOf(const Syscall& call) const;
  void RecordEnter(const Syscall& call);
  void RecordExit(const Syscall& call);

  EventStream& stream_;
  const SyscallCosts costs_;
  VfsPorts vfs_;
  AioPorts aio_;
  uint64_t call_count_ = 0;  // ids given so far
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_SYSCALL_LAYER_H_
