#ifndef BIOTOPE_SIM_SWEEP_WORKER_H_
#define BIOTOPE_SIM_SWEEP_WORKER_H_

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "sim/sweep/run_point.h"
#include "sim/sweep/sweep_directory.h"

namespace biotope {

// A worker process as its parent sees it. It dies with its parent.
class Worker {
 public:
  // Forks. Throws EnvironmentError.
  Worker(const SweepDirectory& directory, const PointRunner& runner);
  // Kills it if it still lives, and removes what it has left unfinished.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  int socket() const { return socket_; }
  bool busy() const { return point_.has_value(); }
  uint32_t point() const { return *point_; }

  void Start(uint32_t point);
  // Waits for the report; absent if the worker has died. Then status() tells how.
  std::optional<PointReport> Receive();
  int status() const { return status_; }
  // What the worker has written to standard error since its point began.
  std::string Log() const;

 private:
  [[noreturn]] void Main(int socket, const PointRunner& runner, pid_t parent);

  const SweepDirectory& directory_;
  pid_t pid_ = -1;
  int socket_ = -1;
  int log_ = -1;  // a file in memory
  int status_ = 0;
  std::optional<uint32_t> point_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_WORKER_H_
