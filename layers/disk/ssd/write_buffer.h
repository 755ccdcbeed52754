#ifndef BIOTOPE_LAYERS_DISK_SSD_WRITE_BUFFER_H_
#define BIOTOPE_LAYERS_DISK_SSD_WRITE_BUFFER_H_

// Models a drive's write buffer as MQSim does (2022-10, Data_Cache_Manager_Flash_Advanced, caching
// mode WRITE_CACHE): a page that was not written lately is written back at once and leaves the
// buffer when that is done; one that was written lately stays, in the hope that it will be written
// again, until it is the one that was not used for longest and the room is needed. What "lately"
// means is a set of pages that is emptied from time to time.

#include <cstdint>
#include <optional>
#include <vector>

#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/flat_index.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "sim/core/units.h"

namespace biotope {

class WriteBuffer {
 public:
  struct Content {
    LogicalPage page = 0;
    PageParts touched = 0;  // parts of which it holds something
    PageParts covered = 0;  // parts that it holds whole
    uint32_t version = 0;
  };
  struct Written {
    uint32_t version = 0;
    bool write_back = false;         // this page, now
    std::optional<Content> evicted;  // to be written to the flash to make room
  };

  explicit WriteBuffer(const SsdParameters& parameters);

  bool enabled() const { return capacity_ > 0; }

  // The parts of the page that can be read from the buffer.
  PageParts Covered(LogicalPage page);
  // Takes a write. `through`: it is written back whatever the rule says.
  Written Write(LogicalPage page, PageParts touched, PageParts covered, bool through, Tick now);
  // A page that is not on its way to the flash, and from now on is; none if there is no more.
  std::optional<Content> TakeDirty();
  // This version has reached the flash.
  void OnProgrammed(LogicalPage page, uint32_t version);

 private:
  struct Slot {
    Content content;
    bool dirty = false;  // and not on its way
    uint32_t newer = FlatIndex::kNone;
    uint32_t older = FlatIndex::kNone;
  };

  uint32_t Take(LogicalPage page);
  std::optional<Content> EvictOldest();
  void Remove(uint32_t id);
  void Unlink(uint32_t id);
  void LinkNewest(uint32_t id);
  bool WrittenLately(LogicalPage page, Tick now);

  const uint32_t capacity_;  // pages
  const Tick hot_window_;
  FlatIndex index_;
  std::vector<Slot> slots_;
  uint32_t newest_ = FlatIndex::kNone;
  uint32_t oldest_ = FlatIndex::kNone;
  uint32_t unused_ = FlatIndex::kNone;  // chain through `older`
  uint32_t nr_dirty_ = 0;
  uint32_t version_ = 0;
  FlatIndex lately_;
  Tick next_reset_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_WRITE_BUFFER_H_
