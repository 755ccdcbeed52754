#ifndef BIOTOPE_LAYERS_VFS_MESSAGES_H_
#define BIOTOPE_LAYERS_VFS_MESSAGES_H_

#include <cstdint>
#include <memory>
#include <string_view>

#include "sim/cpu/call.h"
#include "sim/trace/record.h"

namespace biotope {

class FilesStruct;
class MmStruct;
struct AioArguments;
struct File;
struct FileRaState;
struct VfsInode;

// The arguments of a system call, as its registers hold them. Which of them count depends on `op`.
struct SyscallArguments {
  Op op = Op::kRead;
  FilesStruct* files = nullptr;  // of the calling process
  MmStruct* mm = nullptr;        // likewise
  std::string_view path;         // open
  int flags = 0;                 // open: O_* of <fcntl.h>
  int fd = -1;
  uint64_t count = 0;                // read, pread, readahead; fadvise, mmap, munmap, madvise: len
  int64_t offset = 0;                // pread, lseek, fadvise, readahead, mmap
  int whence = 0;                    // lseek
  int advice = 0;                    // fadvise, madvise
  uint64_t address = 0;              // munmap, madvise, fault
  uint32_t buffer_misalignment = 0;  // read, pread: of the buffer, in bytes past a page boundary
  AioArguments* aio = nullptr;       // io_setup, io_submit, ...: theirs, in and out
};

// A system call inside the kernel. result: what it returns, or -errno.
struct VfsCall : Call {
  const SyscallArguments* arguments = nullptr;
  int64_t result = 0;
};

// fget: the open file behind a descriptor; inode is null if there is none.
struct GetFile : Call {
  FilesStruct* files = nullptr;
  int fd = -1;
  std::shared_ptr<File> file;  // keeps it open
  VfsInode* inode = nullptr;
  FileRaState* readahead = nullptr;
  int flags = 0;  // O_*
};

struct VfsPorts {
  Port<VfsCall> call;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_VFS_MESSAGES_H_
