#include "sim/world/task.h"

#include <utility>

namespace biotope {

Task::Task(Engine& engine, EventStream& stream, const CostTable& costs, std::string name,
           uint16_t number, Core& core, uint32_t rlimit_nofile)
    : Actor(engine, name, Waits::kAnywhere),
      user_loop_(costs.Get("user_loop")),
      context_(Context::Kind::kTask, std::move(name), number, core, stream),
      files_(rlimit_nofile) {}

void Task::Main() {
  WaitFor(started_);
  ExpectResume();
  context_.core().Wake(context_, 0);
  WaitFor(resumed_);
  Program();
  context_.core().Exit(context_);
  for (;;) ReceiveOne();  // SimGrid's actor stays, so that nothing is freed while time stands still
}

void Task::ExpectResume() {
  resumed_ = false;
  context_.ResumeWith(
      *this, [](void* flag, Message&) { *static_cast<bool*>(flag) = true; }, &resumed_);
}

int64_t Task::Call(const SyscallArguments& arguments) {
  Syscall call;
  call.arguments = arguments;
  call.arguments.files = &files_;
  call.arguments.mm = &mm_;
  call.context = &context_;
  call.caller = this;
  call.on_reply = [](void* flag, Message&) { *static_cast<bool*>(flag) = true; };
  call.reply_receiver = &replied_;
  replied_ = false;
  kernel_.call.Send(call);
  WaitFor(replied_);
  context_.EnterLayer(Layer::kUser);
  return call.result;
}

void Task::Compute(Tick span) {
  if (span == Tick(0) || context_.core().TryRun(context_, span)) return;
  ExpectResume();
  context_.core().Run(context_, span);
  WaitFor(resumed_);
}

void Task::Sleep() {
  ExpectResume();
  context_.core().Block(context_);
  WaitFor(resumed_);
}

void Task::SleepFor(Tick span) {
  if (span == Tick(0)) return;
  ExpectResume();
  context_.core().Block(context_);
  engine().At(
      engine().now() + span,
      [](void* self) {
        Context& context = static_cast<Task*>(self)->context_;
        context.core().Wake(context, 0);
      },
      this);
  WaitFor(resumed_);
}

}  // namespace biotope
