#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <string>
#include <thread>
#include <vector>

#include "sim/cli/make_sweep_run.h"
#include "sim/cli/options.h"
#include "sim/cli/sweep_progress.h"
#include "sim/cli/sweep_slurm.h"
#include "sim/core/error.h"
#include "sim/sweep/slurm.h"
#include "sim/sweep/summary_text.h"
#include "sim/sweep/sweep_directory.h"
#include "sim/sweep/worker_pool.h"
#include "sim/sweep/write_results.h"

namespace biotope::cli {
namespace {

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free);

void OnSignal(int) { interrupted = true; }

void CatchSignals() {
  struct sigaction action {};
  action.sa_handler = OnSignal;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) sigaction(signal, &action, nullptr);
  // A file that cannot grow is an error like a full disk.
  std::signal(SIGXFSZ, SIG_IGN);
}

uint32_t WorkersOf(const SweepCommand& options) {
  return options.jobs > 0 ? options.jobs : std::max(1u, std::thread::hardware_concurrency());
}

// Runs what is missing. Returns the exit code, 0 if everything is there now.
ExitCode RunMissing(const CheckedSweep& sweep, const SweepDirectory& directory, const Shard& shard,
                    const SweepCommand& options, bool quiet) {
  const uint32_t points = sweep.run().plan.points();
  const std::vector<uint32_t> missing = directory.Missing(points, shard);
  uint32_t total = 0;
  for (uint32_t point = 0; point < points; ++point) total += shard.Has(point) ? 1 : 0;
  const uint32_t done = total - static_cast<uint32_t>(missing.size());
  SweepProgress progress(done, total, quiet);
  const auto start = std::chrono::steady_clock::now();
  PoolOptions pool;
  pool.workers = WorkersOf(options);
  pool.runner = [&](uint32_t point) { return sweep.RunPoint(directory, point); };
  pool.on_report = [&](const PointReport& report) {
    if (report.outcome == PointReport::Outcome::kFinished) return progress.Finished();
    if (report.outcome == PointReport::Outcome::kRefused) return;
    progress.Failed();
    progress.Clear();
    std::fprintf(stderr, "biotope: point %u failed: %s\n", report.point,
                 report.message.substr(0, report.message.find('\n')).c_str());
  };
  pool.on_tick = [&] { progress.Tick(); };
  pool.interrupted = &interrupted;
  const PoolOutcome outcome = RunPool(directory, missing, pool);
  progress.Clear();
  const double wall =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const uint32_t ran = outcome.finished + outcome.failed;
  if (outcome.interrupted || !outcome.refused.empty()) {
    std::fprintf(stderr,
                 "biotope: %s%s\n%u of %u points are there and kept; the same command with "
                 "--resume does the others\n",
                 outcome.interrupted ? "interrupted" : "error: ", outcome.refused.c_str(),
                 done + ran, total);
    return outcome.interrupted ? ExitCode::kInterrupted : ExitCode::kEnvironment;
  }
  if (!quiet) {
    std::fprintf(stderr, "%u points in %.1f s, %.1f points/s, %u were there; written to %s\n", ran,
                 wall, wall > 0 ? ran / wall : 0.0, done, directory.path().c_str());
  }
  return ExitCode::kOk;
}

// One shard alone has no tables; `merge` makes them.
ExitCode FinishShard(const SweepDirectory& directory, uint32_t points, const Shard& shard) {
  uint32_t finished = 0;
  uint32_t failed = 0;
  for (uint32_t point = 0; point < points; ++point) {
    if (!shard.Has(point)) continue;
    finished += directory.IsFinished(point) ? 1 : 0;
    failed += directory.HasFailed(point) ? 1 : 0;
  }
  std::printf("shard %s: %u points finished, %u failed; join shards with `biotope merge`\n",
              shard.Text().c_str(), finished, failed);
  return failed > 0 ? ExitCode::kSweepFailed : ExitCode::kOk;
}

// All points are there or have failed: makes the tables.
ExitCode FinishSweep(const SweepDirectory& directory, const SweepRun& run) {
  const SweepSummary summary = WriteResults(directory, run);
  std::fputs(SweepSummaryText(run, summary).c_str(), stdout);
  const bool complete = summary.failed.empty() && summary.missing.empty();
  return complete ? ExitCode::kOk : ExitCode::kSweepFailed;
}

ExitCode SweepOnSlurm(const CheckedSweep& sweep, const SweepCommand& options, bool quiet) {
  if (!options.shard.empty()) {
    throw Error(ExitCode::kUsage, "--executor slurm makes its own shards; leave --shard out");
  }
  // The merge job wants the directory, so it is not kept.
  SweepDirectory(options.output_dir, sweep.run(), options.resume);
  const ExitCode code = RunOnSlurm(options, sweep.run().plan.points(), quiet, interrupted);
  if (code != ExitCode::kOk) return code;
  const SweepDirectory directory(options.output_dir, sweep.run(), true);
  const ExitCode finished = FinishSweep(directory, sweep.run());
  // What is left is what a sweep on one machine leaves.
  if (finished == ExitCode::kOk) RemoveShards(directory.path());
  return finished;
}

}  // namespace

int Sweep(const SweepCommand& options, const GlobalOptions& global) {
  const bool quiet = global.verbosity < 0;
  const Shard shard = options.shard.empty() ? Shard() : Shard::Parse(options.shard);
  const CheckedSweep sweep(options.sweep, options.shard.empty() ? "" : shard.Text());
  CatchSignals();
  if (options.executor == "slurm") return static_cast<int>(SweepOnSlurm(sweep, options, quiet));
  const SweepDirectory directory(options.output_dir, sweep.run(), options.resume);
  const ExitCode code = RunMissing(sweep, directory, shard, options, quiet);
  if (code != ExitCode::kOk) return static_cast<int>(code);
  if (!options.shard.empty()) {
    return static_cast<int>(FinishShard(directory, sweep.run().plan.points(), shard));
  }
  return static_cast<int>(FinishSweep(directory, sweep.run()));
}

}  // namespace biotope::cli
