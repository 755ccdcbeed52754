#ifndef BIOTOPE_SIM_WORLD_FIO_TASK_H_
#define BIOTOPE_SIM_WORLD_FIO_TASK_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "layers/aio/messages.h"
#include "sim/core/random.h"
#include "sim/core/units.h"
#include "sim/world/permutation.h"
#include "sim/world/task.h"

namespace biotope {

// A fio job with all its quantities resolved; the names and meanings are fio's.
struct FioParameters {
  enum class Rw { kRead, kRandRead, kWrite, kRandWrite };
  enum class IoEngine { kPsync, kSync, kLibaio };

  std::string filename;
  Rw rw = Rw::kRead;
  IoEngine ioengine = IoEngine::kPsync;
  uint32_t iodepth = 1;  // kLibaio
  uint64_t bs = 4096;
  uint64_t offset = 0;
  uint64_t size = 0;     // of the region; at least one bs
  uint64_t io_size = 0;  // bytes to read or write in all
  bool direct = false;
  bool norandommap = false;
  bool time_based = false;
  Tick runtime = kNever;  // from the start of the task
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
  bool IsWrite() const {
    return parameters_.rw == FioParameters::Rw::kWrite ||
           parameters_.rw == FioParameters::Rw::kRandWrite;
  }
  // Whether I/O number `io` is to be done.
  bool Goes(uint64_t io) const;
  void DoSynchronous(int fd);
  void DoLibaio(int fd);
  bool SubmitAio(uint64_t ctx, int fd, uint64_t io);
  // Waits for at least one event. False: something failed.
  bool ReapAio(uint64_t ctx, uint32_t* in_flight);
  void FailAs(const char* call, int64_t result);
  uint64_t NextOffset(uint64_t io);
  int64_t TransferAt(int fd, uint64_t offset);

  const FioParameters parameters_;
  Random random_;
  std::optional<Permutation> order_;  // of the blocks, in the present pass
  Tick end_ = kNever;                 // of runtime
  std::vector<IoEvent> events_;       // ioengine libaio: what has just been reaped
  uint64_t file_pos_ = 0;             // ioengine sync: where the next read(2) would read
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_FIO_TASK_H_
