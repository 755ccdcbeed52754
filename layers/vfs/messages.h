#ifndef BIOTOPE_LAYERS_VFS_MESSAGES_H_
#define BIOTOPE_LAYERS_VFS_MESSAGES_H_

#include <cstdint>
#include <string_view>

#include "sim/cpu/call.h"
#include "sim/trace/record.h"

namespace biotope {

class FilesStruct;

// The arguments of a system call, as its registers hold them. Which of them count depends on `op`.
struct SyscallArguments {
  Op op = Op::kRead;
  FilesStruct* files = nullptr;  // of the calling process
  std::string_view path;         // open
  int flags = 0;                 // open: O_* of <fcntl.h>
  int fd = -1;
  uint64_t count = 0;   // read, pread, readahead; fadvise: len
  int64_t offset = 0;   // pread, lseek, fadvise, readahead
  int whence = 0;       // lseek
  int advice = 0;       // fadvise
  uint32_t buffer_misalignment = 0;  // read, pread: of the buffer, in bytes past a page boundary
};

// A system call inside the kernel. result: what it returns, or -errno.
struct VfsCall : Call {
  const SyscallArguments* arguments = nullptr;
  int64_t result = 0;
};

struct VfsPorts {
  Port<VfsCall> call;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_VFS_MESSAGES_H_
