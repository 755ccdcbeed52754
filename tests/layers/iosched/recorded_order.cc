#include "tests/layers/iosched/recorded_order.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <utility>

#include "tests/layers/iosched/replayed_driver.h"

namespace biotope {
namespace {

// How far a date of arrival may be off: a system call may take a few ms, and longer when the
// emulated processor is slow. Small distances are tried first.
constexpr Tick kEarlier = kMillisecond;
// Where the search gives up.
constexpr int kAttempts = 1500;
constexpr size_t kMostChoices = 100;
// From the arrival of a request until an idle disk has it.
constexpr Tick kSubmission = 50 * kMicrosecond;
// The kernel's timer may be behind the recording's clock by so much.
constexpr Tick kWakeupLater = 2 * kMillisecond;
constexpr Tick kLater[] = {2 * kMillisecond, 10 * kMillisecond, 20 * kMillisecond};
// By so much all may be off, so that the search begins there.
constexpr Tick kShifts[] = {Tick(0),      300 * kMicrosecond, 600 * kMicrosecond,
                            kMillisecond, 2 * kMillisecond,   4 * kMillisecond};

bool IsStartOf(const Recording::Event& command, const Recording::Event& arrival) {
  return command.kind == Recording::Kind::kDispatch && command.write == arrival.write &&
         command.sector == arrival.sector;
}

}  // namespace

RecordedOrder::RecordedOrder(const Recording& recording, Factory factory)
    : recording_(recording), factory_(std::move(factory)) {
  for (const Recording::Event& event : recording.commands) {
    if (event.kind != Recording::Kind::kDispatch) continue;
    recorded_.push_back(ShowExtent(event.write, event.sector, event.nr_sectors));
  }
}

Tick RecordedOrder::KernelTime(Tick time) const {
  const auto us = static_cast<int64_t>(time / kMicrosecond) + clock_ahead_us_;
  return phase_ + kMicrosecond * static_cast<uint64_t>(std::max<int64_t>(us, 0));
}

bool RecordedOrder::IsReproduced() {
  phase_ = Tick(0);
  clock_ahead_us_ = 0;
  Arrived arrived;
  size_t next = 0;
  for (const Recording::Event& event : recording_.commands) {
    arrived.emplace_back();
    for (; next < recording_.arrivals.size() && recording_.arrivals[next].time <= event.time;
         ++next) {
      arrived.back().push_back(next);
    }
  }
  return IsConsistent(arrived);
}

bool RecordedOrder::IsReproducedNearby() {
  for (const Tick later : kLater) {
    later_ = later;
    for (const Tick shift : kShifts) {
      if (shift > later) continue;
      shift_ = shift;
      for (const uint64_t phase_us : {0, 250, 500, 750}) {
        phase_ = kMicrosecond * phase_us;
        for (const int64_t ahead : {0, -1000, 1000}) {
          clock_ahead_us_ = ahead;
          attempts_left_ = kAttempts;
          Arrived arrived;
          if (Extend(arrived)) return true;
        }
      }
    }
  }
  return false;
}

// What may have arrived before the next command and after the one before: as the dates stand,
// first, then others, those that are nearer to it before those that are not.
std::vector<std::vector<size_t>> RecordedOrder::Choices(const Arrived& arrived) const {
  const Tick date = recording_.commands[arrived.size()].time;
  std::vector<bool> has_arrived(recording_.arrivals.size());
  for (const auto& indices : arrived) {
    for (const size_t index : indices) has_arrived[index] = true;
  }
  // For each task: what must have arrived, what has arrived as the dates stand, what may have.
  struct Window {
    std::vector<size_t> arrivals;
    size_t least = 0, usual = 0;
  };
  std::map<uint16_t, Window> windows;
  for (size_t i = 0; i < recording_.arrivals.size(); ++i) {
    const Recording::Event& arrival = recording_.arrivals[i];
    if (has_arrived[i] || arrival.time > date + kEarlier) continue;
    Window& window = windows[arrival.task];
    window.arrivals.push_back(i);
    if (arrival.time + shift_ <= date) window.usual = window.arrivals.size();
    if (arrival.time + later_ <= date) window.least = window.arrivals.size();
  }
  std::vector<std::pair<size_t, std::vector<size_t>>> choices = {{0, {}}};
  for (const auto& [task, window] : windows) {
    std::vector<std::pair<size_t, std::vector<size_t>>> extended;
    for (const auto& [distance, indices] : choices) {
      for (size_t count = window.least; count <= window.arrivals.size(); ++count) {
        std::vector<size_t> with = indices;
        with.insert(with.end(), window.arrivals.begin(),
                    window.arrivals.begin() + static_cast<std::ptrdiff_t>(count));
        const size_t moved = count > window.usual ? count - window.usual : window.usual - count;
        extended.emplace_back(distance + moved, std::move(with));
      }
    }
    std::ranges::stable_sort(extended, {}, [](const auto& choice) { return choice.first; });
    if (extended.size() > kMostChoices) extended.resize(kMostChoices);
    choices = std::move(extended);
  }
  std::vector<std::vector<size_t>> result;
  for (auto& [distance, indices] : choices) {
    std::ranges::sort(indices);
    result.push_back(std::move(indices));
  }
  return result;
}

bool RecordedOrder::Extend(Arrived& arrived) {
  if (arrived.size() == recording_.commands.size()) return true;
  for (std::vector<size_t>& choice : Choices(arrived)) {
    if (--attempts_left_ < 0) return false;
    arrived.push_back(std::move(choice));
    if (IsConsistent(arrived) && Extend(arrived)) return true;
    arrived.pop_back();
  }
  return false;
}

bool RecordedOrder::IsConsistent(const Arrived& arrived) {
  ReplayedDriver driver(factory_(), recording_);
  Tick previous;
  size_t dispatched = 0;
  for (size_t i = 0; i < arrived.size(); ++i) {
    const Recording::Event& event = recording_.commands[i];
    for (const size_t index : arrived[i]) {
      const Recording::Event& arrival = recording_.arrivals[index];
      Tick date = std::clamp(arrival.time, previous, event.time);
      // What an idle disk has been waiting for reaches it at once.
      if (driver.idle() && IsStartOf(event, arrival)) {
        date = std::max(date, std::max(previous, event.time - kSubmission));
      }
      driver.Queue(arrival, KernelTime(date));
      previous = date;
    }
    previous = event.time;
    if (event.kind == Recording::Kind::kComplete) {
      driver.Complete(event, phase_ + event.time);
    } else if (++dispatched > driver.started().size()) {
      driver.RunWakeups(phase_ + event.time + kWakeupLater);
    }
    const auto& started = driver.started();
    const auto [mine, theirs] = std::ranges::mismatch(started, recorded_);
    if (mine != started.end()) {
      difference_ =
          "started " + *mine + ", recorded " + (theirs == recorded_.end() ? "none" : *theirs);
      return false;
    }
    if (dispatched > started.size()) {
      difference_ = "recorded " + recorded_[dispatched - 1] + ", nothing started";
      return false;
    }
  }
  return true;
}

}  // namespace biotope
