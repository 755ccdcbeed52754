#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_TEST_QUEUE_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_TEST_QUEUE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "layers/block/request_merge.h"
#include "layers/iosched/io_scheduler.h"

namespace biotope {

// A bio for a test.
struct BioSpec {
  bool write = false;
  uint64_t sector = 0;
  uint32_t nr_sectors = 8;
  uint16_t task = 1;
  bool sync = true;
};

// "R100", and "W4000+16" if it does not have 8 sectors.
std::string Show(const Request& request);

// Plays the block layer, the elevator actor and the driver for a scheduler under test.
class TestQueue {
 public:
  // How the addresses of the requests follow each other: must not matter to any scheduler.
  enum class Addresses { kAscending, kDescending };

  struct Options {
    QueueLimits limits = {.max_sectors = 1024};
    size_t nr_requests = 1024;  // more at a time is a mistake of the test
    Addresses addresses = Addresses::kAscending;
  };

  explicit TestQueue(std::unique_ptr<IoScheduler> scheduler)
      : TestQueue(std::move(scheduler), Options()) {}
  TestQueue(std::unique_ptr<IoScheduler> scheduler, const Options& options);

  // __make_request.
  MergeOutcome Submit(const BioSpec& spec, Tick now);

  // elv_next_request and blkdev_dequeue_request. Null: none now.
  Request* Dispatch(Tick now);

  // The device has finished `request`.
  void Complete(Request& request, Tick now);

  // Dispatches and completes until nothing comes any more, `step` after each other from `now` on.
  std::vector<std::string> Drain(Tick now, Tick step);

  // Bios that were submitted and that no dispatched request has carried yet.
  size_t waiting_bios() const { return submitted_ - dispatched_bios_; }
  size_t in_flight() const { return in_flight_; }
  IoScheduler& scheduler() { return *scheduler_; }

 private:
  Request& Allocate();
  void Free(Request& request) { free_.push_back(&request); }

  const Options options_;
  std::unique_ptr<Request[]> pool_;
  std::vector<Request*> free_;
  std::unique_ptr<IoScheduler> scheduler_;  // goes before the requests that it may still hold
  std::deque<Bio> bios_;
  uint64_t last_id_ = 0;
  size_t submitted_ = 0;
  size_t dispatched_bios_ = 0;
  size_t in_flight_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_TEST_QUEUE_H_
