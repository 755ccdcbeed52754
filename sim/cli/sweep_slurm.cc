#include "sim/cli/sweep_slurm.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <string>

#include "sim/cli/sweep_progress.h"
#include "sim/sweep/slurm.h"

namespace biotope::cli {

ExitCode RunOnSlurm(const SweepCommand& options, uint32_t points, bool quiet,
                    const std::atomic<bool>& interrupted) {
  namespace fs = std::filesystem;
  SlurmSweep sweep;
  sweep.program = fs::read_symlink("/proc/self/exe").string();
  sweep.sweep = fs::absolute(options.sweep).lexically_normal().string();
  sweep.directory = fs::absolute(options.output_dir).lexically_normal().string();
  while (sweep.directory.size() > 1 && sweep.directory.ends_with('/')) sweep.directory.pop_back();
  sweep.shards = ShardsFor(sweep.directory, points, options.jobs);
  const SlurmJobs jobs = SubmitToSlurm(sweep);
  if (!quiet) {
    std::fprintf(stderr, "slurm: %u shards as job array %s, merge as job %s; logs in %s/slurm\n",
                 sweep.shards, jobs.array.c_str(), jobs.merge.c_str(), sweep.directory.c_str());
  }
  uint32_t done = PointsOfShards(sweep.directory);
  SweepProgress progress(done, points, quiet);
  while (IsInQueue(jobs.merge)) {
    if (interrupted) {
      CancelInSlurm(jobs);
      std::fprintf(stderr,
                   "biotope: interrupted, jobs cancelled\n%u of %u points are there and kept; the "
                   "same command with --resume does the others\n",
                   done, points);
      return ExitCode::kInterrupted;
    }
    sleep(1);
    for (const uint32_t now = PointsOfShards(sweep.directory); done < now; ++done) {
      progress.Finished();
    }
    progress.Tick();
  }
  progress.Clear();
  return ExitCode::kOk;
}

}  // namespace biotope::cli
