#ifndef BIOTOPE_LAYERS_EXT2_BLOCK_PATH_H_
#define BIOTOPE_LAYERS_EXT2_BLOCK_PATH_H_

#include <array>
#include <cstdint>

#include "sim/core/units.h"

namespace biotope {

inline constexpr uint32_t kDirectBlocks = 12;   // EXT2_NDIR_BLOCKS
inline constexpr uint32_t kBlockPointers = 15;  // i_block: direct, single, double, triple

// The way from an inode to one block of its file: an index into i_block, then one into each
// indirect block.
struct BlockPath {
  uint32_t depth = 0;  // indices that count; 0: no block of an ext2 file has this number
  std::array<uint32_t, 4> offsets{};
  // The last index is the last of its array: the block behind it needs another array, so reading on
  // may read metadata.
  bool boundary = false;
};

// Models: fs/ext2/inode.c ext2_block_to_path (Linux 2.6.11).
// `pointers`: in an indirect block, a power of two.
BlockPath BlockToPath(BlockNr logical, uint32_t pointers);

// Blocks that a file can have.
uint64_t MaxMappableBlocks(uint32_t pointers);

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_EXT2_BLOCK_PATH_H_
