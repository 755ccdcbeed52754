#include "layers/disk/ssd/flash_blocks.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

FlashBlocks::FlashBlocks(const SsdParameters& parameters, const LogicalPageMap& map)
    : parameters_(parameters),
      map_(map),
      nr_blocks_(parameters.geometry.blocks_per_plane),
      nr_pages_(parameters.geometry.pages_per_block),
      planes_(parameters.geometry.nr_planes()),
      blocks_(planes_.size() * nr_blocks_),
      owners_(blocks_.size()),
      random_(parameters.seed, "ssd.victim") {
  FillInitially(map);
  for (uint32_t plane = 0; plane < planes_.size(); ++plane) {
    planes_[plane].next_fresh = map.initial_blocks();
    planes_[plane].nr_free = nr_blocks_ - map.initial_blocks();
    Open(plane, WriteStream::kHost);
    Open(plane, WriteStream::kCollection);
    if (!parameters.mapping.ideal) Open(plane, WriteStream::kMapping);
  }
}

void FlashBlocks::FillInitially(const LogicalPageMap& map) {
  for (uint32_t plane = 0; plane < planes_.size(); ++plane) {
    for (uint32_t block = 0; block < map.initial_blocks(); ++block) {
      BlockInfo& info = Info(plane, block);
      info.state = State::kFull;
      LogicalPage page;
      for (uint32_t i = 0; i < nr_pages_; ++i) {
        if (map.InitialPage(plane, block * nr_pages_ + i, &page)) ++info.valid;
      }
    }
  }
}

void FlashBlocks::Open(uint32_t number, WriteStream stream) {
  Plane& plane = planes_[number];
  BIOTOPE_CHECK(plane.nr_free > 0, "plane {} has no free block", number);
  uint32_t block = plane.next_fresh;
  if (block < nr_blocks_) {
    ++plane.next_fresh;
  } else {
    std::ranges::pop_heap(plane.erased, std::greater());
    block = static_cast<uint32_t>(plane.erased.back());
    plane.erased.pop_back();
  }
  --plane.nr_free;
  Info(number, block).state = State::kOpen;
  plane.frontiers[static_cast<size_t>(stream)] = {.block = block, .next_page = 0};
}

FlashPosition FlashBlocks::Allocate(uint32_t plane, WriteStream stream, LogicalPage page) {
  Frontier& frontier = planes_[plane].frontiers[static_cast<size_t>(stream)];
  const uint32_t block = frontier.block;
  const uint32_t number = frontier.next_page++;
  Owners& owners = owners_[plane * nr_blocks_ + block];
  if (owners == nullptr) {
    if (unused_owners_.empty()) {
      owners = std::make_unique_for_overwrite<LogicalPage[]>(nr_pages_);
    } else {
      owners = std::move(unused_owners_.back());
      unused_owners_.pop_back();
    }
  }
  owners[number] = page;
  ++Info(plane, block).valid;
  if (frontier.next_page == nr_pages_) {
    Info(plane, block).state = State::kFull;
    Open(plane, stream);
  }
  return block * nr_pages_ + number;
}

void FlashBlocks::Invalidate(uint32_t plane, FlashPosition position) {
  BlockInfo& info = Info(plane, position / nr_pages_);
  BIOTOPE_CHECK(info.valid > 0, "page {} of plane {} is not valid", position, plane);
  --info.valid;
}

LogicalPage FlashBlocks::PageAt(uint32_t plane, FlashPosition position) const {
  const Owners& owners = owners_[plane * nr_blocks_ + position / nr_pages_];
  if (owners != nullptr) return owners[position % nr_pages_];
  LogicalPage page = FlatIndex::kNone;
  return map_.InitialPage(plane, position, &page) ? page : FlatIndex::kNone;
}

bool FlashBlocks::IsBetter(uint32_t plane, uint32_t block, std::optional<uint32_t> best) const {
  const BlockInfo& info = Info(plane, block);
  if (info.state != State::kFull || info.valid == nr_pages_) return false;
  return !best || info.valid < Info(plane, *best).valid;
}

std::optional<uint32_t> FlashBlocks::TakeVictim(uint32_t plane) {
  std::optional<uint32_t> best;
  for (uint32_t i = 0; i < parameters_.collection.candidates; ++i) {
    const auto block = static_cast<uint32_t>(random_.Below(nr_blocks_));
    if (IsBetter(plane, block, best)) best = block;
  }
  // None of the sample will do: the best of all, lest the plane run out of free blocks.
  if (!best) {
    for (uint32_t block = 0; block < nr_blocks_; ++block) {
      if (IsBetter(plane, block, best)) best = block;
    }
  }
  if (best) Info(plane, *best).state = State::kVictim;
  return best;
}

void FlashBlocks::Erased(uint32_t number, uint32_t block) {
  BlockInfo& info = Info(number, block);
  BIOTOPE_CHECK(info.state == State::kVictim && info.valid == 0,
                "block {} of plane {} is erased with {} valid pages", block, number, info.valid);
  info.state = State::kFree;
  ++info.erased;
  Owners& owners = owners_[number * nr_blocks_ + block];
  if (owners != nullptr) unused_owners_.push_back(std::move(owners));
  Plane& plane = planes_[number];
  ++plane.nr_free;
  plane.erased.push_back(uint64_t{info.erased} << 32 | block);
  std::ranges::push_heap(plane.erased, std::greater());
}

}  // namespace biotope
