#ifndef BIOTOPE_LAYERS_IOSCHED_IO_HISTORY_H_
#define BIOTOPE_LAYERS_IOSCHED_IO_HISTORY_H_

#include <algorithm>
#include <cstdint>

#include "layers/block/request.h"
#include "sim/core/units.h"

namespace biotope {

// What a scheduler remembers of a task's I/O: means in which every sample weighs 7/8 of what it
// weighed before the next one came. Fixed-point numbers: 256 is one sample.
// Models: as_update_thinktime, as_update_seekdist of drivers/block/as-iosched.c (Linux 2.6.11);
// cfq_update_io_thinktime, cfq_update_io_seektime of block/cfq-iosched.c (Linux 2.6.20).

// The time from the end of a request until the task queues the next one, in jiffies.
class ThinkTime {
 public:
  void Add(uint64_t jiffies) {
    samples_ = (7 * samples_ + 256) / 8;
    total_ = (7 * total_ + 256 * jiffies) / 8;
    mean_ = (total_ + 128) / samples_;
  }
  uint64_t samples() const { return samples_; }
  uint64_t mean() const { return mean_; }

 private:
  uint64_t samples_ = 0;
  uint64_t total_ = 0;
  uint64_t mean_ = 0;
};

// The distance from the end of a task's request to the start of its next one, in sectors.
class SeekDistance {
 public:
  // From the request before; from sector 0 if there was none.
  uint64_t To(const Request& request) const {
    return last_end_ < request.sector ? (request.sector - last_end_).value()
                                      : (last_end_ - request.sector).value();
  }

  void Add(uint64_t sectors) {
    // A single jump shall not spoil the mean; a task that has just begun is given more room.
    const uint64_t room = samples_ <= kFew ? 2 * 1024 * 1024 : 2 * 1024 * 64;
    sectors = std::min(sectors, 4 * mean_ + room);
    samples_ = (7 * samples_ + 256) / 8;
    total_ = (7 * total_ + 256 * sectors) / 8;
    mean_ = (total_ + samples_ / 2) / samples_;
  }

  void SetLast(const Request& request) { last_end_ = request.end(); }

  uint64_t samples() const { return samples_; }
  uint64_t mean() const { return mean_; }

 private:
  static constexpr uint64_t kFew = 60;  // the second and the third request

  uint64_t samples_ = 0;
  uint64_t total_ = 0;
  uint64_t mean_ = 0;
  Sector last_end_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_IO_HISTORY_H_
