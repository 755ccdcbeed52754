#include "layers/vfs/file.h"

#include <cerrno>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

int FilesStruct::GetUnusedFd() {
  size_t fd = next_fd_;
  while (fd < slots_.size() && slots_[fd].used) ++fd;
  if (fd >= rlimit_nofile_) return -EMFILE;
  if (fd == slots_.size()) slots_.emplace_back();
  slots_[fd].used = true;
  next_fd_ = fd + 1;
  return static_cast<int>(fd);
}

void FilesStruct::PutUnusedFd(int fd) {
  const size_t slot = static_cast<size_t>(fd);
  slots_[slot].used = false;
  if (slot < next_fd_) next_fd_ = slot;
}

void FilesStruct::Install(int fd, std::shared_ptr<File> file) {
  Slot& slot = slots_[static_cast<size_t>(fd)];
  BIOTOPE_CHECK(slot.used && slot.file == nullptr, "descriptor {} installed twice", fd);
  slot.file = std::move(file);
  ++open_count_;
}

File* FilesStruct::Get(int64_t fd) const {
  if (fd < 0 || static_cast<uint64_t>(fd) >= slots_.size()) return nullptr;
  return slots_[static_cast<size_t>(fd)].file.get();
}

std::shared_ptr<File> FilesStruct::Share(int64_t fd) const {
  return Get(fd) == nullptr ? nullptr : slots_[static_cast<size_t>(fd)].file;
}

bool FilesStruct::Close(int64_t fd) {
  if (Get(fd) == nullptr) return false;
  slots_[static_cast<size_t>(fd)].file.reset();
  --open_count_;
  PutUnusedFd(static_cast<int>(fd));
  return true;
}

}  // namespace biotope
