#include "layers/disk/ssd/flat_index.h"

#include <algorithm>
#include <bit>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

void FlatIndex::Grow() {
  constexpr size_t kSmallest = 16;
  std::vector<Entry> old = std::move(entries_);
  entries_.assign(std::max(kSmallest, old.size() * 2), Entry());
  mask_ = entries_.size() - 1;
  shift_ = 64 - std::countr_zero(entries_.size());
  size_ = 0;
  for (const Entry& entry : old) {
    if (entry.key != kNone) Set(entry.key, entry.value);
  }
}

void FlatIndex::Set(uint32_t key, uint32_t value) {
  BIOTOPE_CHECK(key != kNone, "no such key");
  if (NeedsGrowth()) Grow();
  size_t slot = Home(key);
  while (entries_[slot].key != kNone && entries_[slot].key != key) slot = (slot + 1) & mask_;
  if (entries_[slot].key == kNone) ++size_;
  entries_[slot] = {key, value};
}

bool FlatIndex::Erase(uint32_t key) {
  if (entries_.empty()) return false;
  size_t slot = Home(key);
  while (entries_[slot].key != key) {
    if (entries_[slot].key == kNone) return false;
    slot = (slot + 1) & mask_;
  }
  // What was pushed on by the erased entry moves back.
  size_t hole = slot;
  for (size_t next = (hole + 1) & mask_; entries_[next].key != kNone; next = (next + 1) & mask_) {
    const size_t home = Home(entries_[next].key);
    if (((next - home) & mask_) >= ((next - hole) & mask_)) {
      entries_[hole] = entries_[next];
      hole = next;
    }
  }
  entries_[hole] = Entry();
  --size_;
  return true;
}

void FlatIndex::Clear() {
  if (size_ != 0) std::ranges::fill(entries_, Entry());
  size_ = 0;
}

}  // namespace biotope
