#ifndef BIOTOPE_LAYERS_IOSCHED_BFQ_PEAK_RATE_H_
#define BIOTOPE_LAYERS_IOSCHED_BFQ_PEAK_RATE_H_

#include <cstdint>

#include "layers/block/request.h"

namespace biotope {

// How fast the device is when it is at its best, as far as dispatches and completions tell. Budgets
// and the duration of weight raising follow from it. Models: bfq_update_peak_rate,
// bfq_update_rate_reset, the part of bfq_completed_request that belongs to it, bfq_calc_max_budget
// (block/bfq-iosched.c, Linux 6.18).
//
// Rates are in sectors per microsecond, times 2 to the power of 16.
class BfqPeakRate {
 public:
  explicit BfqPeakRate(bool rotational);

  uint32_t rate() const { return rate_; }
  // What the rate of a reference device is that is no more than good.
  static uint32_t Reference(bool rotational) { return rotational ? 14'000 : 33'000; }

  // Sectors that go through in `timeout_ms` at this rate.
  int64_t SectorsIn(uint64_t timeout_ms) const;

  // A request goes to the device, where `in_driver` others are; `seeky`: it is far from the one
  // before. True: there is a new rate.
  bool Dispatched(const Request& request, bool seeky, uint32_t in_driver, uint64_t now_ns);
  // The device has finished a request. True: there is a new rate.
  bool Completed(uint64_t now_ns);

 private:
  bool CloseInterval();
  void StartInterval(const Request& request, uint64_t now_ns);

  uint32_t rate_;
  // The interval of observation. Without samples it begins with the next dispatch.
  uint32_t samples_ = 0;
  uint32_t sequential_samples_ = 0;
  uint64_t first_dispatch_ns_ = 0;
  uint64_t last_dispatch_ns_ = 0;
  uint64_t last_completion_ns_ = 0;
  uint64_t delta_from_first_ns_ = 0;
  uint64_t sectors_ = 0;
  uint32_t largest_request_ = 0;  // of the last 32
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_BFQ_PEAK_RATE_H_
