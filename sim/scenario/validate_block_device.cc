#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <string>
#include <vector>

#include "sim/scenario/quote.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/validate.h"

namespace biotope {
namespace {

// The sysfs names of the schedulers that biotope has: the arms of the oneof.
std::vector<std::string> KnownSchedulers() {
  return ArmNames(*OnlyOneof(*schema::IoScheduler::descriptor()));
}

bool Contains(const std::vector<std::string>& words, const std::string& word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void CheckKernelSchedulers(const Kernel& kernel, std::vector<Problem>* problems) {
  const std::vector<std::string> known = KnownSchedulers();
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

void CheckQueue(const Scenario& scenario, std::vector<Problem>* problems) {
  const BlockDevice& device = scenario.block_device();
  const schema::IoScheduler& scheduler = device.queue().scheduler();
  const auto* arm = scheduler.GetReflection()->GetOneofFieldDescriptor(
      scheduler, OnlyOneof(*scheduler.GetDescriptor()));
  const std::string path = "block_device.queue.scheduler";
  if (arm != nullptr) {
    CheckIsInKernel(scenario.kernel(), JoinPath(path, arm->name()), arm->name(), problems);
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
  CheckIsInKernel(scenario.kernel(), "kernel.default_scheduler",
                  scenario.kernel().default_scheduler(), &problems);
  if (scenario.has_block_device()) CheckQueue(scenario, &problems);
  return problems;
}

}  // namespace biotope
