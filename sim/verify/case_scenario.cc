#include "sim/verify/case_scenario.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

#include "configs/schema/io_scheduler.pb.h"
#include "configs/schema/scenario.pb.h"
#include "sim/core/error.h"
#include "sim/core/units.h"
#include "sim/verify/mount_options.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

constexpr const char* kMountPoint = "/mnt";
constexpr std::string_view kTunablePrefix = "iosched/";

std::optional<uint64_t> NumberIn(const std::string& text) {
  uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

[[noreturn]] void FailSetting(const RecordedCase& recorded, const std::string& key,
                              const std::string& what) {
  throw ScenarioError(
      fmt::format("{}/case.json: queue setting \"{}\": {}", recorded.directory, key, what));
}

// The scheduler in brackets of "noop [anticipatory] deadline cfq", with '_' for '-' as our fields
// are called; "" if there is none.
std::string ChosenScheduler(const RecordedCase& recorded) {
  const auto setting = recorded.queue.find("scheduler");
  if (setting == recorded.queue.end()) return "";
  const std::string& text = setting->second;
  const size_t open = text.find('[');
  const size_t close = text.find(']');
  std::string name = open == std::string::npos || close == std::string::npos || close < open
                         ? text
                         : text.substr(open + 1, close - open - 1);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

const FieldDescriptor* SchedulerField(const std::string& name) {
  return schema::IoScheduler::descriptor()->FindFieldByName(name);
}

void SetNumber(const RecordedCase& recorded, const std::string& key, uint64_t value,
               const FieldDescriptor& field, Message* message) {
  const auto& reflection = *message->GetReflection();
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 && value <= UINT32_MAX) {
    reflection.SetUInt32(message, &field, static_cast<uint32_t>(value));
  } else if (field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64) {
    reflection.SetUInt64(message, &field, value);
  } else {
    FailSetting(recorded, key, fmt::format("{} is too large", value));
  }
}

// Tunables that we do not have are not settings (statistics), or do not matter for order.
void SetScheduler(const RecordedCase& recorded, schema::IoScheduler* scheduler) {
  const std::string name = ChosenScheduler(recorded);
  if (name.empty()) return;
  const FieldDescriptor* field = SchedulerField(name);
  Message* tunables = scheduler->GetReflection()->MutableMessage(scheduler, field);
  for (const auto& [key, value] : recorded.queue) {
    if (!key.starts_with(kTunablePrefix)) continue;
    const FieldDescriptor* tunable =
        tunables->GetDescriptor()->FindFieldByName(key.substr(kTunablePrefix.size()));
    const std::optional<uint64_t> number = NumberIn(value);
    if (tunable != nullptr && number) SetNumber(recorded, key, *number, *tunable, tunables);
  }
}

void SetQueue(const RecordedCase& recorded, BlockDevice* device) {
  Queue& queue = *device->mutable_queue();
  for (const auto& [key, value] : recorded.queue) {
    const FieldDescriptor* field =
        key == "scheduler" ? nullptr : Queue::descriptor()->FindFieldByName(key);
    if (field == nullptr || field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const std::optional<uint64_t> number = NumberIn(value);
    if (!number) FailSetting(recorded, key, fmt::format("\"{}\" is no number", value));
    SetNumber(recorded, key, *number, *field, &queue);
  }
  SetScheduler(recorded, queue.mutable_scheduler());
  if (!device->has_scsi()) return;
  if (recorded.tcq_depth) device->mutable_scsi()->set_queue_depth(*recorded.tcq_depth);
  for (const auto& [key, value] : recorded.queue) {
    const std::optional<uint64_t> number = NumberIn(value);
    if (number && key.starts_with("max_hw_segments")) {
      device->mutable_scsi()->set_sg_tablesize(static_cast<uint32_t>(*number));
    }
    if (number && key == "max_hw_sectors_kb") {
      device->mutable_scsi()->set_max_sectors(static_cast<uint32_t>(*number * 1024 / kSectorSize));
    }
  }
}

std::optional<std::string> RecorderText(const std::string& kernel, const ProfileSource& profiles) {
  const std::string path = fmt::format("recorders/{}.textproto", kernel);
  for (const InputFile& file : profiles.Files()) {
    if (file.path.ends_with(path)) return file.contents;
  }
  return std::nullopt;
}

}  // namespace

std::string KernelProfileOf(const std::string& version, const ProfileSource& profiles) {
  std::string best;
  for (const ProfileFile& profile : ListProfiles(profiles)) {
    if (profile.folder != "kernels") continue;
    const std::string full = "linux-" + version;
    const bool fits = full == profile.name || full.starts_with(profile.name + ".") ||
                      full.starts_with(profile.name + "-");
    if (fits && profile.name.size() > best.size()) best = profile.name;
  }
  return best;
}

std::string ReasonToSkip(const RecordedCase& recorded, const ProfileSource& profiles) {
  if (!recorded.not_a_trace.empty()) return recorded.not_a_trace;
  const std::string kernel = KernelProfileOf(recorded.kernel, profiles);
  if (kernel.empty() || !RecorderText(kernel, profiles)) {
    return fmt::format("no kernel profile for Linux {}", recorded.kernel);
  }
  for (const Operation& operation : recorded.operations) {
    if (!operation.unsupported.empty()) return operation.unsupported;
    if (operation.kind == Operation::Kind::kOpen && operation.path.starts_with("/dev/")) {
      return "reading the raw device";
    }
  }
  if (recorded.image.empty()) return "no file system";
  const std::string scheduler = ChosenScheduler(recorded);
  if (!scheduler.empty() && SchedulerField(scheduler) == nullptr) {
    return fmt::format("the I/O scheduler {}", scheduler);
  }
  return UnsupportedMountOption(recorded.mount);
}

ScenarioFile MakeCaseScenario(const RecordedCase& recorded, const ImageStore::Opened& image,
                              const ProfileSource& profiles) {
  const std::string kernel = KernelProfileOf(recorded.kernel, profiles);
  Scenario scenario;
  if (!TextFormat::ParseFromString(RecorderText(kernel, profiles).value_or(""), &scenario)) {
    throw ScenarioError(fmt::format("configs/recorders/{}.textproto: no scenario", kernel));
  }
  scenario.set_schema_version(1);
  scenario.set_title(recorded.name);
  scenario.mutable_kernel()->set_profile(kernel);
  SetQueue(recorded, scenario.mutable_block_device());
  Device& device = *scenario.mutable_block_device()->mutable_device();
  if (device.has_fixed_latency()) {
    FixedLatency& model = *device.mutable_fixed_latency();
    model.set_capacity_sectors(std::max(model.capacity_sectors(), image.size / kSectorSize));
  }
  scenario.mutable_filesystem()->set_image(image.path);
  scenario.mutable_filesystem()->set_mount_point(kMountPoint);
  for (uint32_t process = 0; process < recorded.processes; ++process) {
    Process& added = *scenario.add_process();
    added.set_name(fmt::format("P{}", process));
    added.mutable_script()->add_call()->set_compute("1ns");  // stands for its operations
  }
  std::string text;
  TextFormat::PrintToString(scenario, &text);
  return ScenarioFile::FromText(recorded.directory + "/case.json", std::move(text), {}, profiles);
}

}  // namespace biotope
