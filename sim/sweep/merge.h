#ifndef BIOTOPE_SIM_SWEEP_MERGE_H_
#define BIOTOPE_SIM_SWEEP_MERGE_H_

#include <string>
#include <vector>

#include "sim/sweep/sweep_directory.h"

namespace biotope {

// What shards hold together: their common sweep. Throws ScenarioError, saying what differs, if they
// are of different sweeps.
SweepRun CommonRun(const std::vector<std::string>& shards);

// Brings the points of the directories `shards`, finished and failed, into `directory`, as hard
// links where that can be and as copies elsewhere. What is there already stays. Throws
// EnvironmentError.
void MergePoints(const std::vector<std::string>& shards, const SweepRun& run,
                 const SweepDirectory& directory);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_MERGE_H_
