#include "sim/sweep/merge.h"

#include <cstdio>

#include "sim/cli/options.h"
#include "sim/core/error.h"
#include "sim/sweep/summary_text.h"
#include "sim/sweep/write_results.h"

namespace biotope::cli {

int Merge(const MergeCommand& options) {
  const SweepRun run = CommonRun(options.shards);
  const SweepDirectory directory(options.output_dir, run, true);
  MergePoints(options.shards, run, directory);
  const SweepSummary summary = WriteResults(directory, run);
  std::fputs(SweepSummaryText(run, summary).c_str(), stdout);
  if (!summary.missing.empty()) {
    std::fprintf(stderr, "biotope: `biotope sweep SWEEP -o %s --resume` runs what is missing\n",
                 options.output_dir.c_str());
  }
  const bool complete = summary.failed.empty() && summary.missing.empty();
  return static_cast<int>(complete ? ExitCode::kOk : ExitCode::kSweepFailed);
}

}  // namespace biotope::cli
