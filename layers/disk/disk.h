#ifndef BIOTOPE_LAYERS_DISK_DISK_H_
#define BIOTOPE_LAYERS_DISK_DISK_H_

#include <cstdint>
#include <memory>
#include <vector>

#include "layers/disk/device_model.h"
#include "layers/disk/messages.h"
#include "sim/cpu/layer_actor.h"
#include "sim/trace/stream.h"

namespace biotope {

// The device as an actor: it queues the commands that its driver sends, serves them one at a time
// in the order that its model chooses, and interrupts with each when it is done.
class Disk : public LayerActor {
 public:
  Disk(Engine& engine, EventStream& stream, std::unique_ptr<DeviceModel> model);

  DiskPorts ports() { return {PortOf<&Disk::OnCommand>(*this)}; }
  void Connect(const Port<Command>& interrupt) { interrupt_ = interrupt; }

  const DeviceModel& model() const { return *model_; }

 private:
  struct ServiceDone : Message {};

  void OnCommand(Command& command);
  void OnServiceDone(ServiceDone& message);
  void StartNext();
  Command* TakeNext();
  bool Inside(const Request& request) const;
  void EmitRecord(Kind kind, const Request& request, Tick span);

  EventStream& stream_;
  const std::unique_ptr<DeviceModel> model_;
  Port<Command> interrupt_;
  Command* head_ = nullptr;  // waiting, in the order of arrival
  Command* tail_ = nullptr;
  Command* serving_ = nullptr;
  std::vector<WaitingCommand> choice_;  // the first of them, for the model
  ServiceTime service_;
  ServiceDone service_done_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_DISK_H_
