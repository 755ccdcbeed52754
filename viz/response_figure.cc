#include "viz/response_figure.h"

#include <fmt/format.h>

namespace biotope {
namespace {

Figure::Series Curve(const std::string& name, const ResponseDistribution& distribution) {
  Figure::Series series;
  series.set_name(name);
  for (const ResponseDistribution::Point& point : distribution.Cumulative()) {
    series.add_x(point.ms);
    series.add_y(point.y);
  }
  return series;
}

}  // namespace

Figure MakeResponseFigure(const ScoredResponses& scored) {
  Figure figure;
  figure.set_title(fmt::format("Response times of {}", scored.device));
  figure.set_caption(
      fmt::format("Cumulative distributions of {} requests; their distance is "
                  "{:.3f} ms (RMS).",
                  scored.simulated->count(), scored.rms_ms));
  figure.set_provenance(fmt::format("{} on {}", scored.trace, scored.device));
  figure.mutable_x()->set_label("response time (ms)");
  figure.mutable_x()->set_scale(Figure::LINEAR);
  figure.mutable_x()->set_min(0);
  figure.mutable_y()->set_label("part of the requests");
  figure.mutable_y()->set_scale(Figure::LINEAR);
  figure.mutable_y()->set_min(0);
  figure.mutable_y()->set_max(1);
  *figure.add_series() = Curve("simulated", *scored.simulated);
  *figure.add_series() = Curve("measured", *scored.measured);
  return figure;
}

}  // namespace biotope
