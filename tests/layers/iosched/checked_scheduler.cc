#include "tests/layers/iosched/checked_scheduler.h"

#include <fmt/format.h>

#include <utility>

#include "layers/iosched/try_merge.h"
#include "tests/layers/iosched/test_queue.h"

namespace biotope {

CheckedScheduler::CheckedScheduler(std::unique_ptr<IoScheduler> scheduler,
                                   std::vector<std::string>& violations)
    : violations_(violations), scheduler_(std::move(scheduler)) {}

MergeCandidate CheckedScheduler::FindMerge(const Bio& bio) {
  const MergeCandidate candidate = scheduler_->FindMerge(bio);
  if (candidate.kind == MergeKind::kNone) return {};
  if (candidate.request == nullptr || !Holds(*candidate.request)) {
    violations_.push_back("merges a bio with a request that it does not hold");
    return {};
  }
  if (TryMerge(*candidate.request, bio) != candidate.kind) {
    violations_.push_back(fmt::format("merges {} with a bio at {} that does not fit",
                                      Show(*candidate.request), bio.sector.value()));
    return {};
  }
  return candidate;
}

Request* CheckedScheduler::CheckedNeighbour(const Request& request, Request* neighbour) {
  if (neighbour == nullptr) return nullptr;
  if (neighbour == &request || !Holds(*neighbour)) {
    violations_.push_back("names a neighbour that it does not hold");
    return nullptr;
  }
  return neighbour;
}

Request* CheckedScheduler::Former(Request& request) {
  return CheckedNeighbour(request, scheduler_->Former(request));
}

Request* CheckedScheduler::Latter(Request& request) {
  return CheckedNeighbour(request, scheduler_->Latter(request));
}

void CheckedScheduler::MergedRequests(Request& survivor, Request& gone) {
  held_.erase(&gone);
  scheduler_->MergedRequests(survivor, gone);
}

void CheckedScheduler::Insert(Request& request, Tick now) {
  held_.insert(&request);
  scheduler_->Insert(request, now);
  CheckHasWork();
}

void CheckedScheduler::InsertAtHead(Request& request, Tick now) {
  held_.insert(&request);
  scheduler_->InsertAtHead(request, now);
  CheckHasWork();
}

Request* CheckedScheduler::FindInsertMerge(const Request& request, bool again) {
  Request* earlier = scheduler_->FindInsertMerge(request, again);
  if (earlier == nullptr) return nullptr;
  if (earlier == &request || !Holds(*earlier)) {
    violations_.push_back("merges a request with one that it does not hold");
    return nullptr;
  }
  return earlier;
}

Request* CheckedScheduler::Dispatch(Tick now) {
  Request* request = scheduler_->Dispatch(now);
  if (request == nullptr) {
    CheckIdle(now);
    return nullptr;
  }
  if (!Holds(*request)) {
    violations_.push_back("dispatches a request that it does not hold");
    return nullptr;
  }
  NoteDispatched(*request);
  return request;
}

Request& CheckedScheduler::Reconsider(Request& request, Tick now) {
  Request& first = scheduler_->Reconsider(request, now);
  if (&first == &request) return request;
  if (!Holds(first)) {
    violations_.push_back("puts a request in front that it does not hold");
    return request;
  }
  NoteDispatched(first);
  return first;
}

void CheckedScheduler::NoteDispatched(Request& request) {
  CheckBios(request);
  held_.erase(&request);
  ++in_flight_;
  CheckHasWork();
}

// Nothing to do, or something to wait for.
void CheckedScheduler::CheckIdle(Tick now) {
  if (held_.empty() || in_flight_ > 0) return;
  const std::optional<Tick> wakeup = scheduler_->NextWakeup();
  if (!wakeup) {
    violations_.push_back(fmt::format("idle for ever with {} requests", held_.size()));
  } else if (*wakeup <= now) {
    violations_.push_back("idle until a date that is not in the future");
  }
}

// The bios of a request are its sectors, in order.
void CheckedScheduler::CheckBios(const Request& request) {
  Sector sector = request.sector;
  for (const Bio* bio = request.bio; bio != nullptr; bio = bio->next) {
    if (bio->sector != sector || bio->write != request.write || bio->request != &request) {
      violations_.push_back(fmt::format("{} has a bio that does not belong to it", Show(request)));
    }
    sector = bio->end();
  }
  if (sector != request.end()) {
    violations_.push_back(fmt::format("{} is not what its bios are", Show(request)));
  }
}

void CheckedScheduler::Completed(const Request& request, Tick now) {
  --in_flight_;
  scheduler_->Completed(request, now);
}

bool CheckedScheduler::HasWork() const { return scheduler_->HasWork(); }

void CheckedScheduler::CheckHasWork() {
  if (scheduler_->HasWork() == !held_.empty()) return;
  violations_.push_back(fmt::format("has {} requests and says otherwise", held_.size()));
}

}  // namespace biotope
