#include "sim/world/make_io_scheduler.h"

#include "layers/iosched/anticipatory.h"
#include "layers/iosched/bfq.h"
#include "layers/iosched/cfq_quantum.h"
#include "layers/iosched/cfq_time_slices.h"
#include "layers/iosched/deadline.h"
#include "layers/iosched/kyber.h"
#include "layers/iosched/mq_deadline.h"
#include "layers/iosched/none.h"
#include "layers/iosched/noop.h"
#include "layers/iosched/textbook/c_look.h"
#include "layers/iosched/textbook/fcfs.h"
#include "layers/iosched/textbook/look.h"
#include "layers/iosched/textbook/sptf.h"
#include "layers/iosched/textbook/sstf.h"
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

AnticipatoryTunables TunablesOf(const schema::Anticipatory& config) {
  AnticipatoryTunables tunables;
  if (config.has_read_expire()) tunables.read_expire_ms = config.read_expire();
  if (config.has_write_expire()) tunables.write_expire_ms = config.write_expire();
  if (config.has_read_batch_expire()) tunables.read_batch_expire_ms = config.read_batch_expire();
  if (config.has_write_batch_expire()) tunables.write_batch_expire_ms = config.write_batch_expire();
  if (config.has_antic_expire()) tunables.antic_expire_ms = config.antic_expire();
  return tunables;
}

CfqQuantumTunables QuantumTunablesOf(const schema::Cfq& config) {
  CfqQuantumTunables tunables;
  if (config.has_quantum()) tunables.quantum = config.quantum();
  if (config.has_queued()) tunables.queued = config.queued();
  if (config.has_fifo_expire_sync()) tunables.fifo_expire_sync_ms = config.fifo_expire_sync();
  if (config.has_fifo_expire_async()) tunables.fifo_expire_async_ms = config.fifo_expire_async();
  if (config.has_fifo_batch_expire()) tunables.fifo_batch_expire_ms = config.fifo_batch_expire();
  if (config.has_find_best_crq()) tunables.find_best_crq = config.find_best_crq() != 0;
  if (config.has_back_seek_max()) tunables.back_seek_max_kb = config.back_seek_max();
  if (config.has_back_seek_penalty()) tunables.back_seek_penalty = config.back_seek_penalty();
  return tunables;
}

CfqTimeSlicesTunables TimeSlicesTunablesOf(const schema::Cfq& config) {
  CfqTimeSlicesTunables tunables;
  if (config.has_quantum()) tunables.quantum = config.quantum();
  if (config.has_fifo_expire_sync()) tunables.fifo_expire_sync_ms = config.fifo_expire_sync();
  if (config.has_fifo_expire_async()) tunables.fifo_expire_async_ms = config.fifo_expire_async();
  if (config.has_back_seek_max()) tunables.back_seek_max_kb = config.back_seek_max();
  if (config.has_back_seek_penalty()) tunables.back_seek_penalty = config.back_seek_penalty();
  if (config.has_slice_sync()) tunables.slice_sync_ms = config.slice_sync();
  if (config.has_slice_async()) tunables.slice_async_ms = config.slice_async();
  if (config.has_slice_async_rq()) tunables.slice_async_rq = config.slice_async_rq();
  if (config.has_slice_idle()) tunables.slice_idle_ms = config.slice_idle();
  return tunables;
}

std::unique_ptr<IoScheduler> MakeCfq(const schema::Cfq& config,
                                     const SchedulerSurroundings& surroundings) {
  const uint32_t hz = surroundings.hz;
  if (surroundings.cfq == Kernel::CFQ_TIME_SLICES) {
    return std::make_unique<CfqTimeSlicesScheduler>(TimeSlicesTunablesOf(config), hz);
  }
  if (surroundings.cfq == Kernel::CFQ_QUANTUM) {
    return std::make_unique<CfqQuantumScheduler>(QuantumTunablesOf(config), hz,
                                                 surroundings.nr_requests);
  }
  throw ScenarioError("kernel.cfq is missing: which CFQ does the kernel have?");
}

MqDeadlineTunables TunablesOf(const schema::MqDeadline& config) {
  MqDeadlineTunables tunables;
  if (config.has_read_expire()) tunables.read_expire_ms = config.read_expire();
  if (config.has_write_expire()) tunables.write_expire_ms = config.write_expire();
  if (config.has_prio_aging_expire()) tunables.prio_aging_expire_ms = config.prio_aging_expire();
  if (config.has_writes_starved()) tunables.writes_starved = config.writes_starved();
  if (config.has_fifo_batch()) tunables.fifo_batch = config.fifo_batch();
  if (config.has_front_merges()) tunables.front_merges = config.front_merges() != 0;
  if (config.has_async_depth()) tunables.async_depth = config.async_depth();
  return tunables;
}

KyberTunables TunablesOf(const schema::Kyber& config) {
  KyberTunables tunables;
  if (config.has_read_lat_nsec()) tunables.read_lat_nsec = config.read_lat_nsec();
  if (config.has_write_lat_nsec()) tunables.write_lat_nsec = config.write_lat_nsec();
  return tunables;
}

BfqTunables TunablesOf(const schema::Bfq& config) {
  BfqTunables tunables;
  if (config.has_fifo_expire_sync()) tunables.fifo_expire_sync_ms = config.fifo_expire_sync();
  if (config.has_fifo_expire_async()) tunables.fifo_expire_async_ms = config.fifo_expire_async();
  if (config.has_back_seek_max()) tunables.back_seek_max_kb = config.back_seek_max();
  if (config.has_back_seek_penalty()) tunables.back_seek_penalty = config.back_seek_penalty();
  if (config.has_slice_idle()) tunables.slice_idle_ms = config.slice_idle();
  if (config.has_max_budget()) tunables.max_budget = config.max_budget();
  if (config.has_timeout_sync()) tunables.timeout_sync_ms = config.timeout_sync();
  if (config.has_strict_guarantees()) {
    tunables.strict_guarantees = config.strict_guarantees() != 0;
  }
  if (config.has_low_latency()) tunables.low_latency = config.low_latency() != 0;
  return tunables;
}

}  // namespace

// No default: a scheduler that is forgotten here does not compile.
std::unique_ptr<IoScheduler> MakeIoScheduler(const schema::IoScheduler& config,
                                             const SchedulerSurroundings& surroundings) {
  const uint32_t hz = surroundings.hz;
  switch (config.scheduler_case()) {
    case schema::IoScheduler::kNoop:
      return std::make_unique<NoopScheduler>();
    case schema::IoScheduler::kDeadline:
      return std::make_unique<DeadlineScheduler>(TunablesOf(config.deadline()), hz);
    case schema::IoScheduler::kAnticipatory:
      return std::make_unique<AnticipatoryScheduler>(TunablesOf(config.anticipatory()), hz);
    case schema::IoScheduler::kCfq:
      return MakeCfq(config.cfq(), surroundings);
    case schema::IoScheduler::kNone:
      return std::make_unique<NoneScheduler>();
    case schema::IoScheduler::kMqDeadline:
      return std::make_unique<MqDeadlineScheduler>(TunablesOf(config.mq_deadline()), hz);
    case schema::IoScheduler::kKyber:
      return std::make_unique<KyberScheduler>(TunablesOf(config.kyber()), hz);
    case schema::IoScheduler::kBfq:
      return std::make_unique<BfqScheduler>(
          TunablesOf(config.bfq()),
          BfqScheduler::Surroundings{.hz = hz, .rotational = surroundings.rotational});
    case schema::IoScheduler::kFcfs:
      return std::make_unique<FcfsScheduler>();
    case schema::IoScheduler::kSstf:
      return std::make_unique<SstfScheduler>();
    case schema::IoScheduler::kLook:
      return std::make_unique<LookScheduler>();
    case schema::IoScheduler::kCLook:
      return std::make_unique<CLookScheduler>();
    case schema::IoScheduler::kSptf:
      return std::make_unique<SptfScheduler>(surroundings.positioning);
    case schema::IoScheduler::SCHEDULER_NOT_SET:
      break;
  }
  throw ScenarioError("block_device.queue.scheduler is empty: choose one, such as `noop {}`");
}

}  // namespace biotope
