#include "layers/syscall/syscall_layer.h"

namespace biotope {

SyscallLayer::SyscallLayer(Engine& engine, EventStream& stream, const CostTable& costs)
    : LayerActor(engine, Layer::kSyscall, "syscall"),
      stream_(stream),
      kernel_entry_(costs.Get("kernel_entry")),
      kernel_exit_(costs.Get("kernel_exit")) {}

Handler SyscallLayer::OnSyscall(Syscall& call) {
  Context& context = *call.context;
  context.SetCall(++call_count_, Layer::kSyscall);
  RecordEnter(call);
  co_await Execute(context, kernel_entry_);

  VfsCall vfs;
  vfs.arguments = &call.arguments;
  co_await Ask(vfs_.call, vfs, context);
  call.result = vfs.result;

  // The way out: need_resched is looked at before user mode.
  if (context.core().NeedResched(context)) co_await YieldCore(context);
  co_await Execute(context, kernel_exit_);
  RecordExit(call);
  context.SetCall(0, Layer::kUser);
  Reply(call);
}

void SyscallLayer::RecordEnter(const Syscall& call) {
  const SyscallArguments& arguments = call.arguments;
  Record record;
  record.tick = engine().now();
  record.kind = Kind::kSyscallEnter;
  record.layer = Layer::kSyscall;
  record.io = call.context->call();
  record.value = static_cast<uint64_t>(arguments.op);
  if (arguments.op == Op::kRead || arguments.op == Op::kPread) {
    record.bytes = static_cast<uint32_t>(arguments.count);
  }
  if (arguments.op == Op::kPread) record.sector = Sector(static_cast<uint64_t>(arguments.offset));
  record.task = call.context->task();
  record.cpu = call.context->core().id();
  stream_.Emit(record);
}

void SyscallLayer::RecordExit(const Syscall& call) {
  Record record;
  record.tick = engine().now();
  record.kind = Kind::kSyscallExit;
  record.layer = Layer::kSyscall;
  record.io = call.context->call();
  record.value = static_cast<uint64_t>(call.result);
  record.task = call.context->task();
  record.cpu = call.context->core().id();
  stream_.Emit(record);
}

}  // namespace biotope
