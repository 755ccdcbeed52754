#include "sim/scenario/scheduler_name.h"

#include <algorithm>

#include "configs/schema/rule.pb.h"
#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;

const OneofDescriptor& Schedulers() { return *OnlyOneof(*schema::IoScheduler::descriptor()); }

}  // namespace

std::string SysfsName(const FieldDescriptor& scheduler) {
  std::string name = scheduler.name();
  std::replace(name.begin(), name.end(), '_', '-');
  return name;
}

const FieldDescriptor* FindScheduler(const std::string& sysfs_name) {
  for (int i = 0; i < Schedulers().field_count(); ++i) {
    const FieldDescriptor* scheduler = Schedulers().field(i);
    if (!IsTextbook(*scheduler) && SysfsName(*scheduler) == sysfs_name) return scheduler;
  }
  return nullptr;
}

std::vector<std::string> KernelSchedulerNames() {
  std::vector<std::string> names;
  for (int i = 0; i < Schedulers().field_count(); ++i) {
    const FieldDescriptor& scheduler = *Schedulers().field(i);
    if (!IsTextbook(scheduler)) names.push_back(SysfsName(scheduler));
  }
  return names;
}

bool IsTextbook(const FieldDescriptor& scheduler) {
  return scheduler.options().GetExtension(schema::textbook);
}

const FieldDescriptor* FindTunable(const std::string& name) {
  const size_t slash = name.find('/');
  if (slash == std::string::npos) return nullptr;
  const FieldDescriptor* scheduler = FindScheduler(name.substr(0, slash));
  if (scheduler == nullptr) return nullptr;
  return scheduler->message_type()->FindFieldByName(name.substr(slash + 1));
}

std::vector<const FieldDescriptor*> MissingTunables(const Kernel& kernel,
                                                    const schema::IoScheduler& scheduler) {
  const FieldDescriptor* chosen =
      scheduler.GetReflection()->GetOneofFieldDescriptor(scheduler, &Schedulers());
  std::vector<const FieldDescriptor*> missing;
  for (const std::string& name : kernel.missing_tunables()) {
    const FieldDescriptor* tunable = FindTunable(name);
    if (tunable == nullptr || chosen == nullptr) continue;
    if (tunable->containing_type() == chosen->message_type()) missing.push_back(tunable);
  }
  return missing;
}

}  // namespace biotope
