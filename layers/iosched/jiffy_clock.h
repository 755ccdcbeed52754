#ifndef BIOTOPE_LAYERS_IOSCHED_JIFFY_CLOCK_H_
#define BIOTOPE_LAYERS_IOSCHED_JIFFY_CLOCK_H_

#include <cstdint>

#include "sim/core/check.h"
#include "sim/core/units.h"

namespace biotope {

// The clock of the schedulers of Linux 2.6: `jiffies`, which counts timer interrupts. Between two
// of them time stands still.
class JiffyClock {
 public:
  // `hz`: timer interrupts per second.
  explicit JiffyClock(uint32_t hz) : hz_(hz), jiffy_(kSecond / CheckedHz(hz)) {}

  Tick jiffy() const { return jiffy_; }

  // The value of `jiffies`.
  uint64_t Jiffies(Tick now) const { return now / jiffy_; }
  // The date at which `jiffies` becomes this value.
  Tick DateOf(uint64_t jiffies) const { return jiffy_ * jiffies; }
  // msecs_to_jiffies: rounded up.
  uint64_t FromMs(uint64_t ms) const { return (ms * hz_ + 999) / 1000; }

  // time_after(jiffies, the jiffy that begins at `date`), strictly.
  bool IsAfter(Tick now, Tick date) const { return now >= date + jiffy_; }

 private:
  static uint32_t CheckedHz(uint32_t hz) {
    BIOTOPE_CHECK(hz > 0, "a kernel without timer interrupts");
    return hz;
  }

  uint32_t hz_;
  Tick jiffy_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_JIFFY_CLOCK_H_
