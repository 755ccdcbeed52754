#include "viz/percentiles.h"

#include <algorithm>
#include <cmath>

#include "sim/results/histogram.h"

namespace biotope {
namespace {

constexpr int kPointsPerDecade = 20;  // of 1/(1-p)

// The curve of one histogram: y in us.
Figure::Series Curve(const std::string& name, const Histogram& latency) {
  Figure::Series series;
  series.set_name(name);
  const double count = static_cast<double>(latency.count());
  for (int step = 0;; ++step) {
    const double nines = std::pow(10.0, static_cast<double>(step) / kPointsPerDecade);
    if (nines > count) break;
    const double percentile = 100 * (1 - 1 / nines);
    series.add_x(nines);
    series.add_y(percentile == 0 ? static_cast<double>(latency.min_ps()) / 1e6
                                 : static_cast<double>(PercentileNs(latency, percentile)) / 1e3);
  }
  // The slowest one.
  series.add_x(std::max(count, 1.0));
  series.add_y(static_cast<double>(latency.max_ps()) / 1e6);
  return series;
}

}  // namespace

Figure MakePercentiles(const std::vector<NamedResult>& results) {
  Figure figure;
  double nines_max = 10;
  std::string provenance;
  for (const NamedResult& named : results) {
    for (const JobResult& job : named.result.job()) {
      if (job.latency().count() == 0) continue;
      const bool one_job = named.result.job_size() == 1;
      *figure.add_series() =
          Curve(one_job ? named.name : named.name + ": " + job.name(), job.latency());
      nines_max = std::max(nines_max, static_cast<double>(job.latency().count()));
    }
    provenance += (provenance.empty() ? "" : "; ") + named.name + ": " + named.result.title() +
                  " | " + named.result.setting() + " | seed " + std::to_string(named.result.seed());
  }
  figure.set_title(results.size() == 1 ? results.front().result.title() : "Latency percentiles");
  figure.set_caption("Latency of read calls by percentile; each curve ends at its slowest read.");
  figure.set_provenance(provenance);
  figure.mutable_x()->set_label("percentile of reads");
  figure.mutable_x()->set_scale(Figure::NINES);
  figure.mutable_x()->set_min(1);
  figure.mutable_x()->set_max(std::pow(10.0, std::ceil(std::log10(nines_max))));
  figure.mutable_y()->set_label("latency (µs)");
  figure.mutable_y()->set_scale(Figure::LOG);
  return figure;
}

}  // namespace biotope
