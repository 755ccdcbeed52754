#include "layers/syscall/syscall_layer.h"

#include <cerrno>
#include <utility>

#include "sim/cpu/core.h"

namespace biotope {
namespace {

bool IsAio(Op op) {
  return op == Op::kIoSetup || op == Op::kIoDestroy || op == Op::kIoSubmit ||
         op == Op::kIoGetevents || op == Op::kIoCancel;
}

FunctionCost Fixed(Cycles cycles) { return {.cycles = static_cast<uint32_t>(cycles.value())}; }

}  // namespace

SyscallLayer::SyscallLayer(Engine& engine, EventStream& stream, SyscallCosts costs)
    : LayerActor(engine, Layer::kSyscall, "syscall"), stream_(stream), costs_(std::move(costs)) {}

Handler SyscallLayer::OnSyscall(Syscall& call) {
  Context& context = *call.context;
  context.SetCall(++call_count_, Layer::kSyscall);
  RecordEnter(call);
  const WayCost& way = WayOf(call);
  co_await Execute(context, Fixed(way.enter));
  bool slow = false;
  if (!FlagsOf(call).None()) slow = co_await DoWork(costs_.entry_work, call);

  if (call.dispatch == DispatchResult::Outcome::kCall) {
    VfsCall vfs;
    vfs.arguments = &call.arguments;
    co_await Ask(IsAio(call.arguments.op) ? aio_.call : vfs_.call, vfs, context);
    call.result = vfs.result;
  } else {
    co_await Execute(context, Fixed(way.handler));
    call.result = -ENOSYS;
  }

  // The way out: the flags are looked at before user mode.
  if (!FlagsOf(call).None()) {
    slow |= co_await DoWork(costs_.exit_work, call);
    slow |= co_await DoExitLoop(call);
  }
  const bool slow_call = slow && call.dispatch == DispatchResult::Outcome::kCall;
  co_await Execute(context, Fixed(slow_call ? costs_.slow_call.leave : way.leave));
  RecordExit(call);
  context.SetCall(0, Layer::kUser);
  Reply(call);
}

Co<bool> SyscallLayer::DoWork(const std::vector<EntryWorkCost>& list, Syscall& call) {
  bool slow = false;
  for (const EntryWorkCost& work : list) {
    if (!FlagsOf(call).Has(work.flag)) continue;
    co_await Execute(*call.context, Fixed(work.cycles));
    slow |= work.slow_return;
  }
  co_return slow;
}

Co<bool> SyscallLayer::DoExitLoop(Syscall& call) {
  Context& context = *call.context;
  bool slow = false;
  ExitWorkLoop loop(costs_.loop_rule, costs_.loop_work);
  while (loop.NextPass(FlagsOf(call))) {
    while (const EntryWorkCost* work = loop.NextWork()) {
      if (work->cycles > Cycles(0)) co_await Execute(context, Fixed(work->cycles));
      slow |= work->slow_return;
      if (work->flag == ThreadFlag::kNeedResched) {
        co_await YieldCore(context);
      } else {
        call.thread_flags->Clear(work->flag);
      }
    }
  }
  co_return slow;
}

// need_resched is the core's; the other flags are the task's own.
ThreadFlags SyscallLayer::FlagsOf(const Syscall& call) const {
  ThreadFlags flags;
  if (call.thread_flags != nullptr) flags = *call.thread_flags;
  if (call.context->core().NeedResched(*call.context)) flags.Set(ThreadFlag::kNeedResched);
  return flags;
}

const WayCost& SyscallLayer::WayOf(const Syscall& call) const {
  switch (call.dispatch) {
    case DispatchResult::Outcome::kNiSyscall:
      return costs_.ni_syscall;
    case DispatchResult::Outcome::kPreset:
      return costs_.preset;
    case DispatchResult::Outcome::kCall:
      break;
  }
  return costs_.call;
}

void SyscallLayer::RecordEnter(const Syscall& call) {
  const SyscallArguments& arguments = call.arguments;
  Record record;
  record.tick = engine().now();
  record.kind = Kind::kSyscallEnter;
  record.layer = Layer::kSyscall;
  record.io = call.context->call();
  record.value = static_cast<uint64_t>(arguments.op);
  const bool has_position = arguments.op == Op::kPread || arguments.op == Op::kPwrite;
  if (arguments.op == Op::kRead || has_position) {
    record.bytes = static_cast<uint32_t>(arguments.count);
  }
  if (has_position) record.sector = Sector(static_cast<uint64_t>(arguments.offset));
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
