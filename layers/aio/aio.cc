#include "layers/aio/aio.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "layers/aio/check_iocb.h"
#include "sim/core/check.h"

namespace biotope {
namespace {

// The distance of two contexts' ids: more than any ring.
constexpr uint64_t kContextStride = 0x10000000;

bool IsReadable(int flags) { return (flags & O_ACCMODE) != O_WRONLY; }
bool IsWritable(int flags) { return (flags & O_ACCMODE) != O_RDONLY; }

IocbFile DescribeFile(const GetFile& file) {
  if (file.inode == nullptr) return {};
  IocbFile facts;
  switch (file.inode->type) {
    case VfsInode::Type::kDirectory:
      facts.type = IocbFile::Type::kDirectory;
      break;
    case VfsInode::Type::kRegular:
      facts.type = IocbFile::Type::kRegular;
      break;
    case VfsInode::Type::kSymlink:
    case VfsInode::Type::kOther:
      facts.type = IocbFile::Type::kPipe;
      break;
  }
  facts.readable = IsReadable(file.flags);
  facts.writable = IsWritable(file.flags);
  return facts;
}

// What is neither a file nor a directory may be an eventfd.
IocbFile DescribeResfd(const GetFile& file) {
  IocbFile facts = DescribeFile(file);
  if (facts.type == IocbFile::Type::kPipe) facts.type = IocbFile::Type::kEventfd;
  return facts;
}

}  // namespace

Aio::Costs::Costs(const CostTable& costs)
    : sys_io_setup(costs.Get("sys_io_setup")),
      sys_io_destroy(costs.Get("sys_io_destroy")),
      sys_io_submit(costs.Get("sys_io_submit")),
      io_submit_one(costs.Get("io_submit_one")),
      sys_io_getevents(costs.Get("sys_io_getevents")),
      aio_read_evt(costs.Get("aio_read_evt")),
      sys_io_cancel(costs.Get("sys_io_cancel")),
      aio_complete(costs.Get("aio_complete")) {}

Aio::Aio(Engine& engine, EventStream& stream, const CostTable& costs, const Parameters& parameters)
    : LayerActor(engine, Layer::kVfs, "aio"),
      stream_(stream),
      costs_(costs),
      parameters_(parameters),
      rules_(*parameters.rules),
      end_kiocb_(PortOf<&Aio::OnEndKiocb>(*this)),
      limits_(parameters.aio_max_nr) {}

Handler Aio::OnCall(VfsCall& call) {
  Context& context = *call.context;
  const SyscallArguments& arguments = *call.arguments;
  switch (arguments.op) {
    case Op::kIoSetup:
      call.result = co_await SysIoSetup(context, arguments);
      break;
    case Op::kIoDestroy:
      call.result = co_await SysIoDestroy(context, arguments);
      break;
    case Op::kIoSubmit:
      call.result = co_await SysIoSubmit(context, arguments);
      break;
    case Op::kIoGetevents:
      call.result = co_await SysIoGetevents(context, arguments);
      break;
    case Op::kIoCancel:
      call.result = co_await SysIoCancel(context, arguments);
      break;
    default:
      BIOTOPE_CHECK(false, "system call {} is none of asynchronous I/O",
                    static_cast<int>(arguments.op));
  }
  Reply(call);
}

// lookup_ioctx.
Aio::IoContext* Aio::LookupIoctx(const SyscallArguments& arguments) {
  const auto found = contexts_.find(arguments.aio->ctx);
  if (found == contexts_.end() || found->second.mm != arguments.mm) return nullptr;
  return &found->second;
}

// -- io_setup, io_destroy, io_cancel

Co<int64_t> Aio::SysIoSetup(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_io_setup);
  AioArguments& aio = *arguments.aio;
  if (!IsMapped(aio.ctxp)) co_return -EFAULT;
  if (aio.ctx != 0) co_return -EINVAL;
  const int error = CheckNrEvents(rules_, aio.nr_events, parameters_.cpus, parameters_.aio_max_nr);
  if (error != 0) co_return -error;
  if (!limits_.Take(aio.nr_events)) co_return -EAGAIN;
  IoContext& io =
      contexts_.try_emplace(next_context_, rules_, aio.nr_events, parameters_.cpus).first->second;
  io.id = aio.ctx = next_context_;
  io.mm = arguments.mm;
  next_context_ += kContextStride;
  co_return 0;
}

// io_destroy, aio_cancel_all, wait_for_all_aios: a transfer cannot be cancelled, so it is waited
// for.
Co<int64_t> Aio::SysIoDestroy(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_io_destroy);
  IoContext* io = LookupIoctx(arguments);
  if (io == nullptr) co_return -EINVAL;
  BIOTOPE_CHECK(io->waiter == nullptr, "two threads of a process in I/O context {}", io->id);
  io->mm = nullptr;  // nobody finds it any more
  while (Request* poll = TakePoll(*io, 0)) co_await Complete(context, *poll, 0, 0);
  while (io->ring.outstanding() > 0) {
    io->destroyer = &context;
    co_await SleepIn(context, {"all I/O of context", io->id});
    io->destroyer = nullptr;
  }
  limits_.Give(io->ring.nr_events());
  contexts_.erase(io->id);
  co_return 0;
}

// Of what there is here only POLL can be cancelled; its event then comes through the ring.
Co<int64_t> Aio::SysIoCancel(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_io_cancel);
  if (!IsMapped(arguments.aio->iocb)) co_return -EFAULT;
  if (rules_.cancel_checks_key && arguments.aio->aio_key != 0) co_return -EINVAL;
  IoContext* io = LookupIoctx(arguments);
  if (io == nullptr) co_return -EINVAL;
  Request* poll = TakePoll(*io, arguments.aio->iocb_address);
  if (poll == nullptr) co_return -rules_.cannot_cancel;
  co_await Complete(context, *poll, 0, 0);
  co_return -EINPROGRESS;
}

// The pending POLL of this iocb, or any for address 0; null: there is none.
Aio::Request* Aio::TakePoll(const IoContext& io, uint64_t address) {
  const auto found = std::find_if(polls_.begin(), polls_.end(), [&](const Request* poll) {
    return poll->io_context == &io && (address == 0 || poll->obj == address);
  });
  if (found == polls_.end()) return nullptr;
  Request* poll = *found;
  polls_.erase(found);
  return poll;
}

// -- io_submit

Co<int64_t> Aio::SysIoSubmit(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_io_submit);
  const AioArguments& aio = *arguments.aio;
  IoContext* io = LookupIoctx(arguments);
  int64_t nr = aio.nr;
  int error =
      BeginSubmit(rules_.submit, aio.array, io == nullptr ? 0 : io->ring.ring_events(), &nr);
  int64_t accepted = 0;
  while (error == 0 && accepted < nr) {
    const uint64_t index = static_cast<uint64_t>(accepted);
    error = index < aio.iocbs.size() ? ReadPointer(aio.array, index) : EFAULT;
    if (error == 0 && !IsMapped(aio.iocbs[index].pointer)) error = EFAULT;  // copy_from_user
    if (error == 0) error = co_await IoSubmitOne(context, arguments.files, *io, aio.iocbs[index]);
    if (error == 0) ++accepted;
  }
  co_return IoSubmitResult(accepted, error);
}

// Returns 0 or errno.
Co<int> Aio::IoSubmitOne(Context& context, FilesStruct* files, IoContext& io, const Iocb& iocb) {
  GetFile file;
  file.files = files;
  file.fd = iocb.fildes;
  const int error = co_await CheckAndTakeSlot(context, io, iocb, file);
  if (error != 0) {
    co_await Execute(context, costs_.io_submit_one);
    co_return error;
  }
  // The cost comes behind the record, so that the I/O begins where io_submit_one does.
  Request& request = NewRequest(io, iocb, file.file);
  RecordAio(Kind::kAioSubmit, context, request, &iocb, 0, context.call());
  co_await Execute(context, costs_.io_submit_one);
  const int64_t result = co_await BeginTransfer(context, iocb, file, request);
  if (result != -kEiocbqueued) co_await Complete(context, request, result, 0);
  co_return 0;
}

// What can go wrong before there is an I/O. 0: it has a slot, and `file` is filled.
Co<int> Aio::CheckAndTakeSlot(Context& context, IoContext& io, const Iocb& iocb, GetFile& file) {
  const uint32_t cpu = context.core().id();
  int error = CheckIocb(rules_.iocb_checks, iocb);
  if (error != 0) co_return error;
  co_await Ask(get_file_, file, context);
  if (LooksUpFileFirst(rules_.iocb_checks) && file.inode == nullptr) co_return EBADF;
  if (!io.ring.GetSlot(cpu)) co_return EAGAIN;
  if (file.inode == nullptr) {
    error = EBADF;
  } else {
    GetFile resfd;
    resfd.files = file.files;
    resfd.fd = iocb.resfd;
    if ((iocb.flags & kIocbFlagResfd) != 0) co_await Ask(get_file_, resfd, context);
    error = CheckIocbFile(rules_.iocb_checks, iocb, DescribeFile(file), DescribeResfd(resfd));
  }
  if (error != 0) io.ring.PutSlot(cpu);
  co_return error;
}

// f_op->aio_read and aio_write, and around them aio_pread: until nothing more comes.
Co<int64_t> Aio::BeginTransfer(Context& context, const Iocb& iocb, const GetFile& file,
                               Request& request) {
  if (iocb.opcode == kIocbCmdFsync || iocb.opcode == kIocbCmdFdsync) co_return 0;  // nothing dirty
  if (iocb.opcode == kIocbCmdPoll) {
    polls_.push_back(&request);
    co_return -kEiocbqueued;
  }
  // No segments are given with the vectored opcodes.
  const bool vectored = iocb.opcode == kIocbCmdPreadv || iocb.opcode == kIocbCmdPwritev;
  uint64_t left = vectored ? 0 : iocb.nbytes;
  uint64_t buffer_left = IsMapped(iocb.buffer) ? iocb.buffer_bytes : 0;
  uint64_t pos = static_cast<uint64_t>(iocb.offset);
  int64_t done = 0;
  for (;;) {
    ReadFile read;
    read.inode = file.inode;
    read.readahead = file.readahead;
    read.direct = (file.flags & O_DIRECT) != 0;
    read.write = iocb.opcode == kIocbCmdPwrite || iocb.opcode == kIocbCmdPwritev;
    read.iocb = &request;
    read.pos = pos;
    read.count = left;
    read.buffer_misalignment = iocb.buffer_misalignment;
    read.buffer_bytes = buffer_left;
    co_await Ask(ext2_.read, read, context);
    if (read.result == -kEiocbqueued) co_return read.result;
    if (read.result < 0) co_return read.result;
    const uint64_t bytes = static_cast<uint64_t>(read.result);
    done += read.result;
    pos += bytes;
    left -= bytes;
    buffer_left -= std::min(buffer_left, bytes);
    if (bytes == 0 || left == 0 || !rules_.retries_short_reads) co_return done;
  }
}

Aio::Request& Aio::NewRequest(IoContext& io, const Iocb& iocb, std::shared_ptr<File> file) {
  if (free_requests_.empty()) free_requests_.push_back(&requests_.emplace_back());
  Request& request = *free_requests_.back();
  free_requests_.pop_back();
  request.id = ++request_count_;
  request.end = &end_kiocb_;
  request.io_context = &io;
  request.file = std::move(file);
  request.data = iocb.data;
  request.obj = iocb.address;
  return request;
}

// -- Completion

// The end of an asynchronous transfer, in the interrupt that ended its last bio.
Handler Aio::OnEndKiocb(EndKiocb& call) {
  co_await Complete(*call.context, static_cast<Request&>(*call.iocb), call.result, call.bio);
  Reply(call);
}

// aio_complete.
Co<> Aio::Complete(Context& context, Request& request, int64_t result, uint64_t bio) {
  co_await Execute(context, costs_.aio_complete);
  IoContext& io = *request.io_context;
  io.ring.Complete({.data = request.data, .obj = request.obj, .res = result, .res2 = 0});
  RecordAio(Kind::kAioComplete, context, request, nullptr, result, bio);
  request.file.reset();
  free_requests_.push_back(&request);
  if (io.waiter != nullptr &&
      (!rules_.wakes_at_min_nr || io.waiter->wants <= int64_t{io.ring.in_ring()})) {
    WakeWaiter(io, bio);
  }
  if (io.destroyer != nullptr && io.ring.outstanding() == 0) {
    io.destroyer->core().Wake(*std::exchange(io.destroyer, nullptr), bio);
  }
}

void Aio::RecordAio(Kind kind, const Context& context, const Request& request, const Iocb* iocb,
                    int64_t result, uint64_t parent) {
  Record record;
  record.tick = engine().now();
  record.kind = kind;
  record.layer = layer();
  record.io = request.id;
  record.parent = parent;
  record.task = context.task();
  record.cpu = context.core().id();
  if (iocb != nullptr) {
    const bool write = iocb->opcode == kIocbCmdPwrite || iocb->opcode == kIocbCmdPwritev;
    record.value = static_cast<uint64_t>(write ? Op::kPwrite : Op::kPread);
    record.sector = Sector(static_cast<uint64_t>(iocb->offset));
    record.bytes = static_cast<uint32_t>(std::min<uint64_t>(iocb->nbytes, UINT32_MAX));
  } else {
    record.value = static_cast<uint64_t>(result);
  }
  stream_.Emit(record);
}

}  // namespace biotope
