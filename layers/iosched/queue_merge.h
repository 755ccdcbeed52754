#ifndef BIOTOPE_LAYERS_IOSCHED_QUEUE_MERGE_H_
#define BIOTOPE_LAYERS_IOSCHED_QUEUE_MERGE_H_

#include "layers/block/request.h"
#include "layers/iosched/last_merge.h"
#include "layers/iosched/merge_hash.h"
#include "sim/core/units.h"

namespace biotope {

// What a blk-mq queue knows of the requests that may grow: q->last_merge and the hash of the ends.
// Models: block/elevator.c elv_merge (without the scheduler's own look for a front merge),
// elv_attempt_insert_merge, elv_merged_request, elv_merge_requests (Linux 6.18). Left out on
// purpose: queue/nomerges.
//
// Unlike in Linux 2.6 it is the merge itself that makes a request the hint, not the search for it.
class QueueMerge {
 public:
  // A request that `bio` may join: the hint at either end, or one that ends where the bio starts.
  // `allowed(request)`: elevator_mq_ops::allow_merge.
  template <class Allowed>
  MergeCandidate Find(const Bio& bio, Allowed allowed) {
    const MergeCandidate hinted = last_merge_.Try(bio);
    if (hinted.request != nullptr && allowed(*hinted.request)) return hinted;
    Request* request = hash_.Find(bio.sector);
    if (request == nullptr || !IsMergeAllowed(*request, bio) || !allowed(*request)) return {};
    return {MergeKind::kBack, request};
  }

  // The request that `request`, not queued yet, continues. Only the first search asks the hint, and
  // what it finds ends the search.
  Request* FindInsertMerge(const Request& request, bool again) {
    if (again && merged_into_hint_) return nullptr;
    Request* hint = last_merge_.request();
    merged_into_hint_ = !again && hint != nullptr && hint->Mergeable() && Follows(request, *hint);
    return merged_into_hint_ ? hint : hash_.Find(request.sector);
  }

  // A request was queued.
  void Inserted(Request& request) {
    if (!request.Mergeable()) return;
    hash_.Add(request);
    last_merge_.SetIfFree(request);
  }
  // `request` has grown.
  void Merged(Request& request) {
    if (request.hash_hook.is_linked()) hash_.Reposition(request);
    last_merge_.Set(request);
  }
  // `request` is no longer queued.
  void Removed(Request& request) {
    MergeHash::Remove(request);
    last_merge_.Forget(request);
  }

 private:
  static bool Follows(const Request& request, const Request& earlier) {
    return earlier.end() == request.sector && earlier.write == request.write &&
           earlier.ioprio == request.ioprio;
  }

  MergeHash hash_;
  LastMerge last_merge_;
  bool merged_into_hint_ = false;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_QUEUE_MERGE_H_
