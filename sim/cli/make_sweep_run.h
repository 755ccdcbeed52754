#ifndef BIOTOPE_SIM_CLI_MAKE_SWEEP_RUN_H_
#define BIOTOPE_SIM_CLI_MAKE_SWEEP_RUN_H_

#include <string>
#include <vector>

#include "sim/scenario/profile.h"
#include "sim/scenario/scenario_file.h"
#include "sim/sweep/run_point.h"
#include "sim/sweep/sweep_directory.h"
#include "sim/sweep/sweep_file.h"

namespace biotope::cli {

// A sweep that was read and checked, and how its points are run.
class CheckedSweep {
 public:
  // Throws ScenarioError with all mistakes: those of the sweep, and those of the scenario with each
  // value of each axis. Combinations of values are not all tried; a wrong one is a failed point.
  CheckedSweep(const std::string& path, const std::string& shard);

  const SweepRun& run() const { return run_; }
  // Runs a point as `biotope run` would.
  PointProduct RunPoint(const SweepDirectory& directory, uint32_t point) const;

 private:
  ScenarioFile Load(uint32_t point) const;
  void CheckValues();
  void AddInputs(const ScenarioFile& scenario);

  const SweepFile file_;
  const std::string scenario_path_;
  const std::string scenario_text_;
  SweepRun run_;
};

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_MAKE_SWEEP_RUN_H_
