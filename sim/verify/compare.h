#ifndef BIOTOPE_SIM_VERIFY_COMPARE_H_
#define BIOTOPE_SIM_VERIFY_COMPARE_H_

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "sim/verify/block_event.h"
#include "sim/verify/recorded_case.h"

namespace biotope {

// One thing that is compared: what was recorded, what was simulated, as lines of text that are
// equal where the two are.
struct PartComparison {
  std::string name;    // ret, Q, submit, D
  size_t matched = 0;  // of the recorded
  size_t recorded = 0;
  bool counts = true;  // it was the same in every repetition of the recording
  bool equal = true;
  bool as_set = false;     // D: compared as a set of sectors
  std::string difference;  // the first one, with what is around it; "" if equal
};

struct CaseComparison {
  std::vector<PartComparison> parts;  // ret, Q, submit, D

  bool passed() const;
};

// Compares by the rules of docs/verify.md.
CaseComparison CompareCase(const RecordedCase& recorded,
                           const std::vector<std::optional<OperationResult>>& results,
                           const std::vector<BlockEvent>& events);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_COMPARE_H_
