#ifndef BIOTOPE_LAYERS_DISK_SSD_MAPPING_CACHE_H_
#define BIOTOPE_LAYERS_DISK_SSD_MAPPING_CACHE_H_

#include <cstdint>
#include <vector>

#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/flat_index.h"

namespace biotope {

// Which entries of the mapping table are in memory: single entries, least recently used first out.
class MappingCache {
 public:
  struct Evicted {
    LogicalPage page = 0;
    uint32_t changed = 0;  // as given to MarkChanged; 0: as it is in the flash
  };

  explicit MappingCache(uint32_t capacity) : capacity_(capacity) {}

  uint32_t size() const { return static_cast<uint32_t>(index_.size()); }
  bool full() const { return size() >= capacity_; }

  enum class State : uint8_t { kAbsent, kReserved, kValid };

  // An entry that is valid becomes the one that was used last.
  State Use(LogicalPage page);
  // Reserves a place for an entry that is absent. The cache is not full.
  void Reserve(LogicalPage page);
  // The entry, which is not absent, has come.
  void Validate(LogicalPage page);
  // The entry that was not used for longest. The cache is not empty.
  Evicted Evict();
  // Notes that the entry, if it is there, differs from the flash since `date` (> 0).
  void MarkChanged(LogicalPage page, uint32_t date);

 private:
  struct Node {
    LogicalPage page = 0;
    uint32_t changed = 0;
    bool valid = false;
    uint32_t newer = FlatIndex::kNone;
    uint32_t older = FlatIndex::kNone;
  };

  void Unlink(uint32_t id);
  void LinkNewest(uint32_t id);

  const uint32_t capacity_;
  FlatIndex index_;
  std::vector<Node> nodes_;
  uint32_t newest_ = FlatIndex::kNone;
  uint32_t oldest_ = FlatIndex::kNone;
  uint32_t unused_ = FlatIndex::kNone;  // chain through `older`
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_MAPPING_CACHE_H_
