#include "layers/driver/driver.h"

#include <utility>

namespace biotope {

Driver::Driver(Engine& engine, EventStream& stream, const CostTable& costs, std::string name,
               Core& irq_core)
    : LayerActor(engine, Layer::kDriver, std::move(name)),
      irq_entry_(costs.Get("irq_entry")),
      irq_exit_(costs.Get("irq_exit")),
      request_fn_(costs.Get("request_fn")),
      stream_(stream),
      irq_core_(irq_core) {}

Command& Driver::CommandOf(const Request& request) {
  while (commands_.size() <= request.slot) commands_.emplace_back();
  return commands_[request.slot];
}

void Driver::StartCommand(Request& request, const Context& context) {
  Record record;
  record.tick = engine().now();
  record.kind = Kind::kIssue;
  record.layer = Layer::kDriver;
  record.io = request.id;
  record.sector = request.sector;
  record.bytes = request.nr_sectors * kSectorSize;
  record.task = context.task();
  record.cpu = context.core().id();
  record.flags = request.write ? kFlagWrite : 0;
  stream_.Emit(record);

  request.holder = Layer::kDisk;
  Command& command = CommandOf(request);
  command.request = &request;
  command.error = 0;
  disk_.command.Send(command);
}

}  // namespace biotope
