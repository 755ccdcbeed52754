#ifndef BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_TEXTBOOK_SCHEDULER_H_
#define BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_TEXTBOOK_SCHEDULER_H_

#include "layers/iosched/io_scheduler.h"
#include "layers/iosched/queue_merge.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/request_tree.h"
#include "sim/core/units.h"

namespace biotope {

// What the schedulers of the textbooks have in common: one set of requests, reads and writes, out
// of which each takes the next one by its own rule. No kernel has them; they are here for
// comparison.
//
// Bios and neighbours are merged as in a blk-mq queue: a textbook's scheduler that got every page
// as a request of its own would be compared with something else.
class TextbookScheduler : public IoScheduler {
 public:
  MergeCandidate FindMerge(const Bio& bio) override;
  void Merged(Request& request, MergeKind kind) override;
  Request* Former(Request& request) override { return sorted_.Former(request); }
  Request* Latter(Request& request) override { return sorted_.Latter(request); }
  void MergedRequests(Request& survivor, Request& gone) override;
  void Insert(Request& request, Tick now) override;
  Request* Dispatch(Tick now) override;
  bool HasWork() const override { return !fifo_.empty(); }

 protected:
  // The next request, of those that wait; there is at least one.
  virtual Request& Choose(Tick now) = 0;

  RequestTree& sorted() { return sorted_; }
  RequestFifo& fifo() { return fifo_; }  // by age
  // Where the head is thought to be: behind the request that was dispatched last.
  Sector position() const { return position_; }

 private:
  void Remove(Request& request);

  RequestTree sorted_;
  RequestFifo fifo_;
  QueueMerge merge_;
  Sector position_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TEXTBOOK_TEXTBOOK_SCHEDULER_H_
