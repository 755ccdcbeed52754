#include "sim/world/script_task.h"

#include <fmt/format.h>

#include <charconv>
#include <cstring>

namespace biotope {
namespace {

std::string ResultName(int64_t result) {
  if (result >= 0) return std::to_string(result);
  const char* name = strerrorname_np(static_cast<int>(-result));
  return name != nullptr ? fmt::format("-{}", name) : std::to_string(result);
}

}  // namespace

void ScriptTask::Program() {
  for (uint32_t pass = 0; pass < repeat_; ++pass) {
    for (const ScriptStep& step : steps_) RunStep(step);
  }
}

void ScriptTask::RunStep(const ScriptStep& step) {
  if (step.compute) return Compute(*step.compute);
  for (uint32_t i = 0; i < step.repeat; ++i) {
    UserLoop();
    SyscallArguments arguments = step.arguments;
    if (arguments.op == Op::kOpen) {
      arguments.path = step.path;
    } else {
      arguments.fd = Descriptor(step.fd);
    }
    const int64_t result = Call(arguments);
    if (arguments.op == Op::kOpen) descriptors_[step.fd] = static_cast<int>(result);
    if (step.expect && *step.expect != result) {
      Fail(fmt::format("{} returned {}, expected {}", step.text, ResultName(result),
                       ResultName(*step.expect)));
    }
  }
}

// A name that no successful open has given is no descriptor.
int ScriptTask::Descriptor(const std::string& name) const {
  int number = -1;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) return number;
  const auto found = descriptors_.find(name);
  return found != descriptors_.end() ? found->second : -1;
}

}  // namespace biotope
