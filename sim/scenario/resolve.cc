#include "sim/scenario/resolve.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <vector>

#include "sim/core/check.h"
#include "sim/scenario/scalar.h"
#include "sim/scenario/scheduler_name.h"
#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

// The largest requests of the IDE driver of Linux 2.6: the sector count of LBA28 has eight bits (0
// means 256); with LBA48, whose count has sixteen, ide_init_queue stays at 1 MiB.
constexpr uint32_t kLba28Sectors = 256;
constexpr uint32_t kLba48Sectors = 2048;

// "50" becomes "50us" in a field whose bare numbers are microseconds.
void AddUnitOfTime(const FieldDescriptor& field, Message* message) {
  const schema::Rule::Text kind = RuleOf(field).text();
  if (kind != schema::Rule::TIME_S && kind != schema::Rule::TIME_US) return;
  std::string text = message->GetReflection()->GetString(*message, &field);
  const bool bare = !text.empty() && std::all_of(text.begin(), text.end(),
                                                 [](char c) { return c >= '0' && c <= '9'; });
  if (!bare || text == "0") return;
  text += kind == schema::Rule::TIME_S ? "s" : "us";
  message->GetReflection()->SetString(message, &field, std::move(text));
}

void FillStatic(Message* message);

void FillField(const FieldDescriptor& field, Message* message) {
  const Reflection& reflection = *message->GetReflection();
  if (field.is_repeated()) {
    for (int i = 0; IsMessage(field) && i < reflection.FieldSize(*message, &field); ++i) {
      FillStatic(reflection.MutableRepeatedMessage(message, &field, i));
    }
    return;
  }
  const schema::Rule& rule = RuleOf(field);
  const bool given = reflection.HasField(*message, &field);
  if (IsMessage(field)) {
    const bool may_be_made = !IsArm(field) && !rule.required();
    if (given || may_be_made) FillStatic(reflection.MutableMessage(message, &field));
    return;
  }
  if (!given && rule.has_default_value() && !IsArm(field)) {
    const std::string error = SetScalar(message, field, rule.default_value());
    BIOTOPE_CHECK(error.empty(), "default of {}: {}", field.full_name(), error);
  }
  if (reflection.HasField(*message, &field)) AddUnitOfTime(field, message);
}

void FillStatic(Message* message) {
  const Descriptor& type = *message->GetDescriptor();
  for (int i = 0; i < type.field_count(); ++i) FillField(*type.field(i), message);
}

// The scheduler of a queue that names none is its kernel's.
void FillScheduler(const Kernel& kernel, schema::IoScheduler* scheduler) {
  const OneofDescriptor& oneof = *OnlyOneof(*scheduler->GetDescriptor());
  const Reflection& reflection = *scheduler->GetReflection();
  if (reflection.HasOneof(*scheduler, &oneof)) return;
  const FieldDescriptor* arm = FindScheduler(kernel.default_scheduler());
  if (arm != nullptr) reflection.MutableMessage(scheduler, arm);
}

// The tunables of the chosen scheduler that the scenario has left to their defaults, of those that
// the kernel does not have.
std::vector<const FieldDescriptor*> AbsentTunables(const Kernel& kernel,
                                                   const schema::IoScheduler& scheduler) {
  std::vector<const FieldDescriptor*> absent = MissingTunables(kernel, scheduler);
  if (absent.empty()) return absent;
  const FieldDescriptor* arm = scheduler.GetReflection()->GetOneofFieldDescriptor(
      scheduler, OnlyOneof(*scheduler.GetDescriptor()));
  const Message& tunables = scheduler.GetReflection()->GetMessage(scheduler, arm);
  std::erase_if(absent, [&tunables](const FieldDescriptor* tunable) {
    return tunables.GetReflection()->HasField(tunables, tunable);
  });
  return absent;
}

void ClearTunables(const std::vector<const FieldDescriptor*>& absent,
                   schema::IoScheduler* scheduler) {
  if (absent.empty()) return;
  const FieldDescriptor* arm = scheduler->GetReflection()->GetOneofFieldDescriptor(
      *scheduler, OnlyOneof(*scheduler->GetDescriptor()));
  Message* tunables = scheduler->GetReflection()->MutableMessage(scheduler, arm);
  for (const FieldDescriptor* tunable : absent) {
    tunables->GetReflection()->ClearField(tunables, tunable);
  }
}

// The kernel's name of the first disk of a driver.
std::string DiskName(const BlockDevice& device) {
  switch (device.driver_case()) {
    case BlockDevice::kScsi:
      return "sda";
    case BlockDevice::kIde:
      return "hda";
    case BlockDevice::DRIVER_NOT_SET:
      return "";
  }
  return "";
}

void FillBlockDevice(BlockDevice* device) {
  const std::string name = DiskName(*device);
  if (!device->has_name() && !name.empty()) device->set_name(name);
  // The largest request depends on the driver's own defaults.
  FillStatic(device);
  const uint64_t largest_kb = LargestRequest(*device).value() * kSectorSize / 1024;
  if (!device->queue().has_max_sectors_kb() && largest_kb > 0) {
    device->mutable_queue()->set_max_sectors_kb(static_cast<uint32_t>(largest_kb));
  }
}

}  // namespace

Sector LargestRequest(const BlockDevice& device) {
  switch (device.driver_case()) {
    case BlockDevice::kScsi:
      return Sector(device.scsi().max_sectors());
    case BlockDevice::kIde:
      return Sector(device.ide().lba48() ? kLba48Sectors : kLba28Sectors);
    case BlockDevice::DRIVER_NOT_SET:
      return Sector(0);
  }
  return Sector(0);
}

void FillDefaults(const std::string& title, Scenario* scenario) {
  if (!scenario->has_title()) scenario->set_title(title);
  if (scenario->has_block_device()) {
    FillScheduler(scenario->kernel(),
                  scenario->mutable_block_device()->mutable_queue()->mutable_scheduler());
  }
  const std::vector<const FieldDescriptor*> absent =
      AbsentTunables(scenario->kernel(), scenario->block_device().queue().scheduler());
  if (scenario->has_block_device()) {
    FillBlockDevice(scenario->mutable_block_device());
  }
  for (int i = 0; i < scenario->process_size(); ++i) {
    Process* process = scenario->mutable_process(i);
    if (!process->has_name()) process->set_name(fmt::format("process{}", i));
  }
  FillStatic(scenario);
  // What the kernel lacks stays absent, so that setting it is seen.
  if (!absent.empty()) {
    ClearTunables(absent, scenario->mutable_block_device()->mutable_queue()->mutable_scheduler());
  }
}

}  // namespace biotope
