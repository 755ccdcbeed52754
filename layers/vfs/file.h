#ifndef BIOTOPE_LAYERS_VFS_FILE_H_
#define BIOTOPE_LAYERS_VFS_FILE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "layers/ext2/messages.h"

namespace biotope {

// An open file (struct file).
struct File {
  VfsInode* inode = nullptr;
  int flags = 0;  // O_*, without those that only open looks at
  uint64_t pos = 0;
  FileRaState readahead;  // f_ra
};

// The descriptors of a process (struct files_struct). 0, 1 and 2 are its standard streams, which
// are no files of the simulated system: they are taken, and that is all. Models: fs/open.c
// get_unused_fd, fs/file_table.c fget (Linux 2.6.11). Left out on purpose: growing of the tables,
// close-on-exec, sharing between tasks.
class FilesStruct {
 public:
  explicit FilesStruct(uint32_t rlimit_nofile) : rlimit_nofile_(rlimit_nofile) {}

  // The lowest free descriptor, reserved; -EMFILE if the process may not have one more.
  int GetUnusedFd();
  void PutUnusedFd(int fd);
  void Install(int fd, std::shared_ptr<File> file);

  // The open file behind a descriptor, or null.
  File* Get(int64_t fd) const;
  // The same for somebody who keeps it when the descriptor is closed, such as a memory mapping.
  std::shared_ptr<File> Share(int64_t fd) const;
  // True if there was one.
  bool Close(int64_t fd);

  size_t open_count() const { return open_count_; }

 private:
  struct Slot {
    bool used = false;
    std::shared_ptr<File> file;
  };
  const uint32_t rlimit_nofile_;
  static constexpr size_t kStandardStreams = 3;

  std::vector<Slot> slots_ = std::vector<Slot>(kStandardStreams);
  size_t next_fd_ = kStandardStreams;  // nothing below is free
  size_t open_count_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_VFS_FILE_H_
