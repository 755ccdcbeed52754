#ifndef BIOTOPE_LAYERS_SYSCALL_SYSCALL_LAYER_H_
#define BIOTOPE_LAYERS_SYSCALL_SYSCALL_LAYER_H_

#include <cstdint>

#include "layers/syscall/messages.h"
#include "layers/vfs/messages.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"
#include "sim/trace/stream.h"

namespace biotope {

// Models: the way into the kernel and out of it (arch/i386/kernel/entry.S, Linux 2.6.11), with one
// plain cost for each. Left out on purpose, so far: the single steps, tracing, signals.
//
// Every system call begins and ends here; between the two its task is in the kernel.
class SyscallLayer : public LayerActor {
 public:
  SyscallLayer(Engine& engine, EventStream& stream, const CostTable& costs);

  SyscallPorts ports() { return {PortOf<&SyscallLayer::OnSyscall>(*this)}; }
  void Connect(const VfsPorts& vfs) { vfs_ = vfs; }

 private:
  Handler OnSyscall(Syscall& call);
  void RecordEnter(const Syscall& call);
  void RecordExit(const Syscall& call);

  EventStream& stream_;
  const FunctionCost kernel_entry_;
  const FunctionCost kernel_exit_;
  VfsPorts vfs_;
  uint64_t call_count_ = 0;  // ids given so far
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_SYSCALL_SYSCALL_LAYER_H_
