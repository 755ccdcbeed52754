#ifndef BIOTOPE_LAYERS_AIO_AIO_H_
#define BIOTOPE_LAYERS_AIO_AIO_H_

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <vector>

#include "layers/aio/aio_limits.h"
#include "layers/aio/aio_rules.h"
#include "layers/aio/kioctx.h"
#include "layers/aio/messages.h"
#include "layers/ext2/messages.h"
#include "layers/vfs/messages.h"
#include "sim/core/units.h"
#include "sim/cpu/cost_table.h"
#include "sim/cpu/layer_actor.h"
#include "sim/trace/stream.h"

namespace biotope {

// Models: fs/aio.c sys_io_setup, sys_io_destroy, sys_io_submit, io_submit_one, sys_io_getevents,
// sys_io_cancel, aio_complete, aio_pread. An O_DIRECT transfer goes on when io_submit has returned
// and ends in the interrupt of its last bio; one through the page cache is done inside io_submit,
// which waits for the pages.
// Left out on purpose: processes that share a context, signals, eventfd, what a process leaves
// behind when it exits (the I/O ends, nobody reaps it); the plug of later kernels in io_submit,
// because the request queue of this simulation has none of a task's.
class Aio : public LayerActor {
 public:
  struct Parameters {
    const AioRules* rules = nullptr;
    uint32_t aio_max_nr = 65536;  // /proc/sys/fs/aio-max-nr
    uint32_t cpus = 1;
    Tick jiffy;  // time-outs are counted in these
  };

  Aio(Engine& engine, EventStream& stream, const CostTable& costs, const Parameters& parameters);

  AioPorts ports() { return {PortOf<&Aio::OnCall>(*this)}; }
  void Connect(const Port<GetFile>& get_file, const Ext2Ports& ext2) {
    get_file_ = get_file;
    ext2_ = ext2;
  }

  uint32_t aio_nr() const { return limits_.aio_nr(); }  // /proc/sys/fs/aio-nr

 private:
  struct Costs {
    explicit Costs(const CostTable& costs);
    FunctionCost sys_io_setup, sys_io_destroy, sys_io_submit, io_submit_one, sys_io_getevents,
        aio_read_evt, sys_io_cancel, aio_complete;
  };
  // A task in io_getevents.
  struct Waiter {
    Aio* aio = nullptr;
    Context* context = nullptr;  // sleeps; null: it has been woken
    Waiter** place = nullptr;    // where its context has it while it sleeps
    int64_t wants = 0;           // events
    Tick expires = kNever;
    bool timed_out = false;
  };
  struct IoContext {
    IoContext(const AioRules& rules, uint32_t nr_events, uint32_t cpus)
        : ring(rules, nr_events, cpus) {}
    uint64_t id = 0;
    const MmStruct* mm = nullptr;  // whose it is
    Kioctx ring;
    Waiter* waiter = nullptr;      // its process has one thread
    Context* destroyer = nullptr;  // io_destroy waits for what is outstanding
  };
  // An iocb that has been submitted (struct kiocb).
  struct Request : Kiocb {
    IoContext* io_context = nullptr;
    std::shared_ptr<File> file;  // stays open until the I/O is over
    uint64_t data = 0;
    uint64_t obj = 0;
  };

  Handler OnCall(VfsCall& call);
  Handler OnEndKiocb(EndKiocb& call);

  Co<int64_t> SysIoSetup(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysIoDestroy(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysIoSubmit(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysIoGetevents(Context& context, const SyscallArguments& arguments);
  Co<int64_t> SysIoCancel(Context& context, const SyscallArguments& arguments);

  Co<int> IoSubmitOne(Context& context, FilesStruct* files, IoContext& io, const Iocb& iocb);
  Co<int> CheckAndTakeSlot(Context& context, IoContext& io, const Iocb& iocb, GetFile& file);
  Co<int64_t> BeginTransfer(Context& context, const Iocb& iocb, const GetFile& file,
                            Request& request);
  Co<> Complete(Context& context, Request& request, int64_t result, uint64_t bio);
  Co<int> TakeEvents(Context& context, const AioArguments& arguments, IoContext& io, int64_t* got);
  Co<> WaitForEvent(Context& context, IoContext& io, Waiter& waiter);

  IoContext* LookupIoctx(const SyscallArguments& arguments);
  Request& NewRequest(IoContext& io, const Iocb& iocb, std::shared_ptr<File> file);
  Request* TakePoll(const IoContext& io, uint64_t address);
  void ArmTimeout(Waiter& waiter, int64_t tv_sec, int64_t tv_nsec);
  Waiter& NewWaiter();
  static void TimedOut(void* waiter);
  void WakeWaiter(IoContext& io, uint64_t bio);
  void RecordAio(Kind kind, const Context& context, const Request& request, const Iocb* iocb,
                 int64_t result, uint64_t parent);

  EventStream& stream_;
  const Costs costs_;
  const Parameters parameters_;
  const AioRules& rules_;
  const Port<EndKiocb> end_kiocb_;
  Port<GetFile> get_file_;
  Ext2Ports ext2_;

  AioLimits limits_;
  std::map<uint64_t, IoContext> contexts_;  // by id
  uint64_t next_context_ = 0x40000000;      // ids are addresses of the rings in their processes
  std::deque<Request> requests_;            // every one ever made
  std::vector<Request*> free_requests_;
  std::vector<Request*> polls_;  // POLL, pending: nothing in this simulation ever becomes ready
  std::deque<Waiter> waiters_;
  std::vector<Waiter*> free_waiters_;
  uint64_t request_count_ = 0;  // ids given so far
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_AIO_H_
