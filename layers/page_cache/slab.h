#ifndef BIOTOPE_LAYERS_PAGE_CACHE_SLAB_H_
#define BIOTOPE_LAYERS_PAGE_CACHE_SLAB_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace biotope {

// Memory for objects of one type, like a kmem_cache: what was freed last is used first, memory is
// taken in chunks and never returned. It grows with the largest number of objects alive at once.
// Objects that are still alive when the slab goes are not destroyed.
template <class T, size_t kObjectsPerChunk = 64>
class Slab {
 public:
  Slab() = default;
  Slab(const Slab&) = delete;
  Slab& operator=(const Slab&) = delete;

  // A new T().
  T* Allocate() {
    if (free_ == nullptr) Grow();
    Cell* cell = free_;
    free_ = cell->next;
    ++live_;
    return std::construct_at(reinterpret_cast<T*>(cell->object));
  }

  void Free(T* object) {
    std::destroy_at(object);
    Cell* cell = reinterpret_cast<Cell*>(object);
    cell->next = free_;
    free_ = cell;
    --live_;
  }

  uint64_t live() const { return live_; }
  // Objects that there is memory for.
  uint64_t capacity() const { return chunks_.size() * kObjectsPerChunk; }

 private:
  union Cell {
    Cell* next;
    alignas(T) std::byte object[sizeof(T)];
  };

  void Grow() {
    chunks_.push_back(std::make_unique_for_overwrite<Cell[]>(kObjectsPerChunk));
    Cell* cells = chunks_.back().get();
    for (size_t i = kObjectsPerChunk; i-- > 0;) {
      cells[i].next = free_;
      free_ = &cells[i];
    }
  }

  Cell* free_ = nullptr;
  uint64_t live_ = 0;
  std::vector<std::unique_ptr<Cell[]>> chunks_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_PAGE_CACHE_SLAB_H_
