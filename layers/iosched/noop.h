#ifndef BIOTOPE_LAYERS_IOSCHED_NOOP_H_
#define BIOTOPE_LAYERS_IOSCHED_NOOP_H_

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/last_merge.h"
#include "layers/iosched/request_queues.h"

namespace biotope {

// Models: drivers/block/noop-iosched.c (Linux 2.6.11). Left out on purpose: insertion at the front
// (requeued requests), barriers.
//
// First in, first out. Bios join requests wherever these stand in the queue; two requests are
// joined only if they stand next to each other.
class NoopScheduler : public IoScheduler {
 public:
  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request&, MergeKind) override {}
  Request* Former(Request& request) override;
  Request* Latter(Request& request) override;
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  bool HasWork() const override { return !queue_.empty(); }

 private:
  DispatchList queue_;
  LastMerge last_merge_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_NOOP_H_
