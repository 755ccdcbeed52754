#include "sim/world/replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/core/error.h"

namespace biotope {
namespace {

void CheckExtent(const TraceRequest& request, const DeviceModel& device, uint64_t number) {
  if (request.first < device.capacity() &&
      Sector(request.nr_sectors) <= device.capacity() - request.first) {
    return;
  }
  throw ScenarioError(
      fmt::format("request {} of the trace: {} sectors from {} on, but the device has only {}",
                  number, request.nr_sectors, request.first.value(), device.capacity().value()));
}

// Requests that have come, in the order of arrival.
class Waiting {
 public:
  bool empty() const { return requests_.empty(); }

  void Add(const TraceRequest& request, Tick issued) {
    requests_.push_back({.request = request, .issued = issued, .response = Tick(0)});
    commands_.push_back(
        {.first = request.first, .nr_sectors = request.nr_sectors, .write = request.write});
  }

  Replayed Take(DeviceModel& device, Tick now) {
    const size_t choice = std::min<size_t>(commands_.size(), device.queue_depth());
    const size_t index = choice == 1 ? 0 : device.PickNext(now, std::span(commands_).first(choice));
    const Replayed taken = requests_[index];
    requests_.erase(requests_.begin() + static_cast<ptrdiff_t>(index));
    commands_.erase(commands_.begin() + static_cast<ptrdiff_t>(index));
    return taken;
  }

 private:
  std::vector<Replayed> requests_;
  std::vector<WaitingCommand> commands_;
};

}  // namespace

Tick ReplayClosed(TraceReader& trace, DeviceModel& device,
                  const std::function<void(const Replayed&)>& each) {
  Tick now;
  uint64_t number = 0;
  Tick end;
  TraceRequest request;
  while (trace.Next(&request)) {
    CheckExtent(request, device, ++number);
    const Tick response =
        device.Serve(now, request.first, request.nr_sectors, request.write).total();
    each({.request = request, .issued = now, .response = response});
    end = now + response;
    now = end + request.think.value_or(Tick(0));
  }
  return end;
}

Tick ReplayOpen(TraceReader& trace, DeviceModel& device, double speed,
                const std::function<void(const Replayed&)>& each) {
  Waiting waiting;
  Tick free;
  uint64_t number = 0;
  TraceRequest next;
  bool more = trace.Next(&next);
  const auto issue_of = [speed](const TraceRequest& request) {
    const double date = static_cast<double>(request.issued.value_or(Tick(0)).value());
    return Tick(static_cast<uint64_t>(std::llround(date / speed)));
  };
  while (more || !waiting.empty()) {
    // All that has come by the time that the device is free, or the first one that comes then.
    while (more && (waiting.empty() || issue_of(next) <= free)) {
      CheckExtent(next, device, ++number);
      const Tick issued = issue_of(next);
      if (waiting.empty()) free = std::max(free, issued);
      waiting.Add(next, issued);
      more = trace.Next(&next);
    }
    Replayed taken = waiting.Take(device, free);
    const TraceRequest& request = taken.request;
    free += device.Serve(free, request.first, request.nr_sectors, request.write).total();
    taken.response = free - taken.issued;
    each(taken);
  }
  return free;
}

}  // namespace biotope
