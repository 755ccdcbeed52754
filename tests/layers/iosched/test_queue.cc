#include "tests/layers/iosched/test_queue.h"

#include <fmt/format.h>

#include <stdexcept>

#include "layers/iosched/insert_request.h"

namespace biotope {

std::string Show(const Request& request) {
  std::string text = fmt::format("{}{}", request.write ? 'W' : 'R', request.sector.value());
  if (request.nr_sectors != 8) text += fmt::format("+{}", request.nr_sectors);
  return text;
}

TestQueue::TestQueue(std::unique_ptr<IoScheduler> scheduler, const Options& options)
    : options_(options), pool_(new Request[options.nr_requests]), scheduler_(std::move(scheduler)) {
  // Taken from the back: slot 0 first.
  for (size_t slot = options.nr_requests; slot-- > 0;) {
    const bool ascending = options.addresses == Addresses::kAscending;
    Request& request = pool_[ascending ? slot : options.nr_requests - 1 - slot];
    request.slot = static_cast<uint32_t>(slot);
    free_.push_back(&request);
  }
}

Request& TestQueue::Allocate() {
  if (free_.empty()) throw std::logic_error("the test uses too many requests");
  Request& request = *free_.back();
  free_.pop_back();
  request.id = ++last_id_;
  return request;
}

Bio& TestQueue::MakeBio(const BioSpec& spec) {
  Bio& bio = bios_.emplace_back();
  bio.id = ++submitted_;
  bio.sector = Sector(spec.sector);
  bio.nr_sectors = spec.nr_sectors;
  bio.nr_segments = (spec.nr_sectors + kSectorsPerPage - 1) / kSectorsPerPage;
  bio.write = spec.write;
  bio.sync = spec.sync;
  bio.task = spec.task;
  bio.ioprio = spec.ioprio;
  bio.cpu = spec.cpu;
  return bio;
}

MergeOutcome TestQueue::MergeBio(Bio& bio) {
  const MergeOutcome outcome = MergeBioIntoQueue(*scheduler_, bio, options_.limits);
  if (outcome.swallowed != nullptr) Free(*outcome.swallowed);
  return outcome;
}

Request* TestQueue::InsertBio(Bio& bio, const BioSpec& spec, Tick now) {
  Request& request = Allocate();
  request.task = spec.task;
  request.sector = bio.sector;
  request.nr_sectors = bio.nr_sectors;
  request.nr_segments = bio.nr_segments;
  request.write = spec.write;
  request.sync = spec.sync || !spec.write;
  request.ioprio = spec.ioprio;
  request.cpu = spec.cpu;
  request.started = request.nomerge = false;
  request.start_time = now;
  request.bio = request.biotail = &bio;
  bio.request = &request;
  const auto free = [this](Request& swallowed) { Free(swallowed); };
  return InsertRequest(*scheduler_, request, options_.limits, now, free) ? &request : nullptr;
}

MergeOutcome TestQueue::Submit(const BioSpec& spec, Tick now) {
  Bio& bio = MakeBio(spec);
  const MergeOutcome outcome = MergeBio(bio);
  if (outcome.kind != MergeKind::kNone) return outcome;
  InsertBio(bio, spec, now);
  return {MergeKind::kNone, bio.request, nullptr};
}

MergeOutcome TestQueue::Merge(const BioSpec& spec) {
  const MergeOutcome outcome = MergeBio(MakeBio(spec));
  if (outcome.kind == MergeKind::kNone) --submitted_;
  return outcome;
}

Request* TestQueue::Insert(const BioSpec& spec, Tick now) {
  return InsertBio(MakeBio(spec), spec, now);
}

Request* TestQueue::Peek(Tick now) {
  if (chosen_.empty()) {
    Request* request = scheduler_->Dispatch(now);
    if (request == nullptr) return nullptr;
    request->started = true;
    chosen_.push_back(request);
    return request;
  }
  Request& first = scheduler_->Reconsider(*chosen_.front(), now);
  if (&first != chosen_.front()) {
    first.started = true;
    chosen_.push_front(&first);
  }
  return &first;
}

void TestQueue::Take(Request& request) {
  if (chosen_.empty() || chosen_.front() != &request) {
    throw std::logic_error("the test takes a request that is not the first");
  }
  chosen_.pop_front();
  scheduler_->Removed(request);
  ++in_flight_;
  for (const Bio* bio = request.bio; bio != nullptr; bio = bio->next) ++dispatched_bios_;
}

Request* TestQueue::Dispatch(Tick now) {
  Request* request = Peek(now);
  if (request != nullptr) Take(*request);
  return request;
}

void TestQueue::Complete(Request& request, Tick now) {
  --in_flight_;
  scheduler_->Completed(request, now);
  Free(request);
}

std::vector<std::string> TestQueue::Drain(Tick now, Tick step) {
  std::vector<std::string> order;
  while (Request* request = Dispatch(now)) {
    order.push_back(Show(*request));
    now += step;
    Complete(*request, now);
  }
  return order;
}

}  // namespace biotope
