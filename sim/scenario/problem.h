#ifndef BIOTOPE_SIM_SCENARIO_PROBLEM_H_
#define BIOTOPE_SIM_SCENARIO_PROBLEM_H_

#include <string>
#include <vector>

namespace biotope {

// A mistake of meaning in a scenario, found by whoever knows better than the reader of the text.
struct Problem {
  std::string field;    // its path: "process[0].fio.filename"; "" for the whole scenario
  std::string message;  // what is wrong, naming the field
  std::vector<std::string> notes = {};
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_PROBLEM_H_
