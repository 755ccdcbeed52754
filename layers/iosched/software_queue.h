#ifndef BIOTOPE_LAYERS_IOSCHED_SOFTWARE_QUEUE_H_
#define BIOTOPE_LAYERS_IOSCHED_SOFTWARE_QUEUE_H_

#include "layers/block/bio.h"
#include "layers/block/request.h"
#include "layers/iosched/request_queues.h"
#include "layers/iosched/try_merge.h"

namespace biotope {

// The requests of one CPU in the order in which they came: a list of struct blk_mq_ctx, or one of
// kyber's, which has its own.
struct SoftwareQueue {
  RequestFifo requests;

  // blk_bio_list_merge (block/blk-merge.c, Linux 6.18): the youngest request that `bio` may join;
  // only the last eight are asked.
  MergeCandidate FindMerge(const Bio& bio) {
    int asked = 0;
    for (auto it = requests.rbegin(); it != requests.rend() && asked < 8; ++it, ++asked) {
      const MergeKind kind = TryMerge(*it, bio);
      if (kind != MergeKind::kNone) return {kind, &*it};
    }
    return {};
  }

  // Appends all of them to `list`.
  void MoveTo(RequestFifo& list) { list.splice(list.end(), requests); }
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_SOFTWARE_QUEUE_H_
