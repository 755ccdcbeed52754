#include "layers/disk/ssd/logical_page_map.h"

#include "sim/core/check.h"

namespace biotope {
namespace {

uint32_t SizeOf(const SsdGeometry& geometry, FlashDimension dimension) {
  switch (dimension) {
    case FlashDimension::kChannel:
      return geometry.channels;
    case FlashDimension::kChip:
      return geometry.chips_per_channel;
    case FlashDimension::kDie:
      return geometry.dies_per_chip;
    case FlashDimension::kPlane:
      return geometry.planes_per_die;
  }
  BIOTOPE_CHECK(false, "no such dimension");
}

// The plane of logical page `rank`: a number whose digits are the dimensions, the first one in
// `interleave` the least significant.
uint32_t PlaneOfRank(const SsdGeometry& geometry, uint32_t rank) {
  uint32_t digits[4] = {};
  for (const FlashDimension dimension : geometry.interleave) {
    const uint32_t size = SizeOf(geometry, dimension);
    digits[static_cast<size_t>(dimension)] = rank % size;
    rank /= size;
  }
  const uint32_t chip = digits[0] * geometry.chips_per_channel + digits[1];
  return (chip * geometry.dies_per_chip + digits[2]) * geometry.planes_per_die + digits[3];
}

uint32_t DivideUp(uint64_t a, uint64_t b) { return static_cast<uint32_t>((a + b - 1) / b); }

}  // namespace

LogicalPageMap::LogicalPageMap(const SsdParameters& parameters)
    : logical_pages_(static_cast<uint32_t>(parameters.logical_pages())),
      translation_pages_(static_cast<uint32_t>(parameters.translation_pages())),
      full_(parameters.initial_state == SsdInitialState::kFull) {
  const SsdGeometry& geometry = parameters.geometry;
  const uint32_t nr_planes = geometry.nr_planes();
  plane_rank_.resize(nr_planes);
  for (uint32_t rank = 0; rank < nr_planes; ++rank) {
    plane_order_.push_back(PlaneOfRank(geometry, rank));
    plane_rank_[plane_order_.back()] = rank;
  }
  // Translation pages first, in blocks of their own.
  const uint32_t pages = geometry.pages_per_block;
  translation_positions_ = DivideUp(DivideUp(translation_pages_, nr_planes), pages) * pages;
  const uint32_t data_positions = full_ ? DivideUp(logical_pages_, nr_planes) : 0;
  initial_blocks_ = translation_positions_ / pages + DivideUp(data_positions, pages);
}

LogicalPageMap::Location LogicalPageMap::InitialLocation(LogicalPage page) const {
  const uint32_t row = Rank(page) / static_cast<uint32_t>(plane_order_.size());
  if (page >= logical_pages_) return {row, kWholePage};
  if (!full_) return {};
  return {translation_positions_ + row, kWholePage};
}

bool LogicalPageMap::InitialPage(uint32_t plane, FlashPosition position, LogicalPage* page) const {
  const bool translation = position < translation_positions_;
  if (!translation && !full_) return false;
  const uint64_t row = translation ? position : position - translation_positions_;
  const uint64_t rank = row * plane_order_.size() + plane_rank_[plane];
  if (rank >= (translation ? translation_pages_ : logical_pages_)) return false;
  *page = static_cast<LogicalPage>(rank) + (translation ? logical_pages_ : 0);
  return true;
}

LogicalPageMap::Location LogicalPageMap::Find(LogicalPage page) const {
  const uint32_t packed = array_.empty() ? index_.Find(page) : array_[page];
  return packed == FlatIndex::kNone ? InitialLocation(page) : Unpack(packed);
}

void LogicalPageMap::Set(LogicalPage page, Location location) {
  if (!array_.empty()) {
    array_[page] = Pack(location);
    return;
  }
  const size_t nr_pages = size_t{logical_pages_} + translation_pages_;
  if (index_.memory_after_insert() > nr_pages * sizeof(uint32_t)) {
    array_.assign(nr_pages, FlatIndex::kNone);
    index_.ForEach([this](uint32_t key, uint32_t value) { array_[key] = value; });
    index_ = FlatIndex();
    array_[page] = Pack(location);
    return;
  }
  index_.Set(page, Pack(location));
}

}  // namespace biotope
