#ifndef BIOTOPE_LAYERS_EXT2_INODE_H_
#define BIOTOPE_LAYERS_EXT2_INODE_H_

#include <array>
#include <cstdint>
#include <string>

#include "layers/ext2/block_path.h"
#include "layers/ext2/messages.h"
#include "sim/core/units.h"

namespace biotope {

inline constexpr uint32_t kRootInode = 2;  // EXT2_ROOT_INO

// An inode as it lies on the disk (struct ext2_inode), as far as reading needs it.
struct Inode {
  uint32_t ino = 0;
  VfsInode::Type type = VfsInode::Type::kOther;
  Bytes size;
  std::array<uint32_t, kBlockPointers> block{};
  bool fast_symlink = false;   // the target lies in i_block itself
  std::string symlink_target;  // of a fast symlink
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_INODE_H_
