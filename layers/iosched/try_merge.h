#ifndef BIOTOPE_LAYERS_IOSCHED_TRY_MERGE_H_
#define BIOTOPE_LAYERS_IOSCHED_TRY_MERGE_H_

#include "layers/block/bio.h"
#include "layers/block/request.h"
#include "layers/iosched/io_scheduler.h"

namespace biotope {

// Models: drivers/block/elevator.c elv_rq_merge_ok, elv_try_merge (Linux 2.6.11), and
// block/blk-merge.c blk_rq_merge_ok (Linux 6.18), which also asks for equal I/O priorities; before
// blk-mq all are equal here. Left out on purpose: several disks on one queue, requests that carry
// something else than bios.

// Whether `bio` may become part of `request` at all, wherever it lies.
inline bool IsMergeAllowed(const Request& request, const Bio& bio) {
  return request.Mergeable() && request.write == bio.write && request.ioprio == bio.ioprio;
}

// At which end of `request` the bio may join, if at one.
inline MergeKind TryMerge(const Request& request, const Bio& bio) {
  if (!IsMergeAllowed(request, bio)) return MergeKind::kNone;
  if (request.end() == bio.sector) return MergeKind::kBack;
  if (bio.end() == request.sector) return MergeKind::kFront;
  return MergeKind::kNone;
}

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_IOSCHED_TRY_MERGE_H_
