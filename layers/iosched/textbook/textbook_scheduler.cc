#include "layers/iosched/textbook/textbook_scheduler.h"

#include "layers/iosched/try_merge.h"

namespace biotope {

MergeCandidate TextbookScheduler::FindMerge(const Bio& bio) {
  const MergeCandidate candidate = merge_.Find(bio, [](const Request&) { return true; });
  if (candidate.request != nullptr) return candidate;
  Request* request = sorted_.Find(bio.end());
  if (request == nullptr || !IsMergeAllowed(*request, bio)) return {};
  return {MergeKind::kFront, request};
}

void TextbookScheduler::Merged(Request& request, MergeKind kind) {
  if (kind == MergeKind::kFront) {
    sorted_.Remove(request);
    sorted_.Insert(request);
  }
  merge_.Merged(request);
}

void TextbookScheduler::MergedRequests(Request& survivor, Request& gone) {
  merge_.Merged(survivor);
  Remove(gone);
}

void TextbookScheduler::Insert(Request& request, Tick /*now*/) {
  sorted_.Insert(request);
  fifo_.push_back(request);
  merge_.Inserted(request);
}

void TextbookScheduler::Remove(Request& request) {
  sorted_.Remove(request);
  fifo_.erase(fifo_.iterator_to(request));
  merge_.Removed(request);
}

Request* TextbookScheduler::Dispatch(Tick now) {
  if (fifo_.empty()) return nullptr;
  Request& request = Choose(now);
  Remove(request);
  position_ = request.end();
  return &request;
}

}  // namespace biotope
