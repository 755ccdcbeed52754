#ifndef BIOTOPE_LAYERS_DISK_SSD_SSD_DISK_H_
#define BIOTOPE_LAYERS_DISK_SSD_SSD_DISK_H_

#include <cstdint>
#include <vector>

#include "layers/disk/messages.h"
#include "layers/disk/ssd/ssd_model.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "sim/cpu/layer_actor.h"
#include "sim/trace/stream.h"

namespace biotope {

// An SSD as an actor: it begins each command when its driver sends it, works on all of them at the
// same time, and interrupts with each when it is done.
class SsdDisk : public LayerActor {
 public:
  // Throws ScenarioError if the parameters cannot be.
  SsdDisk(Engine& engine, EventStream& stream, const SsdParameters& parameters);

  DiskPorts ports() { return {PortOf<&SsdDisk::OnCommand>(*this)}; }
  void Connect(const Port<Command>& interrupt) { interrupt_ = interrupt; }

  const SsdModel& model() const { return model_; }

 private:
  struct Alarm : Message {};

  void OnCommand(Command& command);
  void OnAlarm(Alarm& message);
  // Lets the model do what is due, and asks for a call at the date of its next event.
  void Advance();
  void SetAlarm();
  void Finish(Command& command);
  void EmitRecord(Kind kind, const Request& request);

  EventStream& stream_;
  SsdModel model_;
  Port<Command> interrupt_;
  std::vector<Command*> commands_;  // by tag
  std::vector<uint64_t> unused_tags_;
  Alarm alarm_;
  bool alarm_queued_ = false;  // alarm_ is on its way to OnAlarm
  Tick alarm_date_ = kNever;   // of the earliest call that was asked for
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_SSD_DISK_H_
