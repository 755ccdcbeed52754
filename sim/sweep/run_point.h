#ifndef BIOTOPE_SIM_SWEEP_RUN_POINT_H_
#define BIOTOPE_SIM_SWEEP_RUN_POINT_H_

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "sim/sweep/sweep_directory.h"

namespace biotope {

// What a run has left: the files of its directory, and why it has failed, if it has.
struct PointProduct {
  std::vector<std::pair<std::string, std::string>> files;  // name, contents
  std::vector<std::string> failures;
};

// Runs one point. Given by whoever knows how to run a scenario. Must not depend on what ran before
// in the same process. May throw Error.
using PointRunner = std::function<PointProduct(uint32_t point)>;

// What became of a point.
struct PointReport {
  enum class Outcome : uint32_t {
    kFinished,  // its directory is there
    kFailed,    // its directory among the failed is there
    kRefused,   // file, disk or memory: nothing is there, and other points would fare the same
  };
  uint32_t point = 0;
  Outcome outcome = Outcome::kFinished;
  std::string message;
};

// Runs a point and writes its directory.
PointReport RunPoint(const SweepDirectory& directory, uint32_t point, const PointRunner& runner);

// Keeps a failed point: its log, and the files that it has left.
void KeepFailed(const SweepDirectory& directory, uint32_t point, const std::string& log,
                const PointProduct& product);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_RUN_POINT_H_
