#ifndef BIOTOPE_SIM_SCENARIO_CHECK_RULES_H_
#define BIOTOPE_SIM_SCENARIO_CHECK_RULES_H_

#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "sim/scenario/problem.h"

namespace biotope {

// Holds every field of `message` against the rule that stands beside it in its .proto file
// (required, range, notation, length, number and keys of entries), and every enum against its
// values. `path` is where `message` stands. Whatever lies below one of the paths `incomplete` may
// lack what is required.
std::vector<Problem> CheckRules(const google::protobuf::Message& message, const std::string& path,
                                const std::vector<std::string>& incomplete);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_CHECK_RULES_H_
