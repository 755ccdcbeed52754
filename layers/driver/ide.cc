#include "layers/driver/ide.h"

namespace biotope {

IdeDriver::IdeDriver(Engine& engine, EventStream& stream, const CostTable& costs, Core& irq_core)
    : Driver(engine, stream, costs, "ide", irq_core),
      ide_do_rw_disk_(costs.Get("ide_do_rw_disk")),
      ide_intr_(costs.Get("ide_intr")) {}

// ide_do_request.
Handler IdeDriver::OnRequestFn(RequestFn& call) {
  Context& context = *call.context;
  co_await Execute(context, request_fn_);
  if (!busy_) {
    NextRequest next;
    co_await Ask(iosched().next, next, context);
    if (next.request != nullptr) {
      busy_ = true;
      co_await Execute(context, ide_do_rw_disk_);
      StartCommand(*next.request, context);
    }
  }
  Reply(call);
}

// ide_intr, ide_dma_intr and ide_end_request; then the next request is started from here.
Handler IdeDriver::OnInterrupt(Command& command) {
  command.request->holder = Layer::kDriver;
  Context& context = co_await EnterHardirq(irq_core());
  co_await Execute(context, irq_entry_);
  co_await Execute(context, ide_intr_);
  EndRequest end;
  end.request = command.request;
  end.error = command.error;
  end.still_queued = true;
  co_await Ask(block().end_request, end, context);
  busy_ = false;
  RunQueue run;
  co_await Ask(block().run_queue, run, context);
  co_await Execute(context, irq_exit_);
  irq_core().LeaveHardirq();
}

}  // namespace biotope
