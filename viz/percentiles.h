#ifndef BIOTOPE_VIZ_PERCENTILES_H_
#define BIOTOPE_VIZ_PERCENTILES_H_

#include <string>
#include <vector>

#include "configs/schema/figure.pb.h"
#include "configs/schema/result.pb.h"

namespace biotope {

// A result and what the figure calls it.
struct NamedResult {
  std::string name;
  Result result;
};

// Latency over percentile, on a nines axis: one curve for each job of each result. A curve ends at
// the percentile that has one sample beyond it.
Figure MakePercentiles(const std::vector<NamedResult>& results);

}  // namespace biotope

#endif  // BIOTOPE_VIZ_PERCENTILES_H_
