#include "sim/core/random.h"

#include "sim/core/check.h"

namespace biotope {
namespace {

// FNV-1a, 64 bits: spreads the name of a stream over the seed space.
uint64_t HashName(std::string_view name) {
  uint64_t hash = 14695981039346656037ull;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ull;
  return hash;
}

}  // namespace

Random::Random(uint64_t seed, std::string_view stream) {
  std::seed_seq sequence{static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32),
                         static_cast<uint32_t>(HashName(stream)),
                         static_cast<uint32_t>(HashName(stream) >> 32)};
  engine_.seed(sequence);
}

uint64_t Random::Below(uint64_t bound) {
  BIOTOPE_CHECK(bound > 0, "empty range");
  // Multiply and shift (Lemire 2019); the rejection keeps it exactly uniform.
  const uint64_t threshold = -bound % bound;
  for (;;) {
    const unsigned __int128 product = static_cast<unsigned __int128>(engine_()) * bound;
    if (static_cast<uint64_t>(product) >= threshold) return static_cast<uint64_t>(product >> 64);
  }
}

double Random::Unit() { return static_cast<double>(engine_() >> 11) * 0x1.0p-53; }

}  // namespace biotope
