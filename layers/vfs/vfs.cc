#include "layers/vfs/vfs.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "sim/core/check.h"

namespace biotope {

Vfs::Costs::Costs(const CostTable& costs)
    : sys_open(costs.Get("sys_open")),
      sys_read(costs.Get("sys_read")),
      sys_pread64(costs.Get("sys_pread64")),
      sys_lseek(costs.Get("sys_lseek")),
      sys_close(costs.Get("sys_close")),
      sys_fadvise64(costs.Get("sys_fadvise64")),
      sys_readahead(costs.Get("sys_readahead")),
      vfs_read(costs.Get("vfs_read")),
      vfs_write(costs.Get("vfs_write")),
      sys_pwrite64(costs.Get("sys_pwrite64")),
      link_path_walk(costs.Get("link_path_walk")),
      sys_mmap(costs.Get("sys_mmap")),
      sys_munmap(costs.Get("sys_munmap")),
      sys_madvise(costs.Get("sys_madvise")),
      do_no_page(costs.Get("do_no_page")) {}

Vfs::Vfs(Engine& engine, const CostTable& costs, const Parameters& parameters,
         const Readahead& readahead)
    : LayerActor(engine, Layer::kVfs, "vfs"),
      costs_(costs),
      parameters_(parameters),
      readahead_(readahead) {}

Handler Vfs::OnMount(MountFs& call) {
  MountFs mount;
  co_await Ask(ext2_.mount, mount, *call.context);
  root_ = call.root = mount.root;
  call.error = mount.error;
  Reply(call);
}

Handler Vfs::OnCall(VfsCall& call) {
  Context& context = *call.context;
  const SyscallArguments& arguments = *call.arguments;
  switch (arguments.op) {
    case Op::kOpen:
      call.result = co_await SysOpen(context, arguments);
      break;
    case Op::kClose:
      call.result = co_await SysClose(context, arguments);
      break;
    case Op::kRead:
      call.result = co_await SysRead(context, arguments);
      break;
    case Op::kPread:
      call.result = co_await SysPread64(context, arguments);
      break;
    case Op::kLseek:
      call.result = co_await SysLseek(context, arguments);
      break;
    case Op::kFadvise:
      call.result = co_await SysFadvise64(context, arguments);
      break;
    case Op::kReadahead:
      call.result = co_await SysReadahead(context, arguments);
      break;
    case Op::kMmap:
      call.result = co_await SysMmap(context, arguments);
      break;
    case Op::kMunmap:
      call.result = co_await SysMunmap(context, arguments);
      break;
    case Op::kMadvise:
      call.result = co_await SysMadvise(context, arguments);
      break;
    case Op::kFault:
      call.result = co_await DoNoPage(context, arguments);
      break;
    case Op::kPwrite:
      call.result = co_await SysPwrite64(context, arguments);
      break;
    case Op::kIoSetup:
    case Op::kIoDestroy:
    case Op::kIoSubmit:
    case Op::kIoGetevents:
    case Op::kIoCancel:
      BIOTOPE_CHECK(false, "system call {} goes to the layer of asynchronous I/O",
                    static_cast<int>(arguments.op));
  }
  Reply(call);
}

// -- read

Co<int64_t> Vfs::SysRead(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_read);
  File* file = arguments.files->Get(arguments.fd);  // fget_light; fput_light has nothing to do
  if (file == nullptr) co_return -EBADF;
  // file_pos_read and file_pos_write: the position is copied without a lock, and written back
  // whatever the result is.
  uint64_t pos = file->pos;
  const int64_t result = co_await VfsRead(context, *file, arguments, &pos);
  file->pos = pos;
  co_return result;
}

Co<int64_t> Vfs::SysPread64(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_pread64);
  if (arguments.offset < 0) co_return -EINVAL;
  File* file = arguments.files->Get(arguments.fd);
  if (file == nullptr) co_return -EBADF;
  uint64_t pos = static_cast<uint64_t>(arguments.offset);
  co_return co_await VfsRead(context, *file, arguments, &pos);
}

Co<int64_t> Vfs::VfsRead(Context& context, File& file, const SyscallArguments& arguments,
                         uint64_t* pos) {
  co_await Execute(context, costs_.vfs_read);
  if ((file.flags & O_ACCMODE) == O_WRONLY) co_return -EBADF;
  // rw_verify_area
  constexpr uint64_t kPosMax = INT64_MAX;
  if (arguments.count > parameters_.max_rw_count) co_return -EINVAL;
  if (*pos > kPosMax - arguments.count) co_return -EINVAL;
  // generic_read_dir
  if (file.inode->type == VfsInode::Type::kDirectory) co_return -EISDIR;
  if (file.inode->type != VfsInode::Type::kRegular) co_return -EINVAL;

  ReadFile read;
  read.inode = file.inode;
  read.readahead = &file.readahead;
  read.direct = (file.flags & O_DIRECT) != 0;
  read.pos = *pos;
  read.count = arguments.count;
  read.buffer_misalignment = arguments.buffer_misalignment;
  co_await Ask(ext2_.read, read, context);
  *pos = read.pos;
  co_return read.result;
}

void Vfs::OnGetFile(GetFile& call) {
  call.file = call.files->Share(call.fd);
  if (call.file != nullptr) {
    call.inode = call.file->inode;
    call.readahead = &call.file->readahead;
    call.flags = call.file->flags;
  }
  Reply(call);
}

// -- pwrite: only with O_DIRECT; a file can be opened for writing in no other way.

Co<int64_t> Vfs::SysPwrite64(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_pwrite64);
  if (arguments.offset < 0) co_return -EINVAL;
  File* file = arguments.files->Get(arguments.fd);
  if (file == nullptr) co_return -EBADF;
  // vfs_write
  co_await Execute(context, costs_.vfs_write);
  if ((file->flags & O_ACCMODE) == O_RDONLY) co_return -EBADF;
  if (arguments.count > parameters_.max_rw_count) co_return -EINVAL;
  if (static_cast<uint64_t>(arguments.offset) > INT64_MAX - arguments.count) co_return -EINVAL;
  ReadFile write;
  write.inode = file->inode;
  write.readahead = &file->readahead;
  write.direct = true;
  write.write = true;
  write.pos = static_cast<uint64_t>(arguments.offset);
  write.count = arguments.count;
  write.buffer_misalignment = arguments.buffer_misalignment;
  co_await Ask(ext2_.read, write, context);
  co_return write.result;
}

// -- lseek, close

Co<int64_t> Vfs::SysLseek(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_lseek);
  File* file = arguments.files->Get(arguments.fd);
  if (file == nullptr) co_return -EBADF;
  int64_t base = 0;
  switch (arguments.whence) {
    case SEEK_SET:
      break;
    case SEEK_CUR:
      base = static_cast<int64_t>(file->pos);
      break;
    case SEEK_END:
      base = static_cast<int64_t>(file->inode->size);
      break;
    default:
      co_return -EINVAL;
  }
  int64_t target = 0;
  if (__builtin_add_overflow(base, arguments.offset, &target) || target < 0) co_return -EINVAL;
  if (static_cast<uint64_t>(target) > file->inode->max_bytes) co_return -EINVAL;
  file->pos = static_cast<uint64_t>(target);
  co_return target;
}

Co<int64_t> Vfs::SysClose(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_close);
  co_return arguments.files->Close(arguments.fd) ? 0 : -EBADF;
}

// -- fadvise64, readahead

Co<int64_t> Vfs::SysFadvise64(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_fadvise64);
  File* file = arguments.files->Get(arguments.fd);
  if (file == nullptr) co_return -EBADF;
  const int64_t length = static_cast<int64_t>(arguments.count);
  if (length < 0) co_return -EINVAL;
  AdviseFile advise;
  switch (arguments.advice) {
    case POSIX_FADV_NORMAL:
      readahead_.Advise(file->readahead, ReadAdvice::kNormal, parameters_.read_ahead_pages);
      co_return 0;
    case POSIX_FADV_RANDOM:
      readahead_.Advise(file->readahead, ReadAdvice::kRandom, parameters_.read_ahead_pages);
      co_return 0;
    case POSIX_FADV_SEQUENTIAL:
      readahead_.Advise(file->readahead, ReadAdvice::kSequential, parameters_.read_ahead_pages);
      co_return 0;
    case POSIX_FADV_WILLNEED:
    case POSIX_FADV_NOREUSE:
      advise.advice = AdviseFile::Advice::kWillNeed;
      break;
    case POSIX_FADV_DONTNEED:
      advise.advice = AdviseFile::Advice::kDontNeed;
      break;
    default:
      co_return -EINVAL;
  }
  advise.inode = file->inode;
  advise.offset = static_cast<uint64_t>(arguments.offset);
  advise.length = arguments.count;
  co_await Ask(ext2_.advise, advise, context);
  co_return advise.error;
}

Co<int64_t> Vfs::SysReadahead(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_readahead);
  File* file = arguments.files->Get(arguments.fd);
  if (file == nullptr || (file->flags & O_ACCMODE) == O_WRONLY) co_return -EBADF;
  // Directories have a readpage too; later kernels refuse them.
  if (file->inode->type == VfsInode::Type::kOther) co_return -EINVAL;
  if (arguments.count == 0) co_return 0;
  AdviseFile advise;
  advise.inode = file->inode;
  advise.offset = static_cast<uint64_t>(arguments.offset);
  advise.length = arguments.count;
  co_await Ask(ext2_.advise, advise, context);
  co_return advise.error;
}

}  // namespace biotope
