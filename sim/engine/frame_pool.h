#ifndef BIOTOPE_SIM_ENGINE_FRAME_POOL_H_
#define BIOTOPE_SIM_ENGINE_FRAME_POOL_H_

#include <array>
#include <cstddef>
#include <memory>
#include <vector>

namespace biotope {

// Memory for coroutine frames: a free list for each size class, refilled in chunks, never returned.
// It grows with the largest number of frames alive at once. A simulation runs in one thread, so
// there is one pool and no lock.
class FramePool {
 public:
  static void* Allocate(size_t size) {
    const size_t size_class = ClassOf(size);
    if (size_class >= kClassCount) return ::operator new(size);
    FramePool& pool = Instance();
    FreeFrame*& head = pool.free_[size_class];
    if (head == nullptr) pool.Refill(size_class);
    FreeFrame* frame = head;
    head = frame->next;
    return frame;
  }

  static void Free(void* memory, size_t size) {
    const size_t size_class = ClassOf(size);
    if (size_class >= kClassCount) return ::operator delete(memory);
    FreeFrame*& head = Instance().free_[size_class];
    head = new (memory) FreeFrame{head};
  }

 private:
  struct FreeFrame {
    FreeFrame* next;
  };
  static constexpr size_t kGranule = 64;
  static constexpr size_t kClassCount = 32;  // frames of up to 2 KiB
  static constexpr size_t kFramesPerChunk = 32;

  static size_t ClassOf(size_t size) { return (size + kGranule - 1) / kGranule; }
  static FramePool& Instance() {
    static FramePool pool;
    return pool;
  }

  void Refill(size_t size_class) {
    const size_t size = size_class * kGranule;
    chunks_.push_back(std::make_unique<std::byte[]>(size * kFramesPerChunk));
    std::byte* memory = chunks_.back().get();
    for (size_t i = kFramesPerChunk; i-- > 0;) {
      free_[size_class] = new (memory + i * size) FreeFrame{free_[size_class]};
    }
  }

  std::array<FreeFrame*, kClassCount> free_{};
  std::vector<std::unique_ptr<std::byte[]>> chunks_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_ENGINE_FRAME_POOL_H_
