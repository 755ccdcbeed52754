#ifndef BIOTOPE_LAYERS_PAGE_CACHE_FOLIO_MPAGE_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_FOLIO_MPAGE_H_

#include <cstdint>

#include "sim/core/units.h"

namespace biotope {

// From folios to bios: which blocks are asked for, and where a bio ends.
// Models: fs/mpage.c do_mpage_readpage (fs/ext2) and fs/ext4/readpage.c ext4_mpage_readpages (Linux
// 6.18). Left out on purpose: the limit of 256 segments, which neighbouring pages may share;
// encryption and verity; blocks larger than a page.
//
// One object is one call for a batch of folios, in ascending order. It says what is to be done
// next:
//
//   for (folio : folios) {
//     for (auto step = mpage.BeginFolio(...); step.kind != Kind::kNextFolio;) {
//       step = step.kind == Kind::kMap ? mpage.Mapped(... ask the file system ...)
//                                      : (... carry out the step ..., mpage.Next());
//     }
//   }
//   if (mpage.has_bio()) ... submit it ...
//
// A mapping may reach beyond the folio that asked for it; the next one goes on with it. So the
// metadata behind it are read when a folio needs them, with the bio of the folios before still
// open.
class FolioMpage {
 public:
  // They differ in one thing: where a mapping ends with an indirect block (a boundary), mpage sends
  // the bio before the next indirect block is read. ext4 does so only if the folio that ends there
  // has asked for the mapping itself.
  enum class Driver { kMpage, kExt4 };

  // The answer to kMap: blocks in a row on the disk, from the one asked for on.
  struct Mapping {
    uint64_t count = 0;  // at least 1, at most what was asked for; 0: the block is a hole
    BlockNr physical{};
    bool boundary = false;  // the block behind them is found through another indirect block
    bool failed = false;    // metadata could not be read
  };

  struct Step {
    enum class Kind {
      kMap,          // ask where `count` logical blocks from `block` on lie
      kSubmitBio,    // submit the bio that is open
      kAddToBio,     // add `count` blocks of the folio, on the disk from `block` on; opens a bio
      kZero,         // the folio is a hole: zeros, up to date
      kReadBuffers,  // block_read_full_folio: the folio is not in one piece
      kFail,         // unlock the folio; it is not up to date
      kNextFolio,    // nothing more to do for this folio
    };
    Kind kind;
    BlockNr block{};
    uint64_t count = 0;
  };

  FolioMpage(Driver driver, uint32_t blocks_per_page)
      : driver_(driver), blocks_per_page_(blocks_per_page) {}

  // `end_block` is behind the last block of the batch, or of the file if that is less.
  Step BeginFolio(PageIndex index, uint8_t order, BlockNr end_block);
  Step Mapped(const Mapping& mapping);
  Step Next();

  // Whether a bio is open.
  bool has_bio() const { return has_bio_; }

 private:
  enum class Stage { kMap, kAdd, kAdded, kReadBuffers, kDone };

  void UseMapping();
  Step MapRest();
  Step Finish();
  Step Confused();
  bool EndsAtBoundary() const;

  const Driver driver_;
  const uint64_t blocks_per_page_;

  // The folio.
  BlockNr first_block_;      // in the file
  BlockNr end_block_;        // of the batch, in the file
  uint64_t blocks_ = 0;      // in the folio
  uint64_t mapped_ = 0;      // of them, mapped or found to be holes
  uint64_t first_hole_ = 0;  // blocks before it are mapped; blocks_: there is no hole
  BlockNr first_physical_;
  Stage stage_ = Stage::kDone;

  // The last mapping.
  BlockNr map_block_;  // in the file
  Mapping map_;
  uint64_t map_used_ = 0;  // blocks of it that this folio has used

  bool has_bio_ = false;
  BlockNr bio_end_;  // on the disk, behind its last block
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_FOLIO_MPAGE_H_
