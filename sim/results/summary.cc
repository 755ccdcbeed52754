#include "sim/results/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "sim/results/histogram.h"

namespace biotope {
namespace {

// fio's choice of a unit for times: the largest in which the mean is at least 2.
struct TimeUnit {
  std::string_view name;
  double ns;
};

TimeUnit UnitFor(double mean_ns) {
  if (mean_ns >= 2e9) return {"sec", 1e9};
  if (mean_ns >= 2e6) return {"msec", 1e6};
  if (mean_ns >= 2e3) return {"usec", 1e3};
  return {"nsec", 1};
}

// Three to four significant digits.
std::string Number(double value) {
  if (value == 0) return "0";
  if (value >= 1000) return fmt::format("{:.0f}", value);
  if (value >= 100) return fmt::format("{:.1f}", value);
  if (value >= 1) return fmt::format("{:.2f}", value);
  return fmt::format("{:.3f}", value);
}

std::string Duration(double ns) {
  const TimeUnit unit = UnitFor(ns);
  return Number(ns / unit.ns) + " " + std::string(unit.name);
}

std::string Bandwidth(double bytes_per_second) {
  constexpr std::string_view kUnits[] = {"B/s", "KiB/s", "MiB/s", "GiB/s", "TiB/s"};
  size_t unit = 0;
  while (bytes_per_second >= 1024 && unit + 1 < std::size(kUnits)) {
    bytes_per_second /= 1024;
    ++unit;
  }
  return Number(bytes_per_second) + std::string(kUnits[unit]);
}

// fio's percentiles, without the lowest, which say little about reads.
constexpr double kPercentiles[] = {1, 5, 10, 25, 50, 75, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};
// A percentile with fewer samples behind it is marked: another seed may move it far.
constexpr double kFewSamples = 10;

std::string PercentileLines(const Histogram& latency) {
  const TimeUnit unit = UnitFor(latency.mean_ns());
  std::string text = fmt::format("    percentiles ({}):", unit.name);
  bool marked = false;
  int in_line = 0;
  for (const double percentile : kPercentiles) {
    const double beyond = static_cast<double>(latency.count()) * (100 - percentile) / 100;
    const bool few = beyond < kFewSamples;
    marked = marked || few;
    if (in_line++ % 5 == 0) text += "\n     ";
    const double ns = static_cast<double>(PercentileNs(latency, percentile));
    text += fmt::format(
        " {:>13}", fmt::format("{:g}th={}{}", percentile, Number(ns / unit.ns), few ? "*" : ""));
  }
  text += "\n";
  if (marked) text += "      (* fewer than 10 samples beyond)\n";
  return text;
}

std::string JobText(const JobResult& job) {
  std::string text = fmt::format("{}: {}\n", job.name(), job.heading());
  const double seconds = static_cast<double>(job.runtime_ps()) / 1e12;
  const Histogram& latency = job.latency();
  if (job.ios() == 0) {
    text += "  read: no data was read\n";
  } else {
    const double ios = static_cast<double>(job.ios());
    text += fmt::format("  {}: IOPS={}, BW={} ({} simulated, {} I/Os)\n",
                        job.writes() ? "write" : "read", seconds > 0 ? Number(ios / seconds) : "-",
                        seconds > 0 ? Bandwidth(static_cast<double>(job.bytes()) / seconds) : "-",
                        Duration(seconds * 1e9), job.ios());
    const TimeUnit unit = UnitFor(latency.mean_ns());
    text += fmt::format("    lat ({}): min={}, max={}, avg={}, stdev={}\n", unit.name,
                        Number(static_cast<double>(latency.min_ps()) / 1e3 / unit.ns),
                        Number(static_cast<double>(latency.max_ps()) / 1e3 / unit.ns),
                        Number(latency.mean_ns() / unit.ns), Number(latency.stddev_ns() / unit.ns));
    text += PercentileLines(latency);
  }
  std::vector<std::pair<int, uint64_t>> errors(job.errors().begin(), job.errors().end());
  std::sort(errors.begin(), errors.end());
  for (const auto& [error, count] : errors) {
    text += fmt::format("  errors: {} × {}\n", count, strerrorname_np(error));
  }
  return text;
}

std::string BreakdownText(const Breakdown& breakdown) {
  if (breakdown.ios() == 0) return "";
  const double total = static_cast<double>(breakdown.total_ps());
  std::string text = fmt::format("where the time goes ({} I/Os)\n  {:<11}{:>8}{:>14}{:>14}\n",
                                 breakdown.ios(), "layer", "share", "mean", "p99");
  double mean_sum = 0;
  for (const LayerShare& layer : breakdown.layer()) {
    mean_sum += layer.mean_ns();
    text += fmt::format("  {:<11}{:>7.2f}%{:>14}{:>14}\n", layer.layer(),
                        total > 0 ? 100 * static_cast<double>(layer.total_ps()) / total : 0.0,
                        Duration(layer.mean_ns()), Duration(static_cast<double>(layer.p99_ns())));
  }
  text += fmt::format("  {:<11}{:>7.2f}%{:>14}\n", "sum", 100.0, Duration(mean_sum));
  return text;
}

std::string StagesText(const BlockStages& stages) {
  std::string text;
  for (const BlockStage& stage : stages.stage()) {
    if (stage.name() == "Q2Q") continue;
    text += fmt::format(
        "  {} {} ×{}", stage.name(),
        Duration(static_cast<double>(stage.total_ns()) / static_cast<double>(stage.count())),
        stage.count());
  }
  return text.empty() ? "" : "block layer (mean, as btt):\n" + text + "\n";
}

std::string DeviceText(const DeviceResult& device) {
  if (device.requests() == 0) return fmt::format("device {}: no requests\n", device.name());
  return fmt::format(
      "device {}: util={:.1f}%  queue depth avg={}  requests={}  sectors={}  merges={}\n"
      "  per request: seek avg={}  rotation avg={}  transfer avg={}\n",
      device.name(),
      device.span_ps() > 0 ? std::min(100.0, 100 * static_cast<double>(device.busy_ps()) /
                                                 static_cast<double>(device.span_ps()))
                           : 0.0,
      Number(device.queue_depth()), device.requests(), device.sectors(), device.merges(),
      Duration(device.mean_seek_ns()), Duration(device.mean_rotation_ns()),
      Duration(device.mean_transfer_ns()));
}

}  // namespace

std::string SummaryText(const Result& result) {
  std::string text = fmt::format("{}\n{}\n\n", result.title(), result.setting());
  for (const JobResult& job : result.job()) text += JobText(job);
  text += "\n" + BreakdownText(result.breakdown());
  text += StagesText(result.block_stages());
  text += DeviceText(result.device());
  for (const std::string& failure : result.failure()) {
    text += fmt::format("FAILED: {}\n", failure);
  }
  text += fmt::format("seed {}, {} simulated\n", result.seed(),
                      Duration(static_cast<double>(result.simulated_ps()) / 1e3));
  return text;
}

}  // namespace biotope
