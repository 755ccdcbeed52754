#ifndef BIOTOPE_SIM_CORE_RANDOM_H_
#define BIOTOPE_SIM_CORE_RANDOM_H_

#include <cstdint>
#include <random>
#include <string_view>

namespace biotope {

// A stream of random numbers that depends on the run's seed and on a name alone, so that adding a
// process or a device does not change what the others draw. The engine is std::mt19937_64, whose
// sequence the standard fixes; the standard's distributions are not used, because theirs differ
// between libraries.
class Random {
 public:
  Random(uint64_t seed, std::string_view stream);

  // Uniform in [0, bound). bound must not be 0.
  uint64_t Below(uint64_t bound);
  // Uniform in [0, 1), 53 bits.
  double Unit();

 private:
  std::mt19937_64 engine_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_CORE_RANDOM_H_
