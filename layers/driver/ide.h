#ifndef BIOTOPE_LAYERS_DRIVER_IDE_H_
#define BIOTOPE_LAYERS_DRIVER_IDE_H_

#include "layers/driver/driver.h"

namespace biotope {

// Models: drivers/ide/ide-io.c ide_do_request, ide_intr, ide_end_request; ide-dma.c ide_dma_intr
// (Linux 2.6.11), DMA transfers.
// Left out on purpose: PIO, two drives on one channel, error recovery, command time-outs.
//
// One command at a time. The request that is being executed stays at the head of the dispatch list
// until it has ended, and it ends in the hard interrupt.
class IdeDriver : public Driver {
 public:
  IdeDriver(Engine& engine, EventStream& stream, const CostTable& costs, Core& irq_core);

  DriverPorts ports() override { return {PortOf<&IdeDriver::OnRequestFn>(*this)}; }
  Port<Command> interrupt_port() override { return PortOf<&IdeDriver::OnInterrupt>(*this); }

 private:
  Handler OnRequestFn(RequestFn& call);
  Handler OnInterrupt(Command& command);

  const FunctionCost ide_do_rw_disk_;
  const FunctionCost ide_intr_;
  bool busy_ = false;  // hwgroup->busy
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DRIVER_IDE_H_
