#include "layers/disk/ssd/ssd_disk.h"

#include <array>
#include <cerrno>
#include <cstddef>

namespace biotope {

SsdDisk::SsdDisk(Engine& engine, EventStream& stream, const SsdParameters& parameters)
    : LayerActor(engine, Layer::kDisk, "ssd"), stream_(stream), model_(parameters) {}

void SsdDisk::OnCommand(Command& command) {
  const Request& request = *command.request;
  EmitRecord(Kind::kDeviceStart, request);
  if (request.sector > model_.capacity() ||
      Sector(request.nr_sectors) > model_.capacity() - request.sector) {
    command.error = -EIO;  // the drive refuses an address that it does not have
    Finish(command);
    return;
  }
  Advance();
  if (unused_tags_.empty()) {
    unused_tags_.push_back(commands_.size());
    commands_.push_back(nullptr);
  }
  const uint64_t tag = unused_tags_.back();
  unused_tags_.pop_back();
  commands_[tag] = &command;
  model_.Submit({.tag = tag,
                 .kind = request.write ? SsdCommandKind::kWrite : SsdCommandKind::kRead,
                 .fua = false,
                 .first = request.sector,
                 .nr_sectors = request.nr_sectors},
                engine().now());
  SetAlarm();
}

void SsdDisk::OnAlarm(Alarm&) {
  alarm_queued_ = false;
  Advance();
  SetAlarm();
}

void SsdDisk::Advance() {
  std::array<SsdCompletion, 16> done;
  while (model_.NextEvent() <= engine().now()) {
    const size_t count = model_.Advance(engine().now(), done);
    for (size_t i = 0; i < count; ++i) {
      unused_tags_.push_back(done[i].tag);
      Finish(*commands_[done[i].tag]);
    }
  }
}

// An earlier date may be asked for while a call at a later one is outstanding. That one then finds
// nothing to do.
void SsdDisk::SetAlarm() {
  const Tick date = model_.NextEvent();
  if (alarm_date_ <= engine().now()) alarm_date_ = kNever;
  if (date >= alarm_date_) return;
  alarm_date_ = date;
  engine().At(
      date,
      [](void* self) {
        SsdDisk& disk = *static_cast<SsdDisk*>(self);
        if (disk.alarm_queued_) return;
        disk.alarm_queued_ = true;
        PortOf<&SsdDisk::OnAlarm>(disk).Send(disk.alarm_);
      },
      this);
}

void SsdDisk::Finish(Command& command) {
  EmitRecord(Kind::kDeviceFinish, *command.request);
  interrupt_.Send(command);
}

void SsdDisk::EmitRecord(Kind kind, const Request& request) {
  Record record;
  record.tick = engine().now();
  record.kind = kind;
  record.layer = Layer::kDisk;
  record.io = request.id;
  record.sector = request.sector;
  record.bytes = request.nr_sectors * kSectorSize;
  stream_.Emit(record);
}

}  // namespace biotope
