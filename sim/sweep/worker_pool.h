#ifndef BIOTOPE_SIM_SWEEP_WORKER_POOL_H_
#define BIOTOPE_SIM_SWEEP_WORKER_POOL_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "sim/sweep/run_point.h"
#include "sim/sweep/sweep_directory.h"

namespace biotope {

// How a sweep's processes are run, and who is told about it.
struct PoolOptions {
  uint32_t workers = 1;
  PointRunner runner;
  // A point is done; in the calling process.
  std::function<void(const PointReport&)> on_report;
  // About five times a second.
  std::function<void()> on_tick;
  // Set by a signal handler: stop at once.
  const std::atomic<bool>* interrupted = nullptr;
};

struct PoolOutcome {
  uint32_t finished = 0;
  uint32_t failed = 0;
  bool interrupted = false;
  std::string refused;  // why the pool gave up, if it did
};

// Runs `points` in worker processes, forked from this one, each with one point at a time and many
// one after the other (SimGrid has one engine per process at a time). Which worker runs a point
// does not matter for its bytes. A worker that dies takes its point with it: the point fails with
// what the worker last said on standard error, and another worker takes its place. One that was
// killed from outside (SIGKILL) has its point tried once more.
PoolOutcome RunPool(const SweepDirectory& directory, const std::vector<uint32_t>& points,
                    const PoolOptions& options);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_WORKER_POOL_H_
