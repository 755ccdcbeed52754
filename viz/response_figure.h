#ifndef BIOTOPE_VIZ_RESPONSE_FIGURE_H_
#define BIOTOPE_VIZ_RESPONSE_FIGURE_H_

#include <string>

#include "configs/schema/figure.pb.h"
#include "sim/results/response_distribution.h"

namespace biotope {

// What `biotope score` has found.
struct ScoredResponses {
  std::string device;
  std::string trace;
  double rms_ms = 0;
  const ResponseDistribution* simulated = nullptr;
  const ResponseDistribution* measured = nullptr;
};

// The cumulative distributions of response times, simulated and measured.
Figure MakeResponseFigure(const ScoredResponses& scored);

}  // namespace biotope

#endif  // BIOTOPE_VIZ_RESPONSE_FIGURE_H_
