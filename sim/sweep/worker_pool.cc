#include "sim/sweep/worker_pool.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <set>

#include "sim/core/error.h"
#include "sim/sweep/worker.h"

namespace biotope {
namespace {

constexpr int kTickMs = 200;

class Pool {
 public:
  Pool(const SweepDirectory& directory, const std::vector<uint32_t>& points,
       const PoolOptions& options)
      : directory_(directory), options_(options), waiting_(points.begin(), points.end()) {}

  PoolOutcome Run() {
    workers_.resize(std::min<size_t>(options_.workers, waiting_.size()));
    while (true) {
      if (options_.interrupted != nullptr && *options_.interrupted) {
        outcome_.interrupted = true;
        break;
      }
      if (outcome_.refused.empty()) StartWork();
      if (!AnyBusy()) break;
      Wait();
    }
    workers_.clear();
    return outcome_;
  }

 private:
  static bool IsBusy(const std::unique_ptr<Worker>& worker) { return worker && worker->busy(); }

  bool AnyBusy() const { return std::any_of(workers_.begin(), workers_.end(), IsBusy); }

  void StartWork() {
    for (std::unique_ptr<Worker>& worker : workers_) {
      if (waiting_.empty()) return;
      if (IsBusy(worker)) continue;
      if (!worker) worker = std::make_unique<Worker>(directory_, options_.runner);
      worker->Start(waiting_.front());
      waiting_.pop_front();
    }
  }

  void Wait() {
    std::vector<pollfd> sockets;
    std::vector<std::unique_ptr<Worker>*> busy;
    for (std::unique_ptr<Worker>& worker : workers_) {
      if (!IsBusy(worker)) continue;
      sockets.push_back({worker->socket(), POLLIN, 0});
      busy.push_back(&worker);
    }
    const int ready = poll(sockets.data(), sockets.size(), kTickMs);
    for (size_t i = 0; ready > 0 && i < sockets.size(); ++i) {
      if (sockets[i].revents != 0) Take(*busy[i]);
    }
    if (options_.on_tick) options_.on_tick();
  }

  void Take(std::unique_ptr<Worker>& worker) {
    const uint32_t point = worker->point();
    if (const std::optional<PointReport> report = worker->Receive()) {
      if (report->outcome != PointReport::Outcome::kFinished) worker.reset();
      return Report(*report);
    }
    const int status = worker->status();
    const std::string log = worker->Log();
    worker.reset();
    // It may have died between the two: its point is there, its report is not.
    if (directory_.IsFinished(point)) {
      return Report({point, PointReport::Outcome::kFinished, ""});
    }
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL) return Killed(point);
    Crashed(point, status, log);
  }

  void Report(const PointReport& report) {
    switch (report.outcome) {
      case PointReport::Outcome::kFinished:
        ++outcome_.finished;
        break;
      case PointReport::Outcome::kFailed:
        ++outcome_.failed;
        break;
      case PointReport::Outcome::kRefused:
        outcome_.refused = fmt::format("point {}: {}", report.point, report.message);
        break;
    }
    if (options_.on_report) options_.on_report(report);
  }

  void Killed(uint32_t point) {
    if (killed_.insert(point).second) {
      waiting_.push_front(point);
      return;
    }
    Report({point, PointReport::Outcome::kRefused,
            "its process was killed twice (SIGKILL); is there memory enough? A smaller -j needs "
            "less"});
  }

  void Crashed(uint32_t point, int status, const std::string& log) {
    const std::string how =
        WIFSIGNALED(status) ? fmt::format("the process died of signal {} ({})", WTERMSIG(status),
                                          strsignal(WTERMSIG(status)))
                            : fmt::format("the process ended with status {}", WEXITSTATUS(status));
    try {
      KeepFailed(directory_, point, how + (log.empty() ? "" : "\n" + log), {});
      Report({point, PointReport::Outcome::kFailed, how});
    } catch (const Error& error) {
      Report({point, PointReport::Outcome::kRefused, error.what()});
    }
  }

  const SweepDirectory& directory_;
  const PoolOptions& options_;
  std::deque<uint32_t> waiting_;
  std::vector<std::unique_ptr<Worker>> workers_;
  std::set<uint32_t> killed_;
  PoolOutcome outcome_;
};

}  // namespace

PoolOutcome RunPool(const SweepDirectory& directory, const std::vector<uint32_t>& points,
                    const PoolOptions& options) {
  return Pool(directory, points, options).Run();
}

}  // namespace biotope
