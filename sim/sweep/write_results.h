#ifndef BIOTOPE_SIM_SWEEP_WRITE_RESULTS_H_
#define BIOTOPE_SIM_SWEEP_WRITE_RESULTS_H_

#include <cstdint>
#include <string>
#include <vector>

#include "sim/sweep/interval_estimate.h"
#include "sim/sweep/sweep_directory.h"

namespace biotope {

// What the results of a setting say about one process, over its seeds.
struct SettingSummary {
  std::vector<std::string> cells;  // of the axes
  std::string process;
  std::string direction;
  IntervalEstimate iops;
  IntervalEstimate mean_ns;
  IntervalEstimate p99_ns;
};

struct SweepSummary {
  uint32_t finished = 0;
  std::vector<uint32_t> failed;
  std::vector<uint32_t> missing;
  std::vector<SettingSummary> settings;
};

inline constexpr std::string_view kCsvFile = "sweep.csv";
inline constexpr std::string_view kIntervalsFile = "sweep_intervals.csv";
inline constexpr std::string_view kSqliteFile = "sweep.sqlite";

// Reads the points of a sweep and writes its tables, each of which appears when it is whole. A
// function of the points alone, and always the same bytes:
//   sweep.csv            one row per point, process and direction; failed points are not in it
//   sweep_intervals.csv  per setting, process, direction and metric: mean over the seeds, with its
//                        95 % confidence interval
//   sweep.sqlite         the same as tables result and interval; point (all, with their status),
//                        failure, histogram, sweep
// Throws EnvironmentError, and ScenarioError for a damaged point.
SweepSummary WriteResults(const SweepDirectory& directory, const SweepRun& run);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_WRITE_RESULTS_H_
