#ifndef BIOTOPE_SIM_VERIFY_RECORDED_CASE_H_
#define BIOTOPE_SIM_VERIFY_RECORDED_CASE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/verify/block_event.h"
#include "sim/verify/operation.h"

namespace biotope {

// What one operation returned.
struct OperationResult {
  int64_t result = 0;  // -1 for an error
  int error = 0;       // errno

  friend bool operator==(const OperationResult&, const OperationResult&) = default;
};

// What was the same in every repetition of the recording; what was not need not be the same in a
// simulation either.
struct StableParts {
  bool results = true;
  bool queue = true;   // Q
  bool submit = true;  // what a task does to the queue
  bool issue = true;   // D, as a sequence
};

// A case: how a real kernel was set up, what its processes did, and, for comparison alone, what
// followed. docs/verify.md has the format.
struct RecordedCase {
  std::string name;
  std::string directory;

  // The setup.
  std::string kernel;  // such as "2.6.11"
  std::string image;   // name of the file system; "" if the case has none
  std::string mount;   // options of mount(8)
  uint32_t processes = 1;
  std::optional<uint32_t> tcq_depth;
  std::map<std::string, std::string> queue;  // sysfs settings of the queue, by their names
  std::vector<Operation> operations;

  // The record.
  StableParts stable;
  std::vector<OperationResult> results;  // of each operation
  std::vector<BlockEvent> events;

  // Set where the case is of a kind that is not a trace: why it cannot be simulated.
  std::string not_a_trace;
};

// Reads case.json, ops.txt, ops.csv and events.csv of a directory. Throws ScenarioError, with file
// and line, for what is wrong, and EnvironmentError for a file that cannot be read. ops.csv and
// events.csv may be missing: then there is nothing to compare with.
RecordedCase ReadCase(const std::string& directory);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_RECORDED_CASE_H_
