#include "layers/ext2/block_path.h"

namespace biotope {

uint64_t MaxMappableBlocks(uint32_t pointers) {
  const uint64_t p = pointers;
  return kDirectBlocks + p + p * p + p * p * p;
}

BlockPath BlockToPath(BlockNr logical, uint32_t pointers) {
  const uint64_t p = pointers;
  BlockPath path;
  uint64_t block = logical.value();
  const auto finish = [&](uint64_t last, uint64_t size) {
    path.offsets[path.depth++] = static_cast<uint32_t>(last);
    path.boundary = last == size - 1;
    return path;
  };
  if (block < kDirectBlocks) return finish(block, kDirectBlocks);
  block -= kDirectBlocks;
  // One level of indirection after the other: how many blocks each covers grows by a factor p.
  uint64_t covered = p;
  for (uint32_t levels = 1; levels <= 3; ++levels, covered *= p) {
    if (block >= covered) {
      block -= covered;
      continue;
    }
    path.offsets[path.depth++] = kDirectBlocks + levels - 1;
    for (uint64_t below = covered / p; below > 1; below /= p) {
      path.offsets[path.depth++] = static_cast<uint32_t>(block / below);
      block %= below;
    }
    return finish(block, p);
  }
  return {};
}

}  // namespace biotope
