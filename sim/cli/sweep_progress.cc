#include "sim/cli/sweep_progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace biotope::cli {
namespace {

constexpr uint32_t kBarWidth = 20;

// A terminal that can go back to the beginning of a line.
bool IsTerminal() {
  const char* const kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) != 0 && kind != nullptr && std::string_view(kind) != "dumb";
}

std::string Span(double seconds) {
  const uint64_t whole = static_cast<uint64_t>(seconds + 0.5);
  if (whole >= 3600) return fmt::format("{}h{:02}m", whole / 3600, whole / 60 % 60);
  if (whole >= 60) return fmt::format("{}m{:02}s", whole / 60, whole % 60);
  return fmt::format("{}s", whole);
}

}  // namespace

SweepProgress::SweepProgress(uint32_t done, uint32_t total, bool quiet)
    : at_start_(done),
      done_(done),
      total_(total),
      quiet_(quiet),
      terminal_(IsTerminal()),
      start_(Clock::now()),
      last_(start_) {}

void SweepProgress::Failed() {
  ++done_;
  ++failed_;
}

std::string SweepProgress::Line(uint32_t done, uint32_t total, uint32_t failed, double rate) {
  const uint32_t filled =
      total == 0 ? kBarWidth : static_cast<uint32_t>(uint64_t{kBarWidth} * done / total);
  std::string bar(filled, '=');
  if (filled < kBarWidth) bar += '>' + std::string(kBarWidth - filled - 1, ' ');
  const std::string eta = rate > 0 ? Span((total - done) / rate) : "?";
  return fmt::format("sweep {}/{} [{}]{} {:.3g} points/s, ETA {}", done, total, bar,
                     failed > 0 ? fmt::format(" {} failed,", failed) : "", rate, eta);
}

void SweepProgress::Tick() {
  if (quiet_) return;
  const Clock::time_point now = Clock::now();
  const auto pause = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10000);
  if (now - last_ < pause) return;
  last_ = now;
  const double seconds = std::chrono::duration<double>(now - start_).count();
  const std::string line = Line(done_, total_, failed_, (done_ - at_start_) / seconds);
  std::fprintf(stderr, terminal_ ? "\r\033[K%s" : "%s\n", line.c_str());
  std::fflush(stderr);
  shown_ = terminal_;
}

void SweepProgress::Clear() {
  if (shown_) std::fputs("\r\033[K", stderr);
  shown_ = false;
}

}  // namespace biotope::cli
