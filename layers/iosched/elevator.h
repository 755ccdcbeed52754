#ifndef BIOTOPE_LAYERS_IOSCHED_ELEVATOR_H_
#define BIOTOPE_LAYERS_IOSCHED_ELEVATOR_H_

#include <memory>

#include "layers/block/messages.h"
#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/messages.h"
#include "layers/iosched/request_merge.h"
#include "layers/iosched/request_queues.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"

namespace biotope {

// Models: drivers/block/elevator.c elv_merge, __elv_add_request, elv_next_request,
// elv_remove_request, elv_queue_empty (Linux 2.6.11). Left out on purpose: barriers, packet
// commands, requeueing.
//
// The I/O scheduler as an actor. The decisions are those of the IoScheduler that it holds; here are
// the requests between its decision and the driver (the part of q->queue_head that is REQ_STARTED),
// and the wake-up that a scheduler may want.
class Elevator : public LayerActor {
 public:
  Elevator(Engine& engine, const CostTable& costs, std::unique_ptr<IoScheduler> scheduler,
           const QueueLimits& limits);

  IoschedPorts ports();
  // Where a scheduler's own wake-up is sent.
  void Connect(const Port<KickQueue>& kick) { kick_ = kick; }

 private:
  Handler OnMerge(MergeBio& call);
  Handler OnAdd(AddRequest& call);
  Handler OnNext(NextRequest& call);
  void OnDequeue(DequeueRequest& call);
  void OnCompleted(CompletedRequest& call);
  void Choose(Request& request);
  void ArmWakeup();

  const FunctionCost elv_merge_;
  const FunctionCost elv_add_request_;
  const FunctionCost elv_next_request_;
  const std::unique_ptr<IoScheduler> scheduler_;
  const QueueLimits limits_;
  DispatchList chosen_;  // REQ_STARTED, not yet taken by the driver
  Port<KickQueue> kick_;
  KickQueue kick_message_;
  Tick wakeup_;  // date of the valid wake-up event; kNever: none
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_ELEVATOR_H_
