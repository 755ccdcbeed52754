#ifndef BIOTOPE_LAYERS_DISK_HDD_BUS_TRANSFER_H_
#define BIOTOPE_LAYERS_DISK_HDD_BUS_TRANSFER_H_

#include <algorithm>
#include <cstdint>

#include "sim/core/units.h"

namespace biotope {

// A read's sectors on their way to the host: each as soon as it is in the buffer and the one before
// it is gone. The bus is taken when the buffer has the first `watermark` sectors and `free` has
// come; `reselect` later it carries data.
class BusTransfer {
 public:
  BusTransfer(Tick sector, uint32_t watermark, Tick free, Tick reselect)
      : sector_(sector), watermark_(watermark), free_(free), reselect_(reselect) {}

  // The next `count` sectors come into the buffer, the first at `first`, then one each `interval`.
  void Add(uint32_t count, Tick first, Tick interval) {
    if (count == 0) return;
    if (!started_) {
      const uint32_t before = std::min(count, watermark_ - waiting_);
      waiting_ += before;
      const Tick last = first + (before - 1) * interval;
      if (waiting_ < watermark_) return;
      started_ = true;
      done_ = std::max(last, free_) + reselect_ + waiting_ * sector_;
      Add(count - before, last + interval, interval);
      return;
    }
    // Either the first or the last one of them is what the bus waits for, or none.
    const Tick last = first + (count - 1) * interval;
    done_ = std::max({done_ + count * sector_, first + count * sector_, last + sector_});
  }

  // When the host has the last one. Complete: as many as the watermark were added.
  Tick done() const { return done_; }

 private:
  const Tick sector_;
  const uint32_t watermark_;
  const Tick free_;
  const Tick reselect_;
  uint32_t waiting_ = 0;
  bool started_ = false;
  Tick done_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_DISK_HDD_BUS_TRANSFER_H_
