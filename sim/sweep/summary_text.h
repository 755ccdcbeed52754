#ifndef BIOTOPE_SIM_SWEEP_SUMMARY_TEXT_H_
#define BIOTOPE_SIM_SWEEP_SUMMARY_TEXT_H_

#include <string>

#include "sim/sweep/write_results.h"

namespace biotope {

// What `sweep` and `merge` print: one line per setting and process, with means over the seeds and
// their confidence intervals, and what has failed or is missing.
std::string SweepSummaryText(const SweepRun& run, const SweepSummary& summary);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_SUMMARY_TEXT_H_
