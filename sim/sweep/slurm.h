#ifndef BIOTOPE_SIM_SWEEP_SLURM_H_
#define BIOTOPE_SIM_SWEEP_SLURM_H_

#include <cstdint>
#include <string>

namespace biotope {

// A sweep as a job array of a Slurm cluster: one task per shard, each with a directory of its own
// below DIR/shards, and then a job that merges them into DIR, whatever has become of them
// (--dependency=afterany). Program, sweep and directory must be seen under the same absolute paths
// on all nodes. sbatch's own environment (SBATCH_PARTITION, SBATCH_TIMELIMIT, ...) holds.
struct SlurmSweep {
  std::string program;
  std::string sweep;
  std::string directory;
  uint32_t shards = 1;
};

struct SlurmJobs {
  std::string array;
  std::string merge;
};

// Shards for so many points: not more than the cluster allows in one array, and each with enough
// to do; as many as before if DIR/shards is there. `wanted` 0: the default.
uint32_t ShardsFor(const std::string& directory, uint32_t points, uint32_t wanted);

// The script of the array's tasks.
std::string SlurmScript(const SlurmSweep& sweep);

// All three call Slurm's commands. Throw EnvironmentError if that fails.
SlurmJobs SubmitToSlurm(const SlurmSweep& sweep);
bool IsInQueue(const std::string& job);
void CancelInSlurm(const SlurmJobs& jobs);

// Points, finished or failed, that the shards have so far.
uint32_t PointsOfShards(const std::string& directory);
// Removes DIR/shards and the scripts and logs of the jobs.
void RemoveShards(const std::string& directory);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_SLURM_H_
