#ifndef BIOTOPE_LAYERS_IOSCHED_LAST_MERGE_H_
#define BIOTOPE_LAYERS_IOSCHED_LAST_MERGE_H_

#include "layers/iosched/try_merge.h"

namespace biotope {

// The request that is asked first when a bio looks for one to join (q->last_merge). Sequential I/O
// finds its request here.
// Models: drivers/block/elevator.c elv_try_last_merge and the places that set and clear last_merge
// (Linux 2.6.11).
class LastMerge {
 public:
  // The candidate that the hint gives for `bio`.
  MergeCandidate Try(const Bio& bio) const {
    if (request_ == nullptr) return {};
    const MergeKind kind = TryMerge(*request_, bio);
    if (kind == MergeKind::kNone) return {};
    return {kind, request_};
  }

  // Null: nobody has the hint.
  Request* request() const { return request_; }

  void Set(Request& request) { request_ = &request; }

  // A new request takes the hint if nobody has it. The kernel takes it from a request whose growth
  // was refused; here that request has nomerge set.
  void SetIfFree(Request& request) {
    if (request_ == nullptr || request_->nomerge) request_ = &request;
  }

  // `request` is no longer queued.
  void Forget(const Request& request) {
    if (request_ == &request) request_ = nullptr;
  }

 private:
  Request* request_ = nullptr;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_LAST_MERGE_H_
