#ifndef BIOTOPE_SIM_WORLD_SCRIPT_TASK_H_
#define BIOTOPE_SIM_WORLD_SCRIPT_TASK_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "layers/aio/messages.h"
#include "sim/world/task.h"

namespace biotope {

// What a step of asynchronous I/O has beside its arguments.
struct AioStep {
  AioArguments arguments;  // without ctx and iocbs, which are:
  std::string ctx;         // a name that io_setup has given, or a number
  std::vector<Iocb> iocbs;
  std::vector<std::string> fds;     // of the iocbs: as ScriptStep::fd
  std::vector<int64_t> expect_res;  // io_getevents: results that the events must have
};

// One entry of a script, with all its quantities resolved.
struct ScriptStep {
  std::string text;             // as the messages about it call it, such as "call[2] read"
  std::optional<Tick> compute;  // not a system call, but so much work in user mode
  SyscallArguments arguments;   // without files, path and fd, which are:
  std::string path;             // open
  std::string fd;               // a name that open has given, or a number
  uint32_t repeat = 1;
  std::optional<AioStep> aio;     // of a call of asynchronous I/O
  std::optional<int64_t> expect;  // the result that the call must have
};

// A process that makes the system calls of a list.
class ScriptTask : public Task {
 public:
  template <class... TaskArguments>
  ScriptTask(std::vector<ScriptStep> steps, uint32_t repeat, TaskArguments&&... task_arguments)
      : Task(std::forward<TaskArguments>(task_arguments)...),
        steps_(std::move(steps)),
        repeat_(repeat) {}

 private:
  void Program() override;
  void RunStep(const ScriptStep& step);
  int64_t RunAio(const ScriptStep& step, SyscallArguments arguments);
  void CheckEvents(const ScriptStep& step, const std::vector<IoEvent>& events);
  int Descriptor(const std::string& name) const;
  uint64_t IoContext(const std::string& name) const;

  const std::vector<ScriptStep> steps_;
  const uint32_t repeat_;
  std::map<std::string, int> descriptors_;
  std::map<std::string, uint64_t> contexts_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_SCRIPT_TASK_H_
