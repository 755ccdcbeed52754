#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_TEST_QUEUE_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_TEST_QUEUE_H_

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/request_merge.h"

namespace biotope {

// A bio for a test.
struct BioSpec {
  bool write = false;
  uint64_t sector = 0;
  uint32_t nr_sectors = 8;
  uint16_t task = 1;
  bool sync = true;
  IoPriority ioprio = {};
  uint16_t cpu = 0;
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

  // __make_request, blk_mq_submit_bio without a plug: a bio that joins a request, or becomes one.
  MergeOutcome Submit(const BioSpec& spec, Tick now);
  // Only its first part: kNone if there is no request to join; the bio is then forgotten.
  MergeOutcome Merge(const BioSpec& spec);
  // Only its second part, which is also what happens to a request that comes out of a plug. Null: a
  // queued request has swallowed it.
  Request* Insert(const BioSpec& spec, Tick now);

  // elv_next_request: the request that is first now. It stays chosen until it is taken, but another
  // one may come before it. Null: none now.
  Request* Peek(Tick now);
  // blkdev_dequeue_request, of the one that Peek has returned.
  void Take(Request& request);
  // Both.
  Request* Dispatch(Tick now);

  // The device has finished `request`.
  void Complete(Request& request, Tick now);

  // Dispatches and completes until nothing comes any more, `step` after each other from `now` on.
  std::vector<std::string> Drain(Tick now, Tick step);

  // Bios that were submitted and that no dispatched request has carried yet.
  size_t waiting_bios() const { return submitted_ - dispatched_bios_; }
  size_t in_flight() const { return in_flight_; }
  // Peek has chosen something that is not taken yet.
  bool has_chosen() const { return !chosen_.empty(); }
  // There is nothing that the driver could take, now or later.
  bool empty() const { return chosen_.empty() && !scheduler_->HasWork(); }
  IoScheduler& scheduler() { return *scheduler_; }

 private:
  Bio& MakeBio(const BioSpec& spec);
  MergeOutcome MergeBio(Bio& bio);
  Request* InsertBio(Bio& bio, const BioSpec& spec, Tick now);
  Request& Allocate();
  void Free(Request& request) { free_.push_back(&request); }

  const Options options_;
  std::unique_ptr<Request[]> pool_;
  std::vector<Request*> free_;
  std::unique_ptr<IoScheduler> scheduler_;  // goes before the requests that it may still hold
  std::deque<Bio> bios_;
  std::deque<Request*> chosen_;  // and not taken yet
  uint64_t last_id_ = 0;
  size_t submitted_ = 0;
  size_t dispatched_bios_ = 0;
  size_t in_flight_ = 0;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_TEST_QUEUE_H_
