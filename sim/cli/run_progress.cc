#include "sim/cli/run_progress.h"

#include <fmt/format.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <utility>

#include "sim/core/error.h"

namespace biotope::cli {
namespace {

constexpr std::chrono::milliseconds kInterval{200};

std::atomic<bool> interrupted = false;

void OnInterrupt(int) { interrupted = true; }

}  // namespace

RunProgress::RunProgress(bool shown, std::function<void()> discard)
    : shown_(shown), discard_(std::move(discard)), next_(Clock::now() + kInterval) {}

RunProgress::~RunProgress() {
  Clear();
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

std::string RunProgress::Line(Tick simulated, uint64_t calls) {
  return fmt::format("simulated {:.3f} s, {} calls", static_cast<double>(simulated.value()) / 1e12,
                     calls);
}

// Not before the run has begun: SimGrid's engine sets a handler of its own when it is made.
void RunProgress::Catch() {
  std::signal(SIGINT, OnInterrupt);
  std::signal(SIGTERM, OnInterrupt);
  caught_ = true;
}

void RunProgress::Consume(const Record* records, size_t count) {
  if (!caught_) Catch();
  if (count == 0) return;
  if (interrupted) Interrupted(records[count - 1].tick);
  if (!shown_) return;
  for (const Record* record = records; record != records + count; ++record) {
    calls_ += record->kind == Kind::kSyscallExit;
  }
  const Clock::time_point now = Clock::now();
  if (now < next_) return;
  next_ = now + kInterval;
  std::fprintf(stderr, "\r%s\033[K", Line(records[count - 1].tick, calls_).c_str());
  on_screen_ = true;
}

void RunProgress::Clear() {
  if (on_screen_) std::fputs("\r\033[K", stderr);
  on_screen_ = false;
}

// The stacks of the simulated actors are not unwound: the process ends here.
void RunProgress::Interrupted(Tick simulated) {
  Clear();
  discard_();
  std::fprintf(stderr, "biotope: interrupted after %.3f simulated seconds; nothing was written\n",
               static_cast<double>(simulated.value()) / 1e12);
  std::_Exit(static_cast<int>(ExitCode::kInterrupted));
}

}  // namespace biotope::cli
