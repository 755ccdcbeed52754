#ifndef BIOTOPE_LAYERS_EXT2_MESSAGES_H_
#define BIOTOPE_LAYERS_EXT2_MESSAGES_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "layers/page_cache/messages.h"
#include "sim/cpu/call.h"

namespace biotope {

// An inode in memory, as the VFS sees it (struct inode). ext2 owns it and derives its own from it.
struct VfsInode {
  enum class Type : uint8_t { kRegular, kDirectory, kSymlink, kOther };
  uint32_t ino = 0;
  Type type = Type::kOther;
  uint64_t size = 0;       // i_size, bytes
  uint64_t max_bytes = 0;  // s_maxbytes of the file system
};

// ext2_fill_super: reads what a mount reads, and the root inode.
struct MountFs : Call {
  VfsInode* root = nullptr;
  int error = 0;  // 0 or -errno
};

// ext2_lookup: the entry `name` of a directory and its inode. inode is null where there is no such
// entry (error 0) or where something could not be read (error -errno).
struct LookupName : Call {
  VfsInode* directory = nullptr;
  std::string_view name;
  VfsInode* inode = nullptr;
  int error = 0;
};

// ext2_follow_link: where a symbolic link points.
struct FollowLink : Call {
  VfsInode* inode = nullptr;
  std::string target;
  int error = 0;
};

struct EndKiocb;

// An asynchronous I/O (struct kiocb), as far as the file system sees it.
struct Kiocb {
  uint64_t id = 0;                      // its number in the run, see Kind
  const Port<EndKiocb>* end = nullptr;  // aio_complete: who hears of its end
};

// ReadFile::result: the I/O goes on, EndKiocb will tell its result (include/linux/errno.h).
inline constexpr int kEiocbqueued = 529;

// An asynchronous I/O has ended, in the interrupt or softirq of its last bio.
struct EndKiocb : Call {
  Kiocb* iocb = nullptr;
  int64_t result = 0;  // bytes, or -errno
  uint64_t bio = 0;    // the last one's number
};

// generic_file_read and generic_file_aio_read: f_op->read and aio_read of a regular file, and with
// `write` their counterparts for writing, which must be `direct`.
struct ReadFile : Call {
  VfsInode* inode = nullptr;
  FileRaState* readahead = nullptr;  // f_ra
  bool direct = false;               // O_DIRECT
  bool write = false;
  Kiocb* iocb = nullptr;  // null: synchronous
  uint64_t pos = 0;       // in: where; out: behind what was read
  uint64_t count = 0;
  uint32_t buffer_misalignment = 0;
  uint64_t buffer_bytes = UINT64_MAX;  // of the buffer that are mapped; the rest faults
  int64_t result = 0;                  // bytes, or -errno
};

// sys_fadvise64 and sys_readahead, the part that depends on the file's mapping.
struct AdviseFile : Call {
  enum class Advice : uint8_t { kWillNeed, kDontNeed };
  VfsInode* inode = nullptr;
  Advice advice = Advice::kWillNeed;
  uint64_t offset = 0;  // bytes
  uint64_t length = 0;  // bytes; 0: to the end
  int error = 0;
};

// filemap_nopage: the page of a file that a page fault wants. It comes back up to date and with a
// place in a page table (mapcount and a reference), which UnmapPage gives back.
struct FaultPage : Call {
  VfsInode* inode = nullptr;
  FileRaState* readahead = nullptr;  // f_ra
  PageIndex index;
  ReadAdvice advice = ReadAdvice::kNormal;  // of the mapping
  Page* page = nullptr;
  int error = 0;  // -EFAULT: behind the end of the file (SIGBUS)
};

// A page leaves a page table that showed it.
struct UnmapPage : Call {
  Page* page = nullptr;
};

struct Ext2Ports {
  Port<MountFs> mount;
  Port<LookupName> lookup;
  Port<FollowLink> follow_link;
  Port<ReadFile> read;
  Port<AdviseFile> advise;
  Port<FaultPage> fault;
  Port<UnmapPage> unmap;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_MESSAGES_H_
