#ifndef BIOTOPE_SIM_CLI_SWEEP_SLURM_H_
#define BIOTOPE_SIM_CLI_SWEEP_SLURM_H_

#include <atomic>
#include <cstdint>

#include "sim/cli/options.h"
#include "sim/core/error.h"

namespace biotope::cli {

// Runs the points of `options` on a Slurm cluster and waits until its merge job is done. The jobs
// are cancelled if `interrupted` becomes true.
ExitCode RunOnSlurm(const SweepCommand& options, uint32_t points, bool quiet,
                    const std::atomic<bool>& interrupted);

}  // namespace biotope::cli

#endif  // BIOTOPE_SIM_CLI_SWEEP_SLURM_H_
