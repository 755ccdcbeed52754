#include "sim/world/plan.h"

#include <fmt/format.h>

#include <utility>

#include "layers/ext2/synthesize.h"
#include "sim/core/error.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/world/make_device.h"
#include "sim/world/make_ssd.h"
#include "sim/world/plan_entry.h"
#include "sim/world/plan_process.h"

namespace biotope {
namespace {

constexpr size_t kTasksMax = 65'000;

std::unique_ptr<Image> OpenImage(const ScenarioFile& file) {
  const FileSystem& filesystem = file.resolved().filesystem();
  if (filesystem.has_image()) {
    return std::make_unique<Image>(file.image_path(), filesystem.image());
  }
  SynthesizeSpec spec;
  spec.size = ParseSize(filesystem.synthesize().size());
  spec.block_size = filesystem.synthesize().block_size();
  for (const SynthesizedFile& synthesized : filesystem.synthesize().file()) {
    spec.files.push_back({synthesized.path(), ParseSize(synthesized.size())});
  }
  return std::make_unique<Image>(SynthesizeImage(spec));
}

// The file system must lie on the device.
void CheckFits(const Plan& plan, std::vector<Problem>* problems) {
  const Sector start(plan.scenario.filesystem().start_sector());
  const Sector sectors(plan.image->size() / Bytes(kSectorSize));
  if (start + sectors <= plan.capacity) return;
  problems->push_back(
      {"filesystem",
       fmt::format("the file system takes sectors {} to {}, but the device has only {}",
                   start.value(), (start + sectors).value() - 1, plan.capacity.value())});
}

template <class Make>
auto Located(const char* field, std::vector<Problem>* problems, Make make) -> decltype(make()) {
  try {
    return make();
  } catch (const ScenarioError& error) {
    problems->push_back({field, error.what()});
    return nullptr;
  }
}

// Leaves the capacity at 0 if the drive cannot be built.
void PlanDevice(const ScenarioFile& file, Plan* plan, std::vector<Problem>* problems) {
  const Device& device = plan->scenario.block_device().device();
  try {
    if (device.has_ssd()) {
      plan->ssd = MakeSsd(device.ssd());
      plan->capacity = plan->ssd->capacity();
    } else {
      plan->device = MakeDevice(device, file.directory());
      plan->capacity = plan->device->capacity();
    }
  } catch (const ScenarioError& error) {
    problems->push_back({"block_device.device", error.what()});
  }
}

}  // namespace

Plan MakePlan(const ScenarioFile& file) {
  Plan plan;
  plan.scenario = file.resolved();
  std::vector<Problem> problems;
  plan.image =
      Located(plan.scenario.filesystem().has_image() ? "filesystem.image" : "filesystem.synthesize",
              &problems, [&] { return OpenImage(file); });
  PlanDevice(file, &plan, &problems);
  plan.syscall_costs = PlanSyscallCosts(plan.scenario, ShippedProfiles(), &problems);
  if (plan.image != nullptr && plan.capacity > Sector(0)) CheckFits(plan, &problems);
  if (plan.image != nullptr) {
    size_t tasks = 0;
    for (int i = 0; i < plan.scenario.process_size(); ++i) {
      plan.processes.push_back(PlanProcess(plan.scenario, plan.scenario.process(i),
                                           fmt::format("process[{}]", i), plan.image.get(),
                                           &problems));
      tasks += plan.processes.back().numjobs;
    }
    if (tasks > kTasksMax) {
      problems.push_back({"process", fmt::format("{} tasks in all; at most {} can be simulated",
                                                 tasks, kTasksMax)});
    }
  }
  if (!problems.empty()) throw ScenarioError(file.Format(problems));
  return plan;
}

}  // namespace biotope
