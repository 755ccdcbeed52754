#ifndef BIOTOPE_SIM_SWEEP_RESULT_ROWS_H_
#define BIOTOPE_SIM_SWEEP_RESULT_ROWS_H_

#include <string>
#include <vector>

#include "configs/schema/result.pb.h"

namespace biotope {

// What one process did in one direction, as a row of a table.
struct ResultRow {
  std::string process;
  std::string direction;
  // One for each metric, in the order of MetricNames(); NaN where there is none.
  std::vector<double> metrics;
  // Of the latencies.
  const Histogram* histogram = nullptr;
};

// The metrics: the process's own first; then, the same in all rows of a point, those of the device
// and of the layers. Units are in the names.
const std::vector<std::string>& MetricNames();

// The columns beside those of the axes: point, seed, process, direction and the metrics.
std::vector<std::string> ReservedColumns();

// The rows of one result, which must outlive them.
std::vector<ResultRow> RowsOf(const Result& result);

// A number for a table: whole numbers in full, others with nine digits, "" for NaN.
std::string NumberText(double number);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_RESULT_ROWS_H_
