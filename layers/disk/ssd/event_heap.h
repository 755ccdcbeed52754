#ifndef BIOTOPE_LAYERS_DISK_SSD_EVENT_HEAP_H_
#define BIOTOPE_LAYERS_DISK_SSD_EVENT_HEAP_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/core/check.h"
#include "sim/core/units.h"

namespace biotope {

// What will happen inside the drive, ordered by date; at the same date, first in, first out. An
// entry takes 16 bytes: the date, and a serial number with the kind and the number of what it is
// about.
class EventHeap {
 public:
  static constexpr uint32_t kIndexBits = 20;
  static constexpr uint32_t kMaxIndex = (1u << kIndexBits) - 1;

  bool empty() const { return heap_.empty(); }
  Tick next() const { return heap_.empty() ? kNever : Tick(heap_[0].tick); }
  uint8_t next_kind() const { return static_cast<uint8_t>(heap_[0].key >> kIndexBits & 0xf); }
  uint32_t next_index() const { return static_cast<uint32_t>(heap_[0].key) & kMaxIndex; }

  // kind < 16, index <= kMaxIndex.
  void Push(Tick tick, uint8_t kind, uint32_t index) {
    BIOTOPE_CHECK(index <= kMaxIndex && serial_ >> 40 == 0, "event {} of kind {}", index, kind);
    const Entry entry{tick.value(), serial_++ << 24 | uint64_t{kind} << kIndexBits | index};
    size_t hole = heap_.size();
    heap_.push_back(entry);
    while (hole > 0) {
      const size_t parent = (hole - 1) / kArity;
      if (!Before(entry, heap_[parent])) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = entry;
  }

  void Pop() {
    const Entry last = heap_.back();
    heap_.pop_back();
    const size_t size = heap_.size();
    if (size == 0) return;
    size_t hole = 0;
    for (size_t child = 1; child < size; child = hole * kArity + 1) {
      size_t first = child;
      const size_t end = child + kArity < size ? child + kArity : size;
      for (size_t other = child + 1; other < end; ++other) {
        if (Before(heap_[other], heap_[first])) first = other;
      }
      if (!Before(heap_[first], last)) break;
      heap_[hole] = heap_[first];
      hole = first;
    }
    heap_[hole] = last;
  }

 private:
  static constexpr size_t kArity = 4;

  struct Entry {
    uint64_t tick;
    uint64_t key;
  };

  static bool Before(const Entry& a, const Entry& b) {
    return a.tick != b.tick ? a.tick < b.tick : a.key < b.key;
  }

  std::vector<Entry> heap_;
  uint64_t serial_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_SSD_EVENT_HEAP_H_
