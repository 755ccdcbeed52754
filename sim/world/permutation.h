#ifndef BIOTOPE_SIM_WORLD_PERMUTATION_H_
#define BIOTOPE_SIM_WORLD_PERMUTATION_H_

#include <array>
#include <cstdint>

#include "sim/core/random.h"

namespace biotope {

// A random order of 0 … size-1 without a table: a four-round Feistel network over the next larger
// square, walked until it falls inside. Memory does not grow with the size.
class Permutation {
 public:
  // size must not be 0. The keys are drawn from `random`.
  Permutation(uint64_t size, Random& random) : size_(size) {
    while ((uint64_t{1} << (2 * half_bits_)) < size) ++half_bits_;
    for (uint64_t& key : keys_) key = random.Below(UINT64_MAX);
  }

  // The element at `position`, which must be below the size.
  uint64_t At(uint64_t position) const {
    do position = Encrypt(position);
    while (position >= size_);
    return position;
  }

 private:
  uint64_t Encrypt(uint64_t value) const {
    const uint64_t mask = (uint64_t{1} << half_bits_) - 1;
    uint64_t left = value >> half_bits_;
    uint64_t right = value & mask;
    for (const uint64_t key : keys_) {
      const uint64_t mixed = (left ^ Mix(right + key)) & mask;
      left = right;
      right = mixed;
    }
    return (left << half_bits_) | right;
  }
  // The finaliser of splitmix64 (Steele, Lea, Flood 2014).
  static uint64_t Mix(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
    return z ^ (z >> 31);
  }

  uint64_t size_;
  uint32_t half_bits_ = 1;
  std::array<uint64_t, 4> keys_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_PERMUTATION_H_
