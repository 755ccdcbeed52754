#include "layers/iosched/request_merge.h"

#include <algorithm>

namespace biotope {
namespace {

bool IsWithinLimits(uint64_t sectors, uint64_t segments, const QueueLimits& limits) {
  return sectors <= limits.max_sectors && segments <= limits.max_phys_segments &&
         segments <= limits.max_hw_segments;
}

void Grow(Request& request, const Bio& bio) {
  request.nr_sectors += bio.nr_sectors;
  request.nr_segments += bio.nr_segments;
}

}  // namespace

// ll_back_merge_fn and ll_front_merge_fn.
bool TryReserve(Request& request, const Bio& bio, const QueueLimits& limits) {
  const uint64_t sectors = uint64_t{request.nr_sectors} + bio.nr_sectors;
  const uint64_t segments = uint64_t{request.nr_segments} + bio.nr_segments;
  if (IsWithinLimits(sectors, segments, limits)) return true;
  request.nomerge = true;
  return false;
}

void AppendBio(Request& request, Bio& bio) {
  bio.next = nullptr;
  bio.request = &request;
  request.biotail->next = &bio;
  request.biotail = &bio;
  Grow(request, bio);
}

void PrependBio(Request& request, Bio& bio) {
  bio.next = request.bio;
  bio.request = &request;
  request.bio = &bio;
  request.sector = bio.sector;
  Grow(request, bio);
}

bool AttemptMerge(IoScheduler& scheduler, Request& request, Request& next,
                  const QueueLimits& limits) {
  if (!request.Mergeable() || !next.Mergeable()) return false;
  if (request.end() != next.sector || request.write != next.write) return false;
  if (request.ioprio != next.ioprio) return false;
  // ll_merge_requests_fn; unlike a bio, a neighbour that is too large does not set nomerge.
  const uint64_t sectors = uint64_t{request.nr_sectors} + next.nr_sectors;
  const uint64_t segments = uint64_t{request.nr_segments} + next.nr_segments;
  if (!IsWithinLimits(sectors, segments, limits)) return false;

  for (Bio* bio = next.bio; bio != nullptr; bio = bio->next) bio->request = &request;
  request.biotail->next = next.bio;
  request.biotail = next.biotail;
  request.nr_sectors += next.nr_sectors;
  request.nr_segments += next.nr_segments;
  request.start_time = std::min(request.start_time, next.start_time);
  scheduler.MergedRequests(request, next);
  next.bio = next.biotail = nullptr;
  return true;
}

MergeOutcome MergeBioIntoQueue(IoScheduler& scheduler, Bio& bio, const QueueLimits& limits) {
  const MergeCandidate candidate = scheduler.FindMerge(bio);
  if (candidate.kind == MergeKind::kNone) return {};
  Request& request = *candidate.request;
  if (!TryReserve(request, bio, limits)) return {};

  if (candidate.kind == MergeKind::kBack) {
    AppendBio(request, bio);
    Request* next = scheduler.Latter(request);
    if (next != nullptr && AttemptMerge(scheduler, request, *next, limits)) {
      return {candidate.kind, &request, next};
    }
  } else {
    PrependBio(request, bio);
    Request* former = scheduler.Former(request);
    if (former != nullptr && AttemptMerge(scheduler, *former, request, limits)) {
      return {candidate.kind, former, &request};
    }
  }
  scheduler.Merged(request, candidate.kind);
  return {candidate.kind, &request, nullptr};
}

}  // namespace biotope
