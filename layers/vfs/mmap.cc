// The part of the VFS that maps files into memory: mm/mmap.c do_mmap_pgoff and sys_munmap,
// mm/madvise.c, and do_no_page of mm/memory.c (Linux 2.6.11). Left out on purpose: what MmStruct
// leaves out; PROT_NONE and write access.

#include <fcntl.h>
#include <sys/mman.h>

#include <cerrno>
#include <utility>

#include "layers/vfs/vfs.h"

namespace biotope {
namespace {

constexpr uint64_t kTaskSize = uint64_t{1} << 47;

bool IsPageAligned(uint64_t bytes) { return bytes % kPageSize == 0; }

// PAGE_ALIGN, which wraps to 0 at the top.
uint64_t PageAlign(uint64_t bytes) { return (bytes + kPageSize - 1) & ~uint64_t{kPageSize - 1}; }

}  // namespace

Co<int64_t> Vfs::SysMmap(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_mmap);
  const uint64_t offset = static_cast<uint64_t>(arguments.offset);
  if (!IsPageAligned(offset)) co_return -EINVAL;
  std::shared_ptr<File> file = arguments.files->Share(arguments.fd);
  if (file == nullptr) co_return -EBADF;
  if ((file->flags & O_ACCMODE) == O_WRONLY) co_return -EACCES;
  if (file->inode->type != VfsInode::Type::kRegular) co_return -ENODEV;
  if (arguments.count == 0) co_return 0;  // the address that was asked for: none
  const uint64_t length = PageAlign(arguments.count);
  if (length == 0 || length > kTaskSize) co_return -EINVAL;
  if (offset + length < offset) co_return -EINVAL;
  co_return static_cast<int64_t>(
      arguments.mm->Map(std::move(file), PageIndex(offset / kPageSize), length / kPageSize));
}

Co<int64_t> Vfs::SysMunmap(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_munmap);
  const uint64_t length = PageAlign(arguments.count);
  if (!IsPageAligned(arguments.address) || arguments.address > kTaskSize || length == 0 ||
      length > kTaskSize - arguments.address) {
    co_return -EINVAL;
  }
  std::vector<Page*> removed;
  arguments.mm->Unmap(arguments.address, arguments.address + length, &removed);
  co_await UnmapPages(context, removed);
  co_return 0;
}

Co<int64_t> Vfs::SysMadvise(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_madvise);
  const uint64_t length = PageAlign(arguments.count);
  const uint64_t start = arguments.address;
  const uint64_t end = start + length;
  if (!IsPageAligned(start) || (arguments.count != 0 && length == 0) || end < start) {
    co_return -EINVAL;
  }
  if (end == start) co_return 0;
  const auto advise = [&](ReadAdvice advice) {
    return arguments.mm->Advise(start, end, advice) ? 0 : -ENOMEM;
  };
  switch (arguments.advice) {
    case MADV_NORMAL:
      co_return advise(ReadAdvice::kNormal);
    case MADV_RANDOM:
      co_return advise(ReadAdvice::kRandom);
    case MADV_SEQUENTIAL:
      co_return advise(ReadAdvice::kSequential);
    case MADV_WILLNEED:
    case MADV_DONTNEED:
      break;
    default:
      co_return -EINVAL;
  }
  uint64_t mapped = 0;
  for (const VmArea& area : arguments.mm->AreasOf(start, end)) {
    mapped += area.end - area.start;
    if (arguments.advice == MADV_WILLNEED) co_await MadviseWillNeed(context, area);
  }
  if (arguments.advice == MADV_DONTNEED) {
    std::vector<Page*> removed;
    arguments.mm->Zap(start, end, &removed);
    co_await UnmapPages(context, removed);
  }
  co_return mapped == length / kPageSize ? 0 : -ENOMEM;
}

// madvise_willneed.
Co<> Vfs::MadviseWillNeed(Context& context, const VmArea& area) {
  AdviseFile advise;
  advise.inode = area.file->inode;
  advise.offset = area.file_start.value() * kPageSize;
  advise.length = (area.end - area.start) * kPageSize;
  co_await Ask(ext2_.advise, advise, context);
}

Co<> Vfs::UnmapPages(Context& context, const std::vector<Page*>& pages) {
  for (Page* page : pages) {
    UnmapPage unmap;
    unmap.page = page;
    co_await Ask(ext2_.unmap, unmap, context);
  }
}

// A page fault of a read. -EFAULT: the process would be sent SIGSEGV or SIGBUS.
Co<int64_t> Vfs::DoNoPage(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.do_no_page);
  const VmArea* area = arguments.mm->Find(arguments.address);
  if (area == nullptr) co_return -EFAULT;
  const std::shared_ptr<File> file = area->file;  // the area may change while the task sleeps
  FaultPage fault;
  fault.inode = file->inode;
  fault.readahead = &file->readahead;
  fault.index = area->FilePage(arguments.address >> kPageShift);
  fault.advice = area->advice;
  co_await Ask(ext2_.fault, fault, context);
  if (fault.error != 0) co_return fault.error;
  arguments.mm->SetPresent(arguments.address, *fault.page);
  co_return 0;
}

}  // namespace biotope
