#ifndef BIOTOPE_SIM_CORE_UNITS_H_
#define BIOTOPE_SIM_CORE_UNITS_H_

#include <compare>
#include <cstdint>

namespace biotope {

// An integer with a meaning. Quantities of different meaning do not mix, so that a sector is never
// added to a block number by mistake. Arithmetic is that of the underlying integer.
template <class Tag, class Rep>
class Quantity {
 public:
  using rep = Rep;

  constexpr Quantity() = default;
  explicit constexpr Quantity(Rep value) : value_(value) {}

  constexpr Rep value() const { return value_; }

  friend constexpr auto operator<=>(Quantity, Quantity) = default;

  constexpr Quantity& operator+=(Quantity other) {
    value_ += other.value_;
    return *this;
  }
  constexpr Quantity& operator-=(Quantity other) {
    value_ -= other.value_;
    return *this;
  }
  constexpr Quantity& operator++() {
    ++value_;
    return *this;
  }
  friend constexpr Quantity operator+(Quantity a, Quantity b) {
    return Quantity(a.value_ + b.value_);
  }
  friend constexpr Quantity operator-(Quantity a, Quantity b) {
    return Quantity(a.value_ - b.value_);
  }
  friend constexpr Quantity operator*(Quantity a, Rep n) { return Quantity(a.value_ * n); }
  friend constexpr Quantity operator*(Rep n, Quantity a) { return Quantity(a.value_ * n); }
  friend constexpr Rep operator/(Quantity a, Quantity b) { return a.value_ / b.value_; }
  friend constexpr Quantity operator/(Quantity a, Rep n) { return Quantity(a.value_ / n); }
  friend constexpr Quantity operator%(Quantity a, Quantity b) {
    return Quantity(a.value_ % b.value_);
  }

 private:
  Rep value_ = 0;
};

// Simulated time, a date since the start of the run or a span: picoseconds.
using Tick = Quantity<struct TickTag, uint64_t>;
// Processor core cycles.
using Cycles = Quantity<struct CyclesTag, uint64_t>;
// A disk address in units of 512 bytes, whatever the device's logical block is.
using Sector = Quantity<struct SectorTag, uint64_t>;
// Position of a page in a file: byte offset / 4096.
using PageIndex = Quantity<struct PageIndexTag, uint64_t>;
// A file-system block: logical (in a file) or physical (on the device), as the name says.
using BlockNr = Quantity<struct BlockNrTag, uint64_t>;
// A size or an offset in bytes.
using Bytes = Quantity<struct BytesTag, uint64_t>;

inline constexpr Tick kPicosecond{1};
inline constexpr Tick kNanosecond{1'000};
inline constexpr Tick kMicrosecond{1'000'000};
inline constexpr Tick kMillisecond{1'000'000'000};
inline constexpr Tick kSecond{1'000'000'000'000};
// "Never": later than every date that a run can reach.
inline constexpr Tick kNever{UINT64_MAX};

inline constexpr uint32_t kSectorSize = 512;
inline constexpr uint32_t kPageSize = 4096;
inline constexpr uint32_t kPageShift = 12;
inline constexpr uint32_t kSectorsPerPage = kPageSize / kSectorSize;

}  // namespace biotope

#endif  // BIOTOPE_SIM_CORE_UNITS_H_
