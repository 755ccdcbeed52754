#include "tests/layers/iosched/test_queue.h"

#include <fmt/format.h>

#include <stdexcept>

namespace biotope {

std::string Show(const Request& request) {
  std::string text = fmt::format("{}{}", request.write ? 'W' : 'R', request.sector.value());
  if (request.nr_sectors != 8) text += fmt::format("+{}", request.nr_sectors);
  return text;
}

TestQueue::TestQueue(std::unique_ptr<IoScheduler> scheduler, const Options& options)
    : options_(options),
      pool_(new Request[options.nr_requests]),
      scheduler_(std::move(scheduler)) {
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

MergeOutcome TestQueue::Submit(const BioSpec& spec, Tick now) {
  Bio& bio = bios_.emplace_back();
  bio.id = ++submitted_;
  bio.sector = Sector(spec.sector);
  bio.nr_sectors = spec.nr_sectors;
  bio.nr_segments = (spec.nr_sectors + kSectorsPerPage - 1) / kSectorsPerPage;
  bio.write = spec.write;
  bio.task = spec.task;

  const MergeOutcome outcome = MergeBioIntoQueue(*scheduler_, bio, options_.limits);
  if (outcome.swallowed != nullptr) Free(*outcome.swallowed);
  if (outcome.kind != MergeKind::kNone) return outcome;

  Request& request = Allocate();
  request.task = spec.task;
  request.sector = bio.sector;
  request.nr_sectors = bio.nr_sectors;
  request.nr_segments = bio.nr_segments;
  request.write = spec.write;
  request.sync = spec.sync || !spec.write;
  request.started = request.nomerge = false;
  request.start_time = now;
  request.bio = request.biotail = &bio;
  bio.request = &request;
  scheduler_->Insert(request, now);
  return {MergeKind::kNone, &request, nullptr};
}

Request* TestQueue::Dispatch(Tick now) {
  Request* request = scheduler_->Dispatch(now);
  if (request == nullptr) return nullptr;
  request->started = true;
  ++in_flight_;
  for (const Bio* bio = request->bio; bio != nullptr; bio = bio->next) ++dispatched_bios_;
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
