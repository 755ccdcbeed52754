#include "sim/sweep/summary_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/scenario/quote.h"

namespace biotope {
namespace {

// A terminal's worth; the rest is in the files.
constexpr size_t kMostLines = 60;
constexpr size_t kMostNumbers = 10;

using Lines = std::vector<std::vector<std::string>>;

std::string Significant(double number) {
  if (std::isnan(number)) return "-";
  if (std::fabs(number) >= 1000) return fmt::format("{:.0f}", number);
  return fmt::format("{:.4g}", number);
}

std::string WithInterval(const IntervalEstimate& estimate, double scale) {
  if (estimate.count == 0) return "-";
  if (estimate.count == 1) return Significant(estimate.mean * scale);
  const std::string mean = Significant(estimate.mean * scale);
  return fmt::format("{} ±{:.2g}", mean, estimate.half_width * scale);
}

// Columns of a fixed width font; '±' is two bytes wide and one column.
size_t Width(const std::string& text) {
  return text.size() - (text.find("±") != std::string::npos ? 1 : 0);
}

std::string Aligned(const Lines& lines) {
  std::vector<size_t> widths(lines.front().size());
  for (const auto& line : lines) {
    for (size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], Width(line[i]));
  }
  std::string text;
  for (const auto& line : lines) {
    std::string row;
    for (size_t i = 0; i < line.size(); ++i) {
      row += line[i] + std::string(widths[i] - Width(line[i]) + 2, ' ');
    }
    row.erase(row.find_last_not_of(' ') + 1);
    text += row + "\n";
  }
  return text;
}

std::string Numbers(const std::vector<uint32_t>& numbers) {
  std::string text;
  for (size_t i = 0; i < std::min(numbers.size(), kMostNumbers); ++i) {
    text += fmt::format("{}{}", i == 0 ? "" : ", ", numbers[i]);
  }
  return numbers.size() > kMostNumbers ? text + ", ..." : text;
}

}  // namespace

std::string SweepSummaryText(const SweepRun& run, const SweepSummary& summary) {
  constexpr double kMsPerNs = 1e-6;
  std::string text = run.plan.title() + "\n\n";
  Lines lines(1);
  for (const Expansion::Column& column : run.expansion.columns) lines[0].push_back(column.name);
  for (const char* name : {"process", "seeds", "IOPS", "lat mean (ms)", "lat p99 (ms)"}) {
    lines[0].emplace_back(name);
  }
  for (const SettingSummary& setting : summary.settings) {
    if (lines.size() > kMostLines) break;
    std::vector<std::string>& line = lines.emplace_back();
    for (const std::string& cell : setting.cells) line.push_back(Printable(cell));
    line.push_back(setting.process);
    line.push_back(fmt::format("{}", setting.iops.count));
    line.push_back(WithInterval(setting.iops, 1));
    line.push_back(WithInterval(setting.mean_ns, kMsPerNs));
    line.push_back(WithInterval(setting.p99_ns, kMsPerNs));
  }
  text += Aligned(lines);
  if (summary.settings.size() > kMostLines) {
    text += fmt::format("... and {} lines more: {}\n", summary.settings.size() - kMostLines,
                        kIntervalsFile);
  }
  if (run.expansion.seeds > 1) text += "±: half of the 95 % confidence interval over the seeds\n";
  text +=
      fmt::format("{} of {} points are finished\n", summary.finished, run.expansion.points.size());
  if (!summary.failed.empty()) {
    text += fmt::format("FAILED: {} points (failed/*/{}): {}\n", summary.failed.size(), kLogFile,
                        Numbers(summary.failed));
  }
  if (!summary.missing.empty()) {
    text +=
        fmt::format("MISSING: {} points: {}\n", summary.missing.size(), Numbers(summary.missing));
  }
  return text;
}

}  // namespace biotope
