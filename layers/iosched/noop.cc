#include "layers/iosched/noop.h"

#include "layers/iosched/try_merge.h"

namespace biotope {

// elevator_noop_merge: from the tail, so that the youngest match is found.
MergeCandidate NoopScheduler::FindMerge(const Bio& bio) {
  if (const MergeCandidate hinted = last_merge_.Try(bio); hinted.request != nullptr) return hinted;
  for (auto it = queue_.rbegin(); it != queue_.rend(); ++it) {
    const MergeKind kind = TryMerge(*it, bio);
    if (kind == MergeKind::kNone) continue;
    last_merge_.Set(*it);
    return {kind, &*it};
  }
  return {};
}

// The kernel's default for schedulers that do not sort: the neighbours in the queue.
Request* NoopScheduler::Former(Request& request) {
  auto position = queue_.iterator_to(request);
  return position == queue_.begin() ? nullptr : &*--position;
}

Request* NoopScheduler::Latter(Request& request) {
  auto position = ++queue_.iterator_to(request);
  return position == queue_.end() ? nullptr : &*position;
}

void NoopScheduler::MergedRequests(Request& /*survivor*/, Request& gone) {
  last_merge_.Forget(gone);
  queue_.erase(queue_.iterator_to(gone));
}

void NoopScheduler::Insert(Request& request, Tick /*now*/) {
  queue_.push_back(request);
  last_merge_.SetIfFree(request);
}

Request* NoopScheduler::Dispatch(Tick /*now*/) {
  if (queue_.empty()) return nullptr;
  Request& request = queue_.front();
  queue_.pop_front();
  last_merge_.Forget(request);
  return &request;
}

}  // namespace biotope
