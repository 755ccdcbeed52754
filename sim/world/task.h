#ifndef BIOTOPE_SIM_WORLD_TASK_H_
#define BIOTOPE_SIM_WORLD_TASK_H_

#include <cstdint>
#include <string>

#include "layers/syscall/messages.h"
#include "layers/vfs/file.h"
#include "layers/vfs/mm.h"
#include "sim/cpu/context.h"
#include "sim/cpu/core.h"
#include "sim/cpu/cost_table.h"
#include "sim/engine/actor.h"
#include "sim/trace/stream.h"

namespace biotope {

// A simulated process. What it does is written as straight-line code that blocks, because that is
// what a process is.
class Task : public Actor {
 public:
  // `number` is its 1-based number in the scenario.
  Task(Engine& engine, EventStream& stream, const CostTable& costs, std::string name,
       uint16_t number, Core& core, uint32_t rlimit_nofile);

  void Connect(const SyscallPorts& kernel) { kernel_ = kernel; }

  // Lets it begin, at the present tick.
  struct StartMessage : Message {};
  Port<StartMessage> start_port() { return Port<StartMessage>::To<&Task::OnStart>(*this); }

  const Context& context() const { return context_; }
  bool finished() const { return context_.state() == Context::State::kFinished; }
  // Ends its Sleep().
  void WakeUp() { context_.core().Wake(context_, 0); }

  // What went wrong for the process itself, such as a call that did not return what its script
  // expects; empty if nothing did.
  const std::string& failure() const { return failure_; }

 protected:
  // The process's program.
  virtual void Program() = 0;

  // -- For programs.

  // Enters the kernel; returns its result, or -errno.
  int64_t Call(const SyscallArguments& arguments);
  // Executes in user mode for so long.
  void Compute(Tick span);
  // Sleeps for so long (nanosleep, without the cost of the call).
  void SleepFor(Tick span);
  // Sleeps until WakeUp().
  void Sleep();
  // What the program does between two system calls costs this.
  void UserLoop() { Compute(context_.core().TicksFor(user_loop_.For(0))); }
  Tick now() const { return engine().now(); }
  FilesStruct& files() { return files_; }
  MmStruct& mm() { return mm_; }
  void Fail(std::string failure) {
    if (failure_.empty()) failure_ = std::move(failure);
  }

 private:
  void Main() final;
  void OnStart(StartMessage&) { started_ = true; }
  // Gives the thread of control away until `flag` is set by a message.
  void WaitFor(const bool& flag) {
    while (!flag) ReceiveOne();
  }
  // The context's next resumption sets resumed_.
  void ExpectResume();

  const FunctionCost user_loop_;
  SyscallPorts kernel_;
  Context context_;
  FilesStruct files_;
  MmStruct mm_;
  std::string failure_;
  bool started_ = false;
  bool resumed_ = false;
  bool replied_ = false;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_TASK_H_
