#include "sim/sweep/result_rows.h"

#include <fmt/format.h>

#include <cmath>
#include <limits>

#include "sim/core/layer.h"
#include "sim/results/histogram.h"

namespace biotope {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
constexpr double kPsPerSecond = 1e12;

struct Percentile {
  std::string_view name;
  double percentile;
};
constexpr Percentile kPercentiles[] = {{"lat_p50_ns", 50},     {"lat_p90_ns", 90},
                                       {"lat_p95_ns", 95},     {"lat_p99_ns", 99},
                                       {"lat_p99_9_ns", 99.9}, {"lat_p99_99_ns", 99.99}};

double Ratio(double part, double whole) { return whole > 0 ? part / whole : kNone; }

// Pairs each metric with its name, so that the two lists cannot disagree.
class Metrics {
 public:
  explicit Metrics(std::vector<std::string>* names, std::vector<double>* values)
      : names_(names), values_(values) {}
  void Add(std::string_view name, double value) {
    if (names_ != nullptr) names_->emplace_back(name);
    if (values_ != nullptr) values_->push_back(value);
  }

 private:
  std::vector<std::string>* names_;
  std::vector<double>* values_;
};

void AddLatency(const Histogram& latency, Metrics& metrics) {
  const bool any = latency.count() > 0;
  metrics.Add("lat_mean_ns", any ? latency.mean_ns() : kNone);
  metrics.Add("lat_stddev_ns", any ? latency.stddev_ns() : kNone);
  metrics.Add("lat_min_ns", any ? static_cast<double>(latency.min_ps() / 1000) : kNone);
  for (const auto& [name, percentile] : kPercentiles) {
    metrics.Add(name, any ? static_cast<double>(PercentileNs(latency, percentile)) : kNone);
  }
  metrics.Add("lat_max_ns", any ? static_cast<double>(latency.max_ps() / 1000) : kNone);
}

void AddJob(const JobResult& job, Metrics& metrics) {
  const double seconds = static_cast<double>(job.runtime_ps()) / kPsPerSecond;
  uint64_t errors = 0;
  for (const auto& [error, count] : job.errors()) errors += count;
  metrics.Add("ios", static_cast<double>(job.ios()));
  metrics.Add("bytes", static_cast<double>(job.bytes()));
  metrics.Add("runtime_s", seconds);
  metrics.Add("iops", Ratio(static_cast<double>(job.ios()), seconds));
  metrics.Add("bw_bytes_per_s", Ratio(static_cast<double>(job.bytes()), seconds));
  AddLatency(job.latency(), metrics);
  metrics.Add("errors", static_cast<double>(errors));
}

void AddDevice(const DeviceResult& device, Metrics& metrics) {
  const bool any = device.requests() > 0;
  metrics.Add("device_util",
              Ratio(static_cast<double>(device.busy_ps()), static_cast<double>(device.span_ps())));
  metrics.Add("device_queue_depth", device.queue_depth());
  metrics.Add("device_requests", static_cast<double>(device.requests()));
  metrics.Add("device_sectors", static_cast<double>(device.sectors()));
  metrics.Add("device_merges", static_cast<double>(device.merges()));
  metrics.Add("device_seek_mean_ns", any ? device.mean_seek_ns() : kNone);
  metrics.Add("device_rotation_mean_ns", any ? device.mean_rotation_ns() : kNone);
  metrics.Add("device_transfer_mean_ns", any ? device.mean_transfer_ns() : kNone);
}

// The share of each layer in the time of the data calls of all processes.
void AddShares(const Breakdown& breakdown, Metrics& metrics) {
  for (const std::string_view name : kLayerNames) {
    double total = 0;
    for (const LayerShare& layer : breakdown.layer()) {
      if (layer.layer() == name) total = static_cast<double>(layer.total_ps());
    }
    metrics.Add(fmt::format("share_{}", name),
                Ratio(total, static_cast<double>(breakdown.total_ps())));
  }
}

void AddAll(const JobResult& job, const Result& result, Metrics metrics) {
  AddJob(job, metrics);
  metrics.Add("simulated_s", static_cast<double>(result.simulated_ps()) / kPsPerSecond);
  AddDevice(result.device(), metrics);
  AddShares(result.breakdown(), metrics);
}

std::vector<std::string> MakeNames() {
  std::vector<std::string> names;
  AddAll({}, {}, Metrics(&names, nullptr));
  return names;
}

}  // namespace

const std::vector<std::string>& MetricNames() {
  static const std::vector<std::string> names = MakeNames();
  return names;
}

std::vector<std::string> ReservedColumns() {
  std::vector<std::string> names = MetricNames();
  // Those of all tables, of intervals and of histograms too.
  for (const char* name : {"point", "seed", "process", "direction", "status", "metric", "n", "mean",
                           "stddev", "ci95_low", "ci95_high"}) {
    names.emplace_back(name);
  }
  return names;
}

std::vector<ResultRow> RowsOf(const Result& result) {
  std::vector<ResultRow> rows;
  for (const JobResult& job : result.job()) {
    ResultRow& row = rows.emplace_back(ResultRow{job.name(), "read", {}, &job.latency()});
    AddAll(job, result, Metrics(nullptr, &row.metrics));
  }
  return rows;
}

std::string NumberText(double number) {
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (std::isnan(number)) return "";
  if (std::trunc(number) == number && std::fabs(number) < kExact) {
    return fmt::format("{}", static_cast<int64_t>(number));
  }
  return fmt::format("{:.9g}", number);
}

}  // namespace biotope
