#include "layers/iosched/elevator.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

Elevator::Elevator(Engine& engine, const CostTable& costs, std::unique_ptr<IoScheduler> scheduler,
                   const QueueLimits& limits)
    : LayerActor(engine, Layer::kIosched, "iosched"),
      elv_merge_(costs.Get("elv_merge")),
      elv_add_request_(costs.Get("elv_add_request")),
      elv_next_request_(costs.Get("elv_next_request")),
      scheduler_(std::move(scheduler)),
      limits_(limits),
      wakeup_(kNever) {}

IoschedPorts Elevator::ports() {
  return {PortOf<&Elevator::OnMerge>(*this), PortOf<&Elevator::OnAdd>(*this),
          PortOf<&Elevator::OnNext>(*this), PortOf<&Elevator::OnDequeue>(*this),
          PortOf<&Elevator::OnCompleted>(*this)};
}

Handler Elevator::OnMerge(MergeBio& call) {
  call.queue_empty = chosen_.empty() && !scheduler_->HasWork();
  if (!call.queue_empty) {
    co_await Execute(*call.context, elv_merge_);
    const MergeOutcome outcome = MergeBioIntoQueue(*scheduler_, *call.bio, limits_);
    call.merged = outcome.kind;
    call.request = outcome.request;
    call.swallowed = outcome.swallowed;
  }
  Reply(call);
}

Handler Elevator::OnAdd(AddRequest& call) {
  co_await Execute(*call.context, elv_add_request_);
  scheduler_->Insert(*call.request, engine().now());
  ArmWakeup();
  Reply(call);
}

Handler Elevator::OnNext(NextRequest& call) {
  if (chosen_.empty()) {
    co_await Execute(*call.context, elv_next_request_);
    if (Request* request = scheduler_->Dispatch(engine().now())) Choose(*request);
    ArmWakeup();
  } else {
    Request& first = scheduler_->Reconsider(chosen_.front(), engine().now());
    if (&first != &chosen_.front()) Choose(first);
  }
  call.request = chosen_.empty() ? nullptr : &chosen_.front();
  Reply(call);
}

// REQ_STARTED, in front of those that the driver knows already.
void Elevator::Choose(Request& request) {
  request.started = true;
  request.holder = Layer::kDriver;
  chosen_.push_front(request);
}

void Elevator::OnDequeue(DequeueRequest& call) {
  BIOTOPE_CHECK(!chosen_.empty() && &chosen_.front() == call.request,
                "request {} taken that was not next", call.request->id);
  chosen_.pop_front();
  scheduler_->Removed(*call.request);
  Reply(call);
}

void Elevator::OnCompleted(CompletedRequest& call) {
  scheduler_->Completed(*call.request, engine().now());
  ArmWakeup();
  Reply(call);
}

// The scheduler is asked again at the date that it names.
void Elevator::ArmWakeup() {
  const std::optional<Tick> next = scheduler_->NextWakeup();
  if (!next) {
    wakeup_ = kNever;
    return;
  }
  const Tick date = std::max(*next, engine().now());
  if (date == wakeup_) return;
  wakeup_ = date;
  engine().At(
      wakeup_,
      [](void* self) {
        Elevator& elevator = *static_cast<Elevator*>(self);
        if (elevator.wakeup_ != elevator.engine().now()) return;
        elevator.wakeup_ = kNever;
        elevator.kick_.Send(elevator.kick_message_);
      },
      this);
}

}  // namespace biotope
