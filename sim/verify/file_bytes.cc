#include "sim/verify/file_bytes.h"

#include <utility>

#include "sim/world/find_file.h"

namespace biotope {

FileBytes::FileBytes(std::string image_path, std::string image_name, std::string mount_point)
    : image_path_(std::move(image_path)),
      image_name_(std::move(image_name)),
      mount_point_(std::move(mount_point)) {}

FileBytes::~FileBytes() = default;

uint8_t FileBytes::At(const std::string& path, uint64_t offset) {
  if (image_ == nullptr) image_ = std::make_unique<Image>(image_path_, image_name_);
  auto known = inodes_.find(path);
  if (known == inodes_.end()) {
    known = inodes_.emplace(path, FindFile(*image_, mount_point_, path).inode).first;
  }
  const std::optional<Inode>& inode = known->second;
  if (!inode || offset >= inode->size.value()) return 0;
  return std::to_integer<uint8_t>(image_->ReadByte(*inode, Bytes(offset)));
}

}  // namespace biotope
