#ifndef BIOTOPE_LAYERS_DISK_SSD_FTL_H_
#define BIOTOPE_LAYERS_DISK_SSD_FTL_H_

// Models the flash translation layer: page mapping with the plane fixed by the logical page, a
// mapping cache (translation.h), and garbage collection that moves what is valid within the plane.
//
// Writes to a plane with fewer free blocks than the reserve wait until a block was erased.
// A page that the host writes while it is being moved counts: the moved copy is dropped.
//
// Left out on purpose: static wear levelling, bad blocks, copyback, discard, and the order between
// the erase of a block and a read of it that is still queued.

#include <cstdint>
#include <optional>
#include <vector>

#include "layers/disk/ssd/flash_backend.h"
#include "layers/disk/ssd/flash_blocks.h"
#include "layers/disk/ssd/flash_op.h"
#include "layers/disk/ssd/logical_page_map.h"
#include "layers/disk/ssd/ssd_parameters.h"
#include "layers/disk/ssd/translation.h"
#include "sim/core/units.h"

namespace biotope {

class Ftl : public FlashClient, private Translation::Flash {
 public:
  struct Statistics {
    uint64_t collections = 0;  // blocks that were collected
    uint64_t moved_pages = 0;
    uint64_t update_reads = 0;
  };

  // `host` hears of operations with source kHost. All outlive it.
  Ftl(const SsdParameters& parameters, FlashOpPool& ops, FlashBackend& backend, FlashClient& host);

  // A page read or a page program of the host, with `page`, `touched`, `covered` and `bytes`. The
  // caller calls FlashBackend::Schedule when it has no more at that date.
  void Submit(OpId id, Tick now);

  void OnFlashDone(OpId id, Tick now) override;

  const Statistics& statistics() const { return statistics_; }
  const FlashBlocks& blocks() const { return blocks_; }
  const LogicalPageMap& map() const { return map_; }
  // Null with the ideal mapping.
  const Translation* translation() const { return translation_ ? &*translation_ : nullptr; }

 private:
  struct Collection {
    uint32_t plane = 0;
    uint32_t block = 0;
    uint32_t moving = 0;  // pages that are not at their new place yet
  };
  struct Plane {
    FlashOpList waiting_programs;  // for a free block
    uint32_t collections = 0;
  };

  bool MustWait(uint32_t plane) const {
    return blocks_.free_blocks(plane) < parameters_.collection.reserve_blocks;
  }
  void Place(OpId id, Tick now);
  void PlaceRead(OpId id, Tick now);
  void PlaceProgram(OpId id, Tick now);
  // Gives the page a new place, and takes the old one from it.
  FlashPosition Relocate(LogicalPage page, PageParts parts, WriteStream stream, Tick now);
  void PlaceTranslationProgram(OpId id, Tick now);
  void ReadRest(OpId program, FlashPosition position, PageParts parts);
  void OnTranslationDone(OpId id, Tick now);

  void ReadTranslationPage(uint32_t number, Tick now) override;
  void ProgramTranslationPage(uint32_t number, Tick now) override;

  void CheckCollection(uint32_t plane);
  void UpdateUrgency(uint32_t plane);
  void Collect(uint32_t plane, uint32_t block);
  void OnCollectionDone(OpId id, Tick now);
  void OnPageRead(OpId id, Tick now);
  void OnPageMoved(uint32_t collection);
  void OnErased(uint32_t collection, Tick now);

  const SsdParameters& parameters_;
  const uint32_t page_bytes_;
  const LogicalPage first_translation_page_;
  FlashOpPool& ops_;
  FlashBackend& backend_;
  FlashClient& host_;
  LogicalPageMap map_;
  FlashBlocks blocks_;
  std::optional<Translation> translation_;
  std::vector<Plane> planes_;
  std::vector<Collection> collections_;
  std::vector<uint32_t> unused_collections_;
  Statistics statistics_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_FTL_H_
