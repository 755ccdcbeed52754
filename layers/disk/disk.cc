#include "layers/disk/disk.h"

#include <cerrno>
#include <utility>

namespace biotope {

Disk::Disk(Engine& engine, EventStream& stream, std::unique_ptr<DeviceModel> model)
    : LayerActor(engine, Layer::kDisk, "disk"), stream_(stream), model_(std::move(model)) {}

void Disk::OnCommand(Command& command) {
  command.next_queued = nullptr;
  (tail_ != nullptr ? tail_->next_queued : head_) = &command;
  tail_ = &command;
  if (!busy_) StartNext();
}

void Disk::StartNext() {
  const Request& request = *head_->request;
  busy_ = true;
  EmitRecord(Kind::kDeviceStart, request, Tick(0));
  service_ = {};
  const bool inside = request.sector <= model_->capacity() &&
                      Sector(request.nr_sectors) <= model_->capacity() - request.sector;
  if (inside) {
    service_ = model_->Serve(engine().now(), request.sector, request.nr_sectors, request.write);
  } else {
    head_->error = -EIO;  // the drive refuses an address that it does not have
  }
  engine().At(
      engine().now() + service_.total(),
      [](void* self) {
        Disk& disk = *static_cast<Disk*>(self);
        PortOf<&Disk::OnServiceDone>(disk).Send(disk.service_done_);
      },
      this);
}

void Disk::OnServiceDone(ServiceDone&) {
  Command& command = *head_;
  head_ = command.next_queued;
  if (head_ == nullptr) tail_ = nullptr;
  busy_ = false;

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
