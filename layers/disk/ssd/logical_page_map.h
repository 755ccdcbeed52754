#ifndef BIOTOPE_LAYERS_DISK_SSD_LOGICAL_PAGE_MAP_H_
#define BIOTOPE_LAYERS_DISK_SSD_LOGICAL_PAGE_MAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/flat_index.h"
#include "layers/disk/ssd/ssd_parameters.h"

namespace biotope {

// Where each logical page lies, and which parts of it were ever written. The plane of a logical
// page is fixed; so the position within it is enough.
//
// Pages that lie where the initial state put them take no memory. The others are in an index of
// eight bytes or so an entry, until an array of all pages, four bytes each, is smaller.
class LogicalPageMap {
 public:
  struct Location {
    FlashPosition position = 0;
    PageParts parts = 0;  // 0: not mapped
  };

  explicit LogicalPageMap(const SsdParameters& parameters);

  uint32_t PlaneOf(LogicalPage page) const {
    return plane_order_[Rank(page) % static_cast<uint32_t>(plane_order_.size())];
  }
  Location Find(LogicalPage page) const;
  void Set(LogicalPage page, Location location);

  // Blocks at the beginning of each plane that the initial state filled.
  uint32_t initial_blocks() const { return initial_blocks_; }
  // The page that the initial state put there; false if it put none.
  bool InitialPage(uint32_t plane, FlashPosition position, LogicalPage* page) const;

  size_t memory() const { return index_.memory() + array_.size() * sizeof(uint32_t); }

 private:
  // Translation pages are spread like the others, from the first plane on.
  uint32_t Rank(LogicalPage page) const {
    return page < logical_pages_ ? page : page - logical_pages_;
  }
  Location InitialLocation(LogicalPage page) const;
  static uint32_t Pack(Location location) { return location.position << 8 | location.parts; }
  static Location Unpack(uint32_t packed) { return {packed >> 8, static_cast<PageParts>(packed)}; }

  const uint32_t logical_pages_;
  const uint32_t translation_pages_;
  const bool full_;
  std::vector<uint32_t> plane_order_;  // plane of the logical pages 0, 1, ... until they repeat
  std::vector<uint32_t> plane_rank_;   // its inverse
  uint32_t translation_positions_;     // of each plane, at its beginning
  uint32_t initial_blocks_;
  FlatIndex index_;
  std::vector<uint32_t> array_;  // instead of index_ if not empty
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_LOGICAL_PAGE_MAP_H_
