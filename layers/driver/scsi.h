#ifndef BIOTOPE_LAYERS_DRIVER_SCSI_H_
#define BIOTOPE_LAYERS_DRIVER_SCSI_H_

#include <cstdint>

#include "layers/driver/driver.h"

namespace biotope {

// Models: drivers/scsi/scsi_lib.c scsi_request_fn, scsi_end_request, scsi_run_queue; scsi.c
// scsi_done, scsi_softirq (Linux 2.6.11). Left out on purpose: several devices on one host, QUEUE
// FULL, error recovery, command time-outs.
//
// The disk may have `queue_depth` commands. The request behind them is chosen already: the driver
// asks the elevator for the next request before it looks whether the disk can take it. Completion
// is in two parts, a short interrupt and SCSI_SOFTIRQ.
class ScsiDriver : public Driver {
 public:
  ScsiDriver(Engine& engine, EventStream& stream, const CostTable& costs, Core& irq_core,
             uint32_t queue_depth);

  DriverPorts ports() override { return {PortOf<&ScsiDriver::OnRequestFn>(*this)}; }
  Port<Command> interrupt_port() override { return PortOf<&ScsiDriver::OnInterrupt>(*this); }

 private:
  Handler OnRequestFn(RequestFn& call);
  Handler OnInterrupt(Command& command);
  Handler Softirq();

  const FunctionCost scsi_dispatch_cmd_;
  const FunctionCost scsi_done_;
  const FunctionCost scsi_softirq_;
  const uint32_t queue_depth_;
  uint32_t device_busy_ = 0;

  // Commands that the softirq has still to finish (the per-CPU scsi_done_q).
  Command* done_head_ = nullptr;
  Command* done_tail_ = nullptr;
  bool softirq_raised_ = false;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DRIVER_SCSI_H_
