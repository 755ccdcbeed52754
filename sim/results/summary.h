#ifndef BIOTOPE_SIM_RESULTS_SUMMARY_H_
#define BIOTOPE_SIM_RESULTS_SUMMARY_H_

#include <string>

#include "configs/schema/result.pb.h"

namespace biotope {

// The text that `run` prints: in fio's words, and then where the time goes. A function of the
// result alone, so always the same bytes.
std::string SummaryText(const Result& result);

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_SUMMARY_H_
