#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_ORDER_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_ORDER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "layers/iosched/io_scheduler.h"
#include "sim/core/units.h"
#include "tests/layers/iosched/recording.h"

namespace biotope {

// Gives a scheduler the arrivals of a recording, with the SCSI driver and the disk behind it, and
// compares which requests reach the disk.
//
// The dates of arrival are those of system calls, and many requests come from one call; the date of
// each is known to a few ms only. So there are two questions: does the scheduler choose what the
// kernel chose if the dates are taken as they stand, and are there dates nearby with which it does?
class RecordedOrder {
 public:
  using Factory = std::function<std::unique_ptr<IoScheduler>()>;

  RecordedOrder(const Recording& recording, Factory factory);

  // With the dates as they stand. If not, `difference` says where.
  bool IsReproduced();
  // With dates nearby; what one task submits stays in its order. Where in a jiffy of the kernel the
  // recording's clock begins is not known either, and the kernel's clock may be ahead of the
  // recording's by 1 ms when a bio arrives, or behind.
  bool IsReproducedNearby();

  const std::string& difference() const { return difference_; }

 private:
  // The arrivals before each command, by their index, in order.
  using Arrived = std::vector<std::vector<size_t>>;

  std::vector<std::vector<size_t>> Choices(const Arrived& arrived) const;
  Tick KernelTime(Tick time) const;
  // Whether all that reaches the disk until the command `arrived.size()` is as recorded.
  bool IsConsistent(const Arrived& arrived);
  bool Extend(Arrived& arrived);

  const Recording& recording_;
  const Factory factory_;
  std::vector<std::string> recorded_;  // the requests in the order of their D
  int attempts_left_ = 0;
  Tick later_;                  // a bio may have arrived so much later than its date says
  Tick shift_;                  // and so much later it is looked for first
  Tick phase_;                  // of the kernel's jiffies
  int64_t clock_ahead_us_ = 0;  // of the kernel's clock when a bio arrives
  std::string difference_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_ORDER_H_
