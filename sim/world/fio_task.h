#ifndef BIOTOPE_SIM_WORLD_FIO_TASK_H_
#define BIOTOPE_SIM_WORLD_FIO_TASK_H_

#include <cstdint>
#include <optional>
#include <string>

#include "sim/core/random.h"
#include "sim/core/units.h"
#include "sim/world/permutation.h"
#include "sim/world/task.h"

namespace biotope {

// A fio job with all its quantities resolved; the names and meanings are fio's.
struct FioParameters {
  enum class Rw { kRead, kRandRead };
  enum class IoEngine { kPsync, kSync };

  std::string filename;
  Rw rw = Rw::kRead;
  IoEngine ioengine = IoEngine::kPsync;
  uint64_t bs = 4096;
  uint64_t offset = 0;
  uint64_t size = 0;        // of the region; at least one bs
  uint64_t io_size = 0;     // bytes to read in all
  bool direct = false;
  bool norandommap = false;
  bool time_based = false;
  Tick runtime = kNever;    // from the start of the task
  Tick thinktime;
  uint64_t number_ios = UINT64_MAX;
};

// One process of a fio job.
class FioTask : public Task {
 public:
  // `random`: this process's own stream.
  template <class... TaskArguments>
  FioTask(const FioParameters& parameters, Random random, TaskArguments&&... task_arguments)
      : Task(std::forward<TaskArguments>(task_arguments)...),
        parameters_(parameters),
        random_(std::move(random)) {}

 private:
  void Program() override;
  uint64_t NextOffset(uint64_t io);
  int64_t ReadAt(int fd, uint64_t offset);

  const FioParameters parameters_;
  Random random_;
  std::optional<Permutation> order_;  // of the blocks, in the present pass
  uint64_t file_pos_ = 0;             // ioengine sync: where the next read(2) would read
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_FIO_TASK_H_
