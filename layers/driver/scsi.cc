#include "layers/driver/scsi.h"

namespace biotope {

ScsiDriver::ScsiDriver(Engine& engine, EventStream& stream, const CostTable& costs, Core& irq_core,
                       uint32_t queue_depth)
    : Driver(engine, stream, costs, "scsi", irq_core),
      scsi_dispatch_cmd_(costs.Get("scsi_dispatch_cmd")),
      scsi_done_(costs.Get("scsi_done")),
      scsi_softirq_(costs.Get("scsi_softirq")),
      queue_depth_(queue_depth) {}

// scsi_request_fn.
Handler ScsiDriver::OnRequestFn(RequestFn& call) {
  Context& context = *call.context;
  co_await Execute(context, request_fn_);
  for (;;) {
    NextRequest next;
    co_await Ask(iosched().next, next, context);
    if (next.request == nullptr || device_busy_ >= queue_depth_) break;
    DequeueRequest dequeue;
    dequeue.request = next.request;
    co_await Ask(iosched().dequeue, dequeue, context);
    ++device_busy_;
    ++call.taken;
    co_await Execute(context, scsi_dispatch_cmd_);
    StartCommand(*next.request, context);
  }
  Reply(call);
}

// The host adapter's interrupt handler and scsi_done.
Handler ScsiDriver::OnInterrupt(Command& command) {
  command.request->holder = Layer::kDriver;
  Context& context = co_await EnterHardirq(irq_core());
  co_await Execute(context, irq_entry_);
  co_await Execute(context, scsi_done_);
  command.next_queued = nullptr;
  (done_tail_ != nullptr ? done_tail_->next_queued : done_head_) = &command;
  done_tail_ = &command;
  if (!softirq_raised_) {
    softirq_raised_ = true;
    Softirq();
  }
  co_await Execute(context, irq_exit_);
  irq_core().LeaveHardirq();
}

// scsi_softirq: finishes all commands that are done, and runs the queue after each.
Handler ScsiDriver::Softirq() {
  Context& context = co_await EnterSoftirq(irq_core());
  while (done_head_ != nullptr) {
    Command& command = *done_head_;
    done_head_ = command.next_queued;
    if (done_head_ == nullptr) done_tail_ = nullptr;
    co_await Execute(context, scsi_softirq_);
    --device_busy_;
    EndRequest end;
    end.request = command.request;
    end.error = command.error;
    co_await Ask(block().end_request, end, context);
    RunQueue run;
    co_await Ask(block().run_queue, run, context);
  }
  softirq_raised_ = false;
  irq_core().LeaveSoftirq();
}

}  // namespace biotope
