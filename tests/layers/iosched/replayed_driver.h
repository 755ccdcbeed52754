#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_REPLAYED_DRIVER_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_REPLAYED_DRIVER_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "layers/block/request_list.h"
#include "layers/iosched/io_scheduler.h"
#include "tests/layers/iosched/recording.h"
#include "tests/layers/iosched/test_queue.h"

namespace biotope {

// The block layer and the SCSI driver of a recording: gives the disk what the elevator chooses, as
// long as the disk takes it, and looks at the one that comes after that. A task that finds no free
// request sleeps, and what it submits later waits with it.
class ReplayedDriver {
 public:
  ReplayedDriver(std::unique_ptr<IoScheduler> scheduler, const Recording& recording);

  // A bio arrives. An empty queue is plugged, and unplugged by the task that waits, so the driver
  // is called; one that is not empty is left alone.
  void Queue(const Recording::Event& event, Tick now);
  // A command has ended.
  void Complete(const Recording::Event& event, Tick now);
  // What the scheduler itself wants to be called for.
  void RunWakeups(Tick now);

  bool idle() const { return outstanding_.empty(); }
  // What the disk has been given so far.
  const std::vector<std::string>& started() const { return started_; }

 private:
  bool TrySubmit(const Recording::Event& event, Tick now);
  void Run(Tick now);

  TestQueue queue_;
  RequestList requests_;
  const size_t depth_;
  std::deque<Recording::Event> sleeping_;  // and what comes after it
  std::vector<Request*> outstanding_;
  std::vector<std::string> started_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_REPLAYED_DRIVER_H_
