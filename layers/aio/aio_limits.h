#ifndef BIOTOPE_LAYERS_AIO_AIO_LIMITS_H_
#define BIOTOPE_LAYERS_AIO_AIO_LIMITS_H_

#include <cstdint>

namespace biotope {

// Models: aio_nr and aio_max_nr of fs/aio.c (/proc/sys/fs/aio-nr, aio-max-nr). They count the
// events that io_setup was asked for in the whole system, not those that the rings then hold.
class AioLimits {
 public:
  explicit AioLimits(uint32_t aio_max_nr) : aio_max_nr_(aio_max_nr) {}

  // False: EAGAIN.
  bool Take(uint32_t nr_events) {
    if (nr_events > aio_max_nr_ - aio_nr_) return false;
    aio_nr_ += nr_events;
    return true;
  }
  void Give(uint32_t nr_events) { aio_nr_ -= nr_events; }

  uint32_t aio_nr() const { return aio_nr_; }
  uint32_t aio_max_nr() const { return aio_max_nr_; }

 private:
  const uint32_t aio_max_nr_;
  uint32_t aio_nr_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_AIO_AIO_LIMITS_H_
