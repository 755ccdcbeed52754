#ifndef BIOTOPE_SIM_CLI_RUN_PROGRESS_H_
#define BIOTOPE_SIM_CLI_RUN_PROGRESS_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

#include "sim/core/units.h"
#include "sim/trace/stream.h"

namespace biotope::cli {

// How far a run is, on standard error: a line that is written again and again if that is a
// terminal, and nothing otherwise. It also looks for Ctrl-C: then the run ends with exit code 130.
class RunProgress : public EventSink {
 public:
  // `shown`: whether to write the line. `discard`: called before an interrupted run ends.
  RunProgress(bool shown, std::function<void()> discard);
  ~RunProgress() override;

  void Consume(const Record* records, size_t count) override;
  void Finish() override { Clear(); }

  // "simulated 12.345 s, 4711 calls"
  static std::string Line(Tick simulated, uint64_t calls);

 private:
  using Clock = std::chrono::steady_clock;

  void Catch();
  void Clear();
  [[noreturn]] void Interrupted(Tick simulated);

  const bool shown_;
  const std::function<void()> discard_;
  Clock::time_point next_;  // when the line is written again
  uint64_t calls_ = 0;      // system calls that have ended
  bool on_screen_ = false;
  bool caught_ = false;  // the signals come to us
};

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_RUN_PROGRESS_H_
