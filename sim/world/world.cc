#include "sim/world/world.h"

#include <fmt/format.h>

#include <deque>
#include <utility>

#include "layers/aio/aio.h"
#include "layers/block/bio_ids.h"
#include "layers/block/block_layer.h"
#include "layers/disk/disk.h"
#include "layers/disk/hdd/hdd_model.h"
#include "layers/disk/ssd/ssd_disk.h"
#include "layers/driver/ide.h"
#include "layers/driver/scsi.h"
#include "layers/ext2/ext2.h"
#include "layers/iosched/elevator.h"
#include "layers/page_cache/page_cache.h"
#include "layers/page_cache/readahead_two_windows.h"
#include "layers/syscall/syscall_layer.h"
#include "layers/vfs/vfs.h"
#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/cpu/core.h"
#include "sim/cpu/cost_table.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/resolve.h"
#include "sim/world/hdd_positioning.h"
#include "sim/world/make_io_scheduler.h"
#include "sim/world/task.h"

namespace biotope {
namespace {

CostTable CostsOf(const Scenario& scenario) {
  CostTable costs;
  const auto add = [&costs](const auto& entries) {
    for (const Cost& cost : entries) {
      costs.Set(cost.function(),
                {.cycles = cost.cycles(), .millicycles_per_unit = cost.millicycles_per_unit()});
    }
  };
  add(scenario.kernel().cost());
  add(scenario.machine().cpu().cost());
  return costs;
}

std::unique_ptr<Readahead> MakeReadahead(const Kernel& kernel) {
  switch (kernel.readahead()) {
    case Kernel::READAHEAD_TWO_WINDOWS:
      return std::make_unique<ReadaheadTwoWindows>();
    case Kernel::READAHEAD_UNSPECIFIED:
    case Kernel_Readahead_Kernel_Readahead_INT_MIN_SENTINEL_DO_NOT_USE_:
    case Kernel_Readahead_Kernel_Readahead_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  BIOTOPE_CHECK(false, "a checked scenario without readahead");
  return nullptr;
}

const AioRules& AioRulesOf(const Kernel& kernel) {
  switch (kernel.aio()) {
    case Kernel::AIO_2_6:
      return AioRules2_6_11();
    case Kernel::AIO_4_17:
      return AioRules4_17();
    case Kernel::AIO_6:
      return AioRules6_18();
    case Kernel::AIO_UNSPECIFIED:
    case Kernel_Aio_Kernel_Aio_INT_MIN_SENTINEL_DO_NOT_USE_:
    case Kernel_Aio_Kernel_Aio_INT_MAX_SENTINEL_DO_NOT_USE_:
      break;
  }
  BIOTOPE_CHECK(false, "a checked scenario without aio");
  return AioRules2_6_11();
}

// What the queue, the driver and the kernel together allow a request and a bio to be.
struct RequestLimits {
  QueueLimits queue;
  uint32_t bio_vecs = 0;  // bio_get_nr_vecs
};

RequestLimits LimitsOf(const Scenario& scenario) {
  const BlockDevice& device = scenario.block_device();
  RequestLimits limits;
  limits.queue.max_sectors = device.queue().max_sectors_kb() * 1024 / kSectorSize;
  limits.queue.max_phys_segments = scenario.kernel().max_phys_segments();
  limits.queue.max_hw_segments =
      device.has_scsi() ? device.scsi().sg_tablesize() : scenario.kernel().max_phys_segments();
  const uint32_t pages = (limits.queue.max_sectors + kSectorsPerPage - 1) / kSectorsPerPage;
  limits.bio_vecs = std::min({pages, limits.queue.max_phys_segments, limits.queue.max_hw_segments});
  return limits;
}

// All actors of a run.
class World {
 public:
  World(Plan plan, EventStream& stream, Backend backend);

  RunOutcome Run();

 private:
  // Mounts the file system, then lets the tasks begin.
  class Init;

  void MakeCores();
  void MakeLayers();
  void MakeDisk();
  void MakeTasks();
  void AddTask(const ProcessPlan& process, std::string name);
  void StartTasks();
  void CheckAllFinished() const;

  Plan plan_;
  EventStream& stream_;
  Engine engine_;
  const CostTable costs_;
  const RequestLimits limits_;
  const std::unique_ptr<Readahead> readahead_;
  BioIds bio_ids_;
  std::deque<Core> cores_;

  std::unique_ptr<SyscallLayer> syscall_;
  std::unique_ptr<Vfs> vfs_;
  std::unique_ptr<Aio> aio_;
  std::unique_ptr<Ext2> ext2_;
  std::unique_ptr<PageCache> page_cache_;
  std::unique_ptr<BlockLayer> block_;
  std::unique_ptr<Elevator> elevator_;
  std::unique_ptr<Driver> driver_;
  std::unique_ptr<Disk> disk_;                   // one of
  std::unique_ptr<SsdDisk> ssd_;                 // the two
  std::unique_ptr<HddPositioning> positioning_;  // if it is an HDD
  std::unique_ptr<Init> init_;
  std::vector<std::unique_ptr<Task>> tasks_;
  std::deque<Task::StartMessage> start_messages_;
};

class World::Init : public LayerActor {
 public:
  Init(Engine& engine, EventStream& stream, World& world, Core& core)
      : LayerActor(engine, Layer::kVfs, "init"),
        world_(world),
        thread_(Context::Kind::kKernelThread, "init", 0, core, stream) {}

  int mount_error() const { return mount_error_; }
  const Context& context() const { return thread_; }

 private:
  void Main() override {
    Mount();
    LayerActor::Main();
  }
  Handler Mount() {
    co_await WakeThread(thread_);
    MountFs mount;
    const Port<MountFs> port = world_.vfs_->mount_port();
    co_await Ask(port, mount, thread_);
    mount_error_ = mount.error;
    if (mount.error == 0) world_.StartTasks();
    thread_.core().Exit(thread_);
  }

  World& world_;
  Context thread_;
  int mount_error_ = 0;
};

World::World(Plan plan, EventStream& stream, Backend backend)
    : plan_(std::move(plan)),
      stream_(stream),
      engine_(backend),
      costs_(CostsOf(plan_.scenario)),
      limits_(LimitsOf(plan_.scenario)),
      readahead_(MakeReadahead(plan_.scenario.kernel())) {
  MakeCores();
  MakeLayers();
  MakeTasks();
}

void World::MakeCores() {
  const Machine& machine = plan_.scenario.machine();
  const CoreParameters parameters{
      .frequency_khz = machine.cpu().frequency_khz(),
      .context_switch = costs_.Get("context_switch"),
      .timeslice = kMillisecond * plan_.scenario.kernel().timeslice_ms()};
  for (uint32_t i = 0; i < machine.cores(); ++i) {
    cores_.emplace_back(engine_, stream_, static_cast<uint16_t>(i), parameters);
  }
}

void World::MakeLayers() {
  const Scenario& scenario = plan_.scenario;
  const Kernel& kernel = scenario.kernel();
  const BlockDevice& device = scenario.block_device();
  const Queue& queue = device.queue();
  Core& boot_core = cores_.front();

  syscall_ = std::make_unique<SyscallLayer>(engine_, stream_, plan_.syscall_costs);
  vfs_ = std::make_unique<Vfs>(
      engine_, costs_,
      Vfs::Parameters{.mount_point = scenario.filesystem().mount_point(),
                      .max_rw_count = kernel.max_rw_count(),
                      .read_ahead_pages = queue.read_ahead_kb() * 1024 / kPageSize},
      *readahead_);
  aio_ = std::make_unique<Aio>(engine_, stream_, costs_,
                               Aio::Parameters{.rules = &AioRulesOf(kernel),
                                               .aio_max_nr = kernel.aio_max_nr(),
                                               .cpus = scenario.machine().cores(),
                                               .jiffy = kSecond / kernel.hz()});
  page_cache_ = std::make_unique<PageCache>(
      engine_, costs_,
      PageCache::Parameters{
          .block_size = plan_.image->block_size(),
          .max_bio_vecs = limits_.bio_vecs,
          .max_bio_sectors = limits_.queue.max_sectors,
          .memory_pages = ParseSize(scenario.machine().memory()).value() / kPageSize,
          .cpus = scenario.machine().cores()},
      *readahead_, bio_ids_);
  ext2_ = std::make_unique<Ext2>(engine_, costs_,
                                 Ext2::Parameters{.max_bio_vecs = limits_.bio_vecs,
                                                  .max_bio_sectors = limits_.queue.max_sectors},
                                 std::move(plan_.image), bio_ids_);
  block_ = std::make_unique<BlockLayer>(
      engine_, stream_, costs_,
      BlockLayer::Parameters{
          .requests = {.nr_requests = queue.nr_requests(),
                       .nr_batching = kernel.batch_requests(),
                       .batch_jiffies = uint64_t{kernel.batch_time_ms()} * kernel.hz() / 1000},
          .unplug_threshold = queue.unplug_threshold(),
          .unplug_delay_jiffies = std::max(1u, queue.unplug_delay_ms() * kernel.hz() / 1000),
          .jiffy = kSecond / kernel.hz(),
          .capacity = plan_.capacity,
          .partition_start = Sector(scenario.filesystem().start_sector()),
          .max_sectors = limits_.queue.max_sectors},
      boot_core);
  MakeDisk();
  elevator_ = std::make_unique<Elevator>(
      engine_, costs_,
      MakeIoScheduler(queue.scheduler(), {.hz = kernel.hz(),
                                          .cfq = kernel.cfq(),
                                          .nr_requests = queue.nr_requests(),
                                          .rotational = positioning_ != nullptr,
                                          .positioning = positioning_.get()}),
      limits_.queue);
  if (device.has_scsi()) {
    driver_ = std::make_unique<ScsiDriver>(engine_, stream_, costs_, boot_core,
                                           device.scsi().queue_depth());
  } else {
    driver_ = std::make_unique<IdeDriver>(engine_, stream_, costs_, boot_core);
  }

  syscall_->Connect(vfs_->ports(), aio_->ports());
  vfs_->Connect(ext2_->ports());
  aio_->Connect(vfs_->get_file_port(), ext2_->ports());
  ext2_->Connect(page_cache_->ports(), block_->ports());
  page_cache_->Connect(block_->ports(), ext2_->map_block_port());
  block_->Connect(elevator_->ports(), driver_->ports());
  elevator_->Connect(block_->kick_port());
  driver_->Connect(elevator_->ports(), {block_->end_request_port(), block_->run_queue_port()},
                   ssd_ != nullptr ? ssd_->ports() : disk_->ports());
  if (ssd_ != nullptr) ssd_->Connect(driver_->interrupt_port());
  if (disk_ != nullptr) disk_->Connect(driver_->interrupt_port());
  init_ = std::make_unique<Init>(engine_, stream_, *this, boot_core);
}

void World::MakeDisk() {
  if (plan_.ssd) {
    ssd_ = std::make_unique<SsdDisk>(engine_, stream_, *plan_.ssd);
    return;
  }
  if (const auto* hdd = dynamic_cast<const HddModel*>(plan_.device.get())) {
    positioning_ = std::make_unique<HddPositioning>(*hdd);
  }
  disk_ = std::make_unique<Disk>(engine_, stream_, std::move(plan_.device));
}

void World::MakeTasks() {
  for (const ProcessPlan& process : plan_.processes) {
    for (uint32_t job = 0; job < process.numjobs; ++job) {
      AddTask(process,
              process.numjobs == 1 ? process.name : fmt::format("{}.{}", process.name, job));
    }
  }
}

void World::AddTask(const ProcessPlan& process, std::string name) {
  const uint16_t number = static_cast<uint16_t>(tasks_.size() + 1);
  Core& core = cores_[tasks_.size() % cores_.size()];
  const uint32_t rlimit_nofile = plan_.scenario.kernel().rlimit_nofile();
  if (process.make_task) {
    tasks_.push_back(
        process.make_task(engine_, stream_, costs_, name, number, core, rlimit_nofile));
  } else if (process.is_fio) {
    tasks_.push_back(std::make_unique<FioTask>(process.fio, Random(plan_.scenario.seed(), name),
                                               engine_, stream_, costs_, name, number, core,
                                               rlimit_nofile));
  } else {
    tasks_.push_back(std::make_unique<ScriptTask>(process.steps, process.script_repeat, engine_,
                                                  stream_, costs_, name, number, core,
                                                  rlimit_nofile));
  }
  tasks_.back()->Connect(syscall_->ports());
}

void World::StartTasks() {
  for (const std::unique_ptr<Task>& task : tasks_) {
    task->start_port().Send(start_messages_.emplace_back());
  }
}

RunOutcome World::Run() {
  engine_.Run();
  stream_.Finish();
  RunOutcome outcome;
  outcome.end = engine_.now();
  outcome.event_count = engine_.event_count();
  if (!ext2_->damage().empty()) outcome.failures.push_back(ext2_->damage());
  if (init_->mount_error() != 0) {
    outcome.failures.push_back("the file system could not be mounted: EIO");
  } else {
    CheckAllFinished();
  }
  for (const std::unique_ptr<Task>& task : tasks_) {
    if (!task->failure().empty()) {
      outcome.failures.push_back(fmt::format("{}: {}", task->name(), task->failure()));
    }
  }
  for (const Core& core : cores_) {
    outcome.cores.push_back({.task = core.busy(Context::Kind::kTask),
                             .kernel_thread = core.busy(Context::Kind::kKernelThread),
                             .softirq = core.busy(Context::Kind::kSoftirq),
                             .hardirq = core.busy(Context::Kind::kHardirq)});
  }
  return outcome;
}

// One line about a context that has not come to its end.
std::string WaitsLine(const Context& context) {
  const WaitReason& reason = context.wait_reason();
  std::string line = fmt::format("\n  {} (task {}): {} in {}", context.name(), context.task(),
                                 context.state() == Context::State::kSleeping ? "sleeps" : "stands",
                                 LayerName(context.layer()));
  if (reason.what[0] != '\0') line += fmt::format(", waiting for {} {}", reason.what, reason.id);
  return line;
}

// Who waits for whom, if somebody waits for what can never come.
void World::CheckAllFinished() const {
  std::string report;
  if (init_->context().state() != Context::State::kFinished) {
    report = WaitsLine(init_->context());  // the tasks have not begun
  } else {
    for (const std::unique_ptr<Task>& task : tasks_) {
      if (!task->finished()) report += WaitsLine(task->context());
    }
  }
  if (report.empty()) return;
  block_->ForEachRequest([&report](const Request& request) {
    report += fmt::format("\n  request {} (sectors {}+{}) of task {}: held by {}", request.id,
                          request.sector.value(), request.nr_sectors, request.task,
                          LayerName(request.holder));
  });
  throw SimulationError(
      fmt::format("at {} ns nothing can happen any more, but processes still wait:{}",
                  (engine_.now() / kNanosecond), report));
}

}  // namespace

RunOutcome RunWorld(Plan plan, EventStream& stream, Backend backend) {
  return World(std::move(plan), stream, backend).Run();
}

}  // namespace biotope
