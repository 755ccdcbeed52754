#ifndef BIOTOPE_LAYERS_DRIVER_DRIVER_H_
#define BIOTOPE_LAYERS_DRIVER_DRIVER_H_

#include <cstdint>
#include <deque>
#include <string>

#include "layers/block/messages.h"
#include "layers/disk/messages.h"
#include "layers/driver/messages.h"
#include "layers/iosched/messages.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"
#include "sim/trace/stream.h"

namespace biotope {

// What the drivers have in common: they take requests from the elevator in request_fn, make
// commands of them, and end them when the device has interrupted.
class Driver : public LayerActor {
 public:
  struct Upstream {
    Port<EndRequest> end_request;
    Port<RunQueue> run_queue;
  };

  // `irq_core` serves the device's interrupts.
  Driver(Engine& engine, EventStream& stream, const CostTable& costs, std::string name,
         Core& irq_core);

  virtual DriverPorts ports() = 0;
  // Where the device sends commands back: its interrupt.
  virtual Port<Command> interrupt_port() = 0;

  void Connect(const IoschedPorts& iosched, const Upstream& block, const DiskPorts& disk) {
    iosched_ = iosched;
    block_ = block;
    disk_ = disk;
  }

 protected:
  // Gives `request` to the device: the D of a trace.
  void StartCommand(Request& request, const Context& context);
  // The command object of a request; there is one for each that can be outstanding.
  Command& CommandOf(const Request& request);

  const IoschedPorts& iosched() const { return iosched_; }
  const Upstream& block() const { return block_; }
  Core& irq_core() const { return irq_core_; }

  const FunctionCost irq_entry_;
  const FunctionCost irq_exit_;
  const FunctionCost request_fn_;

 private:
  EventStream& stream_;
  Core& irq_core_;
  IoschedPorts iosched_;
  Upstream block_;
  DiskPorts disk_;
  std::deque<Command> commands_;  // by Request::slot
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DRIVER_DRIVER_H_
