#ifndef BIOTOPE_LAYERS_DISK_SSD_FLASH_BLOCKS_H_
#define BIOTOPE_LAYERS_DISK_SSD_FLASH_BLOCKS_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/logical_page_map.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "sim/core/random.h"

namespace biotope {

// What is written together into the same block.
enum class WriteStream : uint8_t { kHost, kMapping, kCollection };

// The blocks of all planes: which are free, where the next page goes, how much of a block is still
// valid, and whose each page is. A free block that was erased least often is taken first. Wear does
// not come into the choice of victims: there is no static wear levelling.
class FlashBlocks {
 public:
  // Both outlive it.
  FlashBlocks(const SsdParameters& parameters, const LogicalPageMap& map);

  // The next page of the stream in the plane. Takes a free block when one is full: there must be
  // one.
  FlashPosition Allocate(uint32_t plane, WriteStream stream, LogicalPage page);
  void Invalidate(uint32_t plane, FlashPosition position);
  // The logical page that was last written there.
  LogicalPage PageAt(uint32_t plane, FlashPosition position) const;

  uint32_t free_blocks(uint32_t plane) const { return planes_[plane].nr_free; }
  uint32_t valid_pages(uint32_t plane, uint32_t block) const { return Info(plane, block).valid; }
  uint32_t erase_count(uint32_t plane, uint32_t block) const { return Info(plane, block).erased; }

  // A full block with as little as possible that is valid, by the rule of the parameters; it stays
  // out of later choices until it is erased. None if no block has an invalid page.
  std::optional<uint32_t> TakeVictim(uint32_t plane);
  // The block was erased.
  void Erased(uint32_t plane, uint32_t block);

 private:
  enum class State : uint8_t { kFree, kOpen, kFull, kVictim };

  struct BlockInfo {
    uint32_t erased = 0;
    uint16_t valid = 0;
    State state = State::kFree;
  };
  struct Frontier {
    uint32_t block = 0;
    uint32_t next_page = 0;
  };
  struct Plane {
    std::array<Frontier, 3> frontiers;
    uint32_t next_fresh = 0;  // blocks from here on were never used
    uint32_t nr_free = 0;
    std::vector<uint64_t> erased;  // free ones that were: heap of erase count and serial and block
  };
  using Owners = std::unique_ptr<LogicalPage[]>;

  BlockInfo& Info(uint32_t plane, uint32_t block) { return blocks_[plane * nr_blocks_ + block]; }
  const BlockInfo& Info(uint32_t plane, uint32_t block) const {
    return blocks_[plane * nr_blocks_ + block];
  }
  void FillInitially(const LogicalPageMap& map);
  void Open(uint32_t plane, WriteStream stream);
  bool IsBetter(uint32_t plane, uint32_t block, std::optional<uint32_t> best) const;

  const SsdParameters& parameters_;
  const LogicalPageMap& map_;
  const uint32_t nr_blocks_;  // of a plane
  const uint32_t nr_pages_;   // of a block
  std::vector<Plane> planes_;
  std::vector<BlockInfo> blocks_;
  std::vector<Owners> owners_;  // null: as the initial state says
  std::vector<Owners> unused_owners_;
  Random random_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_FLASH_BLOCKS_H_
