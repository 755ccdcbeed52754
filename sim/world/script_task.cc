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
    } else if (!step.aio) {
      arguments.fd = Descriptor(step.fd);
    }
    const int64_t result = step.aio ? RunAio(step, arguments) : Call(arguments);
    if (arguments.op == Op::kOpen) descriptors_[step.fd] = static_cast<int>(result);
    if (step.expect && *step.expect != result) {
      Fail(fmt::format("{} returned {}, expected {}", step.text, ResultName(result),
                       ResultName(*step.expect)));
    }
  }
}

int64_t ScriptTask::RunAio(const ScriptStep& step, SyscallArguments arguments) {
  AioArguments aio = step.aio->arguments;
  std::vector<Iocb> iocbs = step.aio->iocbs;
  std::vector<IoEvent> events;
  for (size_t i = 0; i < iocbs.size(); ++i) iocbs[i].fildes = Descriptor(step.aio->fds[i]);
  if (arguments.op != Op::kIoSetup) aio.ctx = IoContext(step.aio->ctx);
  aio.iocbs = iocbs;
  aio.reaped = &events;
  arguments.aio = &aio;
  const int64_t result = Call(arguments);
  if (arguments.op == Op::kIoSetup && result == 0) contexts_[step.aio->ctx] = aio.ctx;
  CheckEvents(step, events);
  return result;
}

void ScriptTask::CheckEvents(const ScriptStep& step, const std::vector<IoEvent>& events) {
  const std::vector<int64_t>& expected = step.aio->expect_res;
  for (size_t i = 0; i < expected.size(); ++i) {
    if (i >= events.size()) {
      return Fail(
          fmt::format("{} got {} events, expected {}", step.text, events.size(), expected.size()));
    }
    if (events[i].res == expected[i]) continue;
    Fail(fmt::format("{}: event {} has the result {}, expected {}", step.text, i,
                     ResultName(events[i].res), ResultName(expected[i])));
  }
}

// A name that no successful io_setup has given is no context.
uint64_t ScriptTask::IoContext(const std::string& name) const {
  uint64_t number = 0;
  const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
  if (parsed.ec == std::errc() && parsed.ptr == name.data() + name.size()) return number;
  const auto found = contexts_.find(name);
  return found != contexts_.end() ? found->second : 0;
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
