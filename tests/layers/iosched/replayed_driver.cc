#include "tests/layers/iosched/replayed_driver.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace biotope {
namespace {

std::string ShowRequest(const Request& request) {
  return ShowExtent(request.write, request.sector.value(), request.nr_sectors);
}

RequestList::Direction DirectionOf(bool write) {
  return write ? RequestList::kWrite : RequestList::kRead;
}

uint64_t Jiffies(Tick now) { return now / kMillisecond; }

}  // namespace

ReplayedDriver::ReplayedDriver(std::unique_ptr<IoScheduler> scheduler, const Recording& recording)
    // The recorded adapter has 96 segments, max_sectors_kb is 512.
    : queue_(std::move(scheduler), {.limits = {.max_sectors = 1024, .max_hw_segments = 96}}),
      requests_({.nr_requests = recording.nr_requests, .nr_batching = recording.nr_batching}),
      depth_(recording.depth) {}

void ReplayedDriver::Queue(const Recording::Event& event, Tick now) {
  RunWakeups(now);
  if (!sleeping_.empty() || !TrySubmit(event, now)) sleeping_.push_back(event);
  RunWakeups(now);
}

bool ReplayedDriver::TrySubmit(const Recording::Event& event, Tick now) {
  const bool was_empty = queue_.empty();
  const RequestList::Direction direction = DirectionOf(event.write);
  IoScheduler& scheduler = queue_.scheduler();
  const NewRequest wanted = {.write = event.write, .sync = event.sync, .task = event.task};
  if (scheduler.CheckMayQueue(wanted) == MayQueue::kNo) return false;
  // The kernel looks for a request to join first; a bio that finds one needs none of its own.
  if (!requests_.TryGet(direction, event.task, Jiffies(now))) return false;
  scheduler.SetRequest(wanted);
  const MergeOutcome outcome = queue_.Submit({.write = event.write,
                                              .sector = event.sector,
                                              .nr_sectors = event.nr_sectors,
                                              .task = event.task,
                                              .sync = event.sync},
                                             now);
  if (outcome.kind != MergeKind::kNone) {
    requests_.Put(direction);
    Request unused;
    unused.task = event.task;
    unused.write = event.write;
    scheduler.PutRequest(unused);
  }
  if (outcome.swallowed != nullptr) {
    requests_.Put(direction);
    scheduler.PutRequest(*outcome.swallowed);
  }
  if (was_empty) Run(now);
  return true;
}

void ReplayedDriver::Complete(const Recording::Event& event, Tick now) {
  RunWakeups(now);
  const auto ended = std::ranges::find_if(outstanding_, [&](const Request* request) {
    return request->write == event.write && request->sector == Sector(event.sector);
  });
  if (ended == outstanding_.end()) return;  // it was not started: the comparison will say so
  Request& request = **ended;
  outstanding_.erase(ended);
  const bool wakes = requests_.Put(DirectionOf(request.write));
  queue_.scheduler().PutRequest(request);
  queue_.Complete(request, now);
  Run(now);
  if (!wakes || sleeping_.empty()) return;
  requests_.SetBatching(sleeping_.front().task, Jiffies(now));
  while (!sleeping_.empty() && TrySubmit(sleeping_.front(), now)) sleeping_.pop_front();
}

void ReplayedDriver::RunWakeups(Tick now) {
  while (const std::optional<Tick> wakeup = queue_.scheduler().NextWakeup()) {
    if (*wakeup > now) return;
    Run(*wakeup);
  }
}

// scsi_request_fn.
void ReplayedDriver::Run(Tick now) {
  for (Request* next = queue_.Peek(now); next != nullptr && outstanding_.size() < depth_;
       next = queue_.Peek(now)) {
    queue_.Take(*next);
    outstanding_.push_back(next);
    started_.push_back(ShowRequest(*next));
  }
}

}  // namespace biotope
