#ifndef BIOTOPE_LAYERS_DISK_SSD_FLAT_INDEX_H_
#define BIOTOPE_LAYERS_DISK_SSD_FLAT_INDEX_H_

#include <cstddef>
#include <cstdint>
#include <vector>

namespace biotope {

// A number for each of some keys: one array of eight bytes an entry, open addressing, linear
// probing. Nothing ever iterates over it, so its order cannot reach a result.
class FlatIndex {
 public:
  static constexpr uint32_t kNone = UINT32_MAX;  // no key and no value

  size_t size() const { return size_; }
  size_t memory() const { return entries_.size() * sizeof(Entry); }
  // What one more entry would make of memory().
  size_t memory_after_insert() const { return NeedsGrowth() ? memory() * 2 : memory(); }

  // kNone if the key is not there.
  uint32_t Find(uint32_t key) const {
    if (entries_.empty()) return kNone;
    for (size_t slot = Home(key);; slot = (slot + 1) & mask_) {
      const Entry& entry = entries_[slot];
      if (entry.key == key) return entry.value;
      if (entry.key == kNone) return kNone;
    }
  }

  void Set(uint32_t key, uint32_t value);
  // Whether the key was there.
  bool Erase(uint32_t key);
  // Forgets all keys and keeps the memory.
  void Clear();

  // Calls visit(key, value) for each entry, in no order that may matter.
  template <class Visit>
  void ForEach(Visit visit) const {
    for (const Entry& entry : entries_) {
      if (entry.key != kNone) visit(entry.key, entry.value);
    }
  }

 private:
  struct Entry {
    uint32_t key = kNone;
    uint32_t value = kNone;
  };

  bool NeedsGrowth() const { return (size_ + 1) * 4 > entries_.size() * 3; }
  size_t Home(uint32_t key) const {
    return static_cast<size_t>((uint64_t{key} * 0x9E3779B97F4A7C15u) >> shift_);
  }
  void Grow();

  std::vector<Entry> entries_;
  size_t size_ = 0;
  size_t mask_ = 0;
  int shift_ = 64;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_FLAT_INDEX_H_
