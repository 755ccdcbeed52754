#ifndef BIOTOPE_SIM_CORE_ID_MAP_H_
#define BIOTOPE_SIM_CORE_ID_MAP_H_

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace biotope {

// Maps ids (non-zero integers) to small values by open addressing with linear probing. Made for
// what is outstanding: no allocation per entry, memory grows with the largest number of entries at
// once. It cannot be iterated on purpose, so that the order of hashing cannot reach a result.
template <class T>
class IdMap {
 public:
  // The value of `id`, or null.
  T* Find(uint64_t id) {
    for (size_t i = Home(id);; i = Next(i)) {
      if (slots_[i].first == id) return &slots_[i].second;
      if (slots_[i].first == 0) return nullptr;
    }
  }

  // The value of `id`, made with T() if it was not there.
  T& operator[](uint64_t id) {
    if (T* found = Find(id)) return *found;
    if ((size_ + 1) * 2 > slots_.size()) Grow();
    ++size_;
    std::pair<uint64_t, T>& slot = slots_[FreeSlot(id)];
    slot = {id, T()};
    return slot.second;
  }

  // Forgets `id`; nothing happens if it is not there.
  void Erase(uint64_t id) {
    size_t hole = Home(id);
    while (slots_[hole].first != id) {
      if (slots_[hole].first == 0) return;
      hole = Next(hole);
    }
    --size_;
    // Close the gap: later entries of the same run move up if their home allows it.
    for (size_t i = Next(hole); slots_[i].first != 0; i = Next(i)) {
      const size_t distance = (i - Home(slots_[i].first)) & (slots_.size() - 1);
      if (distance < ((i - hole) & (slots_.size() - 1))) continue;
      slots_[hole] = std::move(slots_[i]);
      hole = i;
    }
    slots_[hole] = {0, T()};
  }

  size_t size() const { return size_; }

 private:
  // Fibonacci hashing. Consecutive ids in consecutive slots would make one long run, which Erase
  // has to look through.
  size_t Home(uint64_t id) const { return (id * 0x9E3779B97F4A7C15u) >> shift_; }
  size_t Next(size_t i) const { return (i + 1) & (slots_.size() - 1); }

  size_t FreeSlot(uint64_t id) const {
    size_t i = Home(id);
    while (slots_[i].first != 0) i = Next(i);
    return i;
  }

  void Grow() {
    std::vector<std::pair<uint64_t, T>> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    for (std::pair<uint64_t, T>& slot : old) {
      if (slot.first != 0) slots_[FreeSlot(slot.first)] = std::move(slot);
    }
  }

  static constexpr int kInitialBits = 6;

  std::vector<std::pair<uint64_t, T>> slots_ =
      std::vector<std::pair<uint64_t, T>>(size_t{1} << kInitialBits);
  int shift_ = 64 - kInitialBits;  // leaves as many bits as the slots need
  size_t size_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CORE_ID_MAP_H_
