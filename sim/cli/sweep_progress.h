#ifndef BIOTOPE_SIM_CLI_SWEEP_PROGRESS_H_
#define BIOTOPE_SIM_CLI_SWEEP_PROGRESS_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace biotope::cli {

// How far a sweep is, on standard error: one line that is written again and again on a terminal,
// and a plain line every ten seconds elsewhere.
class SweepProgress {
 public:
  // `done` of `total` points were there at the start.
  SweepProgress(uint32_t done, uint32_t total, bool quiet);

  void Finished() { ++done_; }
  void Failed();
  // Shows it, if it is time to.
  void Tick();
  // Before anything else is written to standard error; the line is gone then.
  void Clear();

  // "sweep 137/400 [=======>      ] 12 failed, 3.2 points/s, ETA 1m22s"
  static std::string Line(uint32_t done, uint32_t total, uint32_t failed, double rate);

 private:
  using Clock = std::chrono::steady_clock;

  uint32_t at_start_;
  uint32_t done_;
  uint32_t total_;
  uint32_t failed_ = 0;
  bool quiet_;
  bool terminal_;
  bool shown_ = false;
  Clock::time_point start_;
  Clock::time_point last_;
};

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_SWEEP_PROGRESS_H_
