#include "sim/world/make_io_scheduler.h"

#include "layers/iosched/deadline.h"
#include "layers/iosched/noop.h"
#include "sim/core/error.h"

namespace biotope {
namespace {

DeadlineTunables TunablesOf(const schema::Deadline& config) {
  DeadlineTunables tunables;
  if (config.has_read_expire()) tunables.read_expire_ms = config.read_expire();
  if (config.has_write_expire()) tunables.write_expire_ms = config.write_expire();
  if (config.has_writes_starved()) tunables.writes_starved = config.writes_starved();
  if (config.has_fifo_batch()) tunables.fifo_batch = config.fifo_batch();
  if (config.has_front_merges()) tunables.front_merges = config.front_merges() != 0;
  return tunables;
}

}  // namespace

// No default: a scheduler that is forgotten here does not compile.
std::unique_ptr<IoScheduler> MakeIoScheduler(const schema::IoScheduler& config, uint32_t hz) {
  switch (config.scheduler_case()) {
    case schema::IoScheduler::kNoop:
      return std::make_unique<NoopScheduler>();
    case schema::IoScheduler::kDeadline:
      return std::make_unique<DeadlineScheduler>(TunablesOf(config.deadline()), hz);
    case schema::IoScheduler::SCHEDULER_NOT_SET:
      break;
  }
  throw ScenarioError("block_device.queue.scheduler is empty: choose one, such as `noop {}`");
}

}  // namespace biotope
