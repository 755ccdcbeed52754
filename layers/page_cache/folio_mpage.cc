#include "layers/page_cache/folio_mpage.h"

#include <algorithm>

#include "sim/core/units.h"

namespace biotope {

using Kind = FolioMpage::Step::Kind;

FolioMpage::Step FolioMpage::BeginFolio(PageIndex index, uint8_t order, BlockNr end_block) {
  first_block_ = BlockNr(index.value() * blocks_per_page_);
  end_block_ = end_block;
  blocks_ = first_hole_ = blocks_per_page_ << order;
  mapped_ = map_used_ = 0;
  stage_ = Stage::kMap;
  // What is left of the last mapping comes first.
  if (first_block_ < map_block_ + BlockNr(map_.count)) {
    const uint64_t offset = (first_block_ - map_block_).value();
    first_physical_ = map_.physical + BlockNr(offset);
    mapped_ = map_used_ = std::min(map_.count - offset, blocks_);
  }
  return MapRest();
}

FolioMpage::Step FolioMpage::MapRest() {
  for (; mapped_ < blocks_; ++mapped_) {
    const BlockNr block = first_block_ + BlockNr(mapped_);
    if (block < end_block_) return {Kind::kMap, block, (end_block_ - block).value()};
    first_hole_ = std::min(first_hole_, mapped_);  // behind the end of the file
    map_ = {};
  }
  return Finish();
}

FolioMpage::Step FolioMpage::Mapped(const Mapping& mapping) {
  map_ = mapping;
  map_block_ = first_block_ + BlockNr(mapped_);
  map_used_ = 0;
  if (mapping.failed) {
    if (driver_ == Driver::kMpage) return Confused();
    stage_ = Stage::kDone;
    return {Kind::kFail};
  }
  if (mapping.count == 0) {
    first_hole_ = std::min(first_hole_, mapped_);
    ++mapped_;
    return MapRest();
  }
  const bool behind_hole = first_hole_ != blocks_;
  if (behind_hole || (mapped_ > 0 && first_physical_ + BlockNr(mapped_) != mapping.physical)) {
    return Confused();
  }
  if (mapped_ == 0) first_physical_ = mapping.physical;
  map_used_ = std::min(mapping.count, blocks_ - mapped_);
  mapped_ += map_used_;
  return MapRest();
}

// All blocks of the folio are known.
FolioMpage::Step FolioMpage::Finish() {
  if (first_hole_ == 0) {
    stage_ = Stage::kDone;
    return {Kind::kZero};
  }
  stage_ = Stage::kAdd;
  if (has_bio_ && bio_end_ != first_physical_) {
    has_bio_ = false;
    return {Kind::kSubmitBio};
  }
  return Next();
}

FolioMpage::Step FolioMpage::Confused() {
  stage_ = Stage::kReadBuffers;
  if (!has_bio_) return Next();
  has_bio_ = false;
  return {Kind::kSubmitBio};
}

FolioMpage::Step FolioMpage::Next() {
  switch (stage_) {
    case Stage::kAdd:
      stage_ = Stage::kAdded;
      has_bio_ = true;
      bio_end_ = first_physical_ + BlockNr(first_hole_);
      return {Kind::kAddToBio, first_physical_, first_hole_};
    case Stage::kAdded:
      stage_ = Stage::kDone;
      if (first_hole_ == blocks_ && !EndsAtBoundary()) return {Kind::kNextFolio};
      has_bio_ = false;
      return {Kind::kSubmitBio};
    case Stage::kReadBuffers:
      stage_ = Stage::kDone;
      return {Kind::kReadBuffers};
    case Stage::kMap:
    case Stage::kDone:
      break;
  }
  return {Kind::kNextFolio};
}

bool FolioMpage::EndsAtBoundary() const {
  if (!map_.boundary) return false;
  if (driver_ == Driver::kExt4) return map_used_ == map_.count;
  return first_block_ + BlockNr(blocks_) == map_block_ + BlockNr(map_.count);
}

}  // namespace biotope
