#include "layers/disk/disk.h"

#include <cerrno>
#include <cstddef>
#include <utility>

namespace biotope {

Disk::Disk(Engine& engine, EventStream& stream, std::unique_ptr<DeviceModel> model)
    : LayerActor(engine, Layer::kDisk, "disk"), stream_(stream), model_(std::move(model)) {
  choice_.reserve(model_->queue_depth());
}

void Disk::OnCommand(Command& command) {
  command.next_queued = nullptr;
  (tail_ != nullptr ? tail_->next_queued : head_) = &command;
  tail_ = &command;
  if (serving_ == nullptr) StartNext();
}

bool Disk::Inside(const Request& request) const {
  return request.sector <= model_->capacity() &&
         Sector(request.nr_sectors) <= model_->capacity() - request.sector;
}

// Takes the command that the model chooses out of the list.
Command* Disk::TakeNext() {
  size_t index = 0;
  if (head_->next_queued != nullptr && model_->queue_depth() > 1) {
    choice_.clear();
    for (const Command* command = head_;
         command != nullptr && choice_.size() < model_->queue_depth();
         command = command->next_queued) {
      const Request& request = *command->request;
      if (!Inside(request)) break;  // it is refused when its turn comes
      choice_.push_back(
          {.first = request.sector, .nr_sectors = request.nr_sectors, .write = request.write});
    }
    if (!choice_.empty()) index = model_->PickNext(engine().now(), choice_);
  }
  Command* before = nullptr;
  Command* taken = head_;
  for (; index > 0; --index) {
    before = taken;
    taken = taken->next_queued;
  }
  (before != nullptr ? before->next_queued : head_) = taken->next_queued;
  if (tail_ == taken) tail_ = before;
  return taken;
}

void Disk::StartNext() {
  serving_ = TakeNext();
  const Request& request = *serving_->request;
  EmitRecord(Kind::kDeviceStart, request, Tick(0));
  service_ = {};
  if (Inside(request)) {
    service_ = model_->Serve(engine().now(), request.sector, request.nr_sectors, request.write);
  } else {
    serving_->error = -EIO;  // the drive refuses an address that it does not have
  }
  if (service_.overhead == kNever) return;
  engine().At(
      engine().now() + service_.total(),
      [](void* self) {
        Disk& disk = *static_cast<Disk*>(self);
        PortOf<&Disk::OnServiceDone>(disk).Send(disk.service_done_);
      },
      this);
}

void Disk::OnServiceDone(ServiceDone&) {
  Command& command = *serving_;
  serving_ = nullptr;

  const Request& request = *command.request;
  EmitRecord(Kind::kSeek, request, service_.seek);
  EmitRecord(Kind::kRotation, request, service_.rotation);
  EmitRecord(Kind::kTransfer, request, service_.transfer);
  EmitRecord(Kind::kDeviceFinish, request, Tick(0));
  interrupt_.Send(command);
  if (head_ != nullptr) StartNext();
}

void Disk::EmitRecord(Kind kind, const Request& request, Tick span) {
  Record record;
  record.tick = engine().now();
  record.kind = kind;
  record.layer = Layer::kDisk;
  record.io = request.id;
  record.sector = request.sector;
  record.bytes = request.nr_sectors * kSectorSize;
  record.value = span.value();
  stream_.Emit(record);
}

}  // namespace biotope
