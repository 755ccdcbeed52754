#include "sim/world/plan_aio.h"

#include "sim/core/units.h"
#include "sim/scenario/linux_names.h"
#include "sim/scenario/quantity.h"

namespace biotope {
namespace {

UserPointer PointerOf(UserMemory::Pointer pointer) {
  switch (pointer) {
    case UserMemory::NULL_POINTER:
      return UserPointer::kNull;
    case UserMemory::UNMAPPED:
      return UserPointer::kUnmapped;
    case UserMemory::KERNEL_SPACE:
      return UserPointer::kKernel;
    default:
      return UserPointer::kValid;
  }
}

void PlanIocb(const SysIocb& iocb, AioStep* step) {
  Iocb plan;
  plan.pointer = PointerOf(iocb.pointer());
  plan.data = iocb.data();
  plan.rw_flags = iocb.rw_flags();
  plan.opcode = static_cast<uint16_t>(iocb.opcode());
  plan.reqprio = static_cast<uint16_t>(iocb.reqprio());
  plan.buffer = PointerOf(iocb.buffer());
  if (iocb.has_buffer_bytes()) plan.buffer_bytes = ParseSize(iocb.buffer_bytes()).value();
  plan.buffer_misalignment = iocb.buffer_misalignment();
  plan.nbytes = static_cast<uint64_t>(ParseSignedSize(iocb.count()));
  plan.offset = ParseSignedSize(iocb.offset());
  plan.reserved2 = iocb.reserved2();
  plan.flags = iocb.flags();
  plan.resfd = static_cast<int>(iocb.resfd());
  for (uint32_t i = 0; i < iocb.repeat(); ++i) {
    plan.address = step->iocbs.size() + 1;
    step->iocbs.push_back(plan);
    step->fds.push_back(iocb.fd());
    // As the kernel's additions do, this one wraps.
    plan.offset = static_cast<int64_t>(static_cast<uint64_t>(plan.offset) + plan.nbytes);
  }
}

void PlanSetup(const SysIoSetup& call, AioStep* step) {
  step->ctx = call.ctx();
  step->arguments.nr_events = call.nr_events();
  step->arguments.ctxp = PointerOf(call.ctxp());
  step->arguments.ctx = call.initial();
}

void PlanSubmit(const SysIoSubmit& call, AioStep* step) {
  step->ctx = call.ctx();
  step->arguments.array.pointer = PointerOf(call.iocbpp());
  for (const SysIocb& iocb : call.iocb()) PlanIocb(iocb, step);
  step->arguments.nr = call.has_nr() ? call.nr() : static_cast<int64_t>(step->iocbs.size());
}

void PlanGetevents(const SysIoGetevents& call, AioStep* step) {
  AioArguments& arguments = step->arguments;
  step->ctx = call.ctx();
  arguments.min_nr = call.min_nr();
  arguments.nr = call.nr();
  arguments.events = PointerOf(call.events());
  if (call.has_timeout()) {
    const Tick timeout = ParseTime(call.timeout());
    arguments.timeout = UserPointer::kValid;
    arguments.tv_sec = static_cast<int64_t>(timeout / kSecond);
    arguments.tv_nsec = static_cast<int64_t>((timeout % kSecond) / kNanosecond);
  }
  if (call.has_timeout_pointer()) arguments.timeout = PointerOf(call.timeout_pointer());
  for (const std::string& result : call.expect_res()) {
    step->expect_res.push_back(ParseExpectedResult(result));
  }
}

void PlanCancel(const SysIoCancel& call, AioStep* step) {
  step->ctx = call.ctx();
  step->arguments.iocb = PointerOf(call.iocb());
  step->arguments.aio_key = call.aio_key();
}

}  // namespace

ScriptStep PlanAioCall(const SystemCall& call) {
  ScriptStep step;
  AioStep& aio = step.aio.emplace();
  if (call.has_io_setup()) {
    step.arguments.op = Op::kIoSetup;
    PlanSetup(call.io_setup(), &aio);
  } else if (call.has_io_destroy()) {
    step.arguments.op = Op::kIoDestroy;
    aio.ctx = call.io_destroy().ctx();
  } else if (call.has_io_submit()) {
    step.arguments.op = Op::kIoSubmit;
    PlanSubmit(call.io_submit(), &aio);
  } else if (call.has_io_getevents()) {
    step.arguments.op = Op::kIoGetevents;
    PlanGetevents(call.io_getevents(), &aio);
  } else {
    step.arguments.op = Op::kIoCancel;
    PlanCancel(call.io_cancel(), &aio);
  }
  return step;
}

}  // namespace biotope
