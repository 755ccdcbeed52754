#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/quote.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/scheduler_name.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/validate.h"

namespace biotope {
namespace {

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void CheckKernelSchedulers(const Kernel& kernel, std::vector<Problem>* problems) {
  const std::vector<std::string> known = KernelSchedulerNames();
  for (int i = 0; i < kernel.schedulers_size(); ++i) {
    if (Contains(known, kernel.schedulers(i))) continue;
    const std::string path = IndexPath("kernel.schedulers", i);
    problems->push_back(
        {path,
         fmt::format("{}: {} is not a scheduler of this program{}", path,
                     Quote(kernel.schedulers(i)), DidYouMean(kernel.schedulers(i), known)),
         {fmt::format("schedulers: {}", JoinWords(known))}});
  }
}

// A name that must be one of the kernel's schedulers.
void CheckIsInKernel(const Kernel& kernel, const std::string& path, const std::string& name,
                     std::vector<Problem>* problems) {
  const std::vector<std::string> schedulers(kernel.schedulers().begin(), kernel.schedulers().end());
  // Without a list the kernel itself is incomplete, and that has been said.
  if (schedulers.empty() || name.empty() || Contains(schedulers, name)) return;
  problems->push_back({path,
                       fmt::format("{}: this kernel has no scheduler {}{}", path, Quote(name),
                                   DidYouMean(name, schedulers)),
                       {fmt::format("kernel.schedulers: {}", JoinWords(schedulers))}});
}

// "cfq" alone does not say which.
void CheckCfq(const Kernel& kernel, std::vector<Problem>* problems) {
  const std::vector<std::string> schedulers(kernel.schedulers().begin(), kernel.schedulers().end());
  if (!Contains(schedulers, "cfq") || kernel.cfq() != Kernel::CFQ_UNSPECIFIED) return;
  problems->push_back({"kernel.cfq",
                       "kernel.cfq is missing: kernel.schedulers has \"cfq\"",
                       {"cfq: CFQ_QUANTUM or CFQ_TIME_SLICES"}});
}

void CheckMissingTunables(const Kernel& kernel, std::vector<Problem>* problems) {
  for (int i = 0; i < kernel.missing_tunables_size(); ++i) {
    if (FindTunable(kernel.missing_tunables(i)) != nullptr) continue;
    const std::string path = IndexPath("kernel.missing_tunables", i);
    problems->push_back({path,
                         fmt::format("{}: {} is not a tunable of a scheduler", path,
                                     Quote(kernel.missing_tunables(i))),
                         {"write scheduler/tunable, such as \"mq-deadline/async_depth\""}});
  }
}

// A tunable that is set must be one that the kernel has.
void CheckTunables(const Kernel& kernel, const schema::IoScheduler& scheduler,
                   const google::protobuf::FieldDescriptor& arm, std::vector<Problem>* problems) {
  const auto& tunables = scheduler.GetReflection()->GetMessage(scheduler, &arm);
  for (const auto* tunable : MissingTunables(kernel, scheduler)) {
    if (!tunables.GetReflection()->HasField(tunables, tunable)) continue;
    const std::string path =
        JoinPath(JoinPath("block_device.queue.scheduler", arm.name()), tunable->name());
    problems->push_back({path,
                         fmt::format("{}: {} of this kernel has no tunable {}", path,
                                     SysfsName(arm), tunable->name()),
                         {}});
  }
}

void CheckQueue(const Scenario& scenario, std::vector<Problem>* problems) {
  const BlockDevice& device = scenario.block_device();
  const schema::IoScheduler& scheduler = device.queue().scheduler();
  const auto* arm = scheduler.GetReflection()->GetOneofFieldDescriptor(
      scheduler, OnlyOneof(*scheduler.GetDescriptor()));
  const std::string path = "block_device.queue.scheduler";
  if (arm != nullptr && !IsTextbook(*arm)) {
    CheckIsInKernel(scenario.kernel(), JoinPath(path, arm->name()), SysfsName(*arm), problems);
    CheckTunables(scenario.kernel(), scheduler, *arm, problems);
  }
  const Sector largest = LargestRequest(device);
  const uint64_t largest_kb = largest.value() * kSectorSize / 1024;
  if (largest_kb > 0 && device.queue().max_sectors_kb() > largest_kb) {
    problems->push_back({"block_device.queue.max_sectors_kb",
                         fmt::format("block_device.queue.max_sectors_kb must be at most {}, the "
                                     "driver's largest request, got {}",
                                     largest_kb, device.queue().max_sectors_kb()),
                         {}});
  }
}

}  // namespace

std::vector<Problem> CheckBlockDevice(const Scenario& scenario) {
  std::vector<Problem> problems;
  CheckKernelSchedulers(scenario.kernel(), &problems);
  CheckCfq(scenario.kernel(), &problems);
  CheckMissingTunables(scenario.kernel(), &problems);
  CheckIsInKernel(scenario.kernel(), "kernel.default_scheduler",
                  scenario.kernel().default_scheduler(), &problems);
  if (scenario.has_block_device()) CheckQueue(scenario, &problems);
  return problems;
}

}  // namespace biotope
