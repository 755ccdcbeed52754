#include "tests/layers/iosched/recorded_order.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <utility>

#include "tests/layers/iosched/test_queue.h"

namespace biotope {
namespace {

// How far a date of arrival may be off: a system call may take a few ms, and longer when the emulated
// processor is slow. Small distances are tried first.
constexpr Tick kEarlier = kMillisecond;
constexpr Tick kLater[] = {2 * kMillisecond, 10 * kMillisecond, 20 * kMillisecond};

Recording ParseHead(const std::string& line) {
  Recording recording;
  std::istringstream words(line.substr(1));
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = word.substr(equals + 1);
    if (key == "case") {
      recording.case_name = value;
    } else if (key == "run") {
      recording.run = std::stoi(value);
    } else if (key == "depth") {
      recording.depth = static_cast<uint32_t>(std::stoul(value));
    } else {
      recording.tunables[key] = static_cast<uint32_t>(std::stoul(value));
    }
  }
  return recording;
}

void ParseEvent(const std::string& line, Recording& recording) {
  std::istringstream in(line);
  char kind = 0, rw = 0, comma = 0;
  uint64_t sector = 0, nr_sectors = 0, time_us = 0, completed_us = 0;
  in >> kind >> comma >> rw >> comma >> sector >> comma >> nr_sectors >> comma >> time_us;
  if (kind == 'D') in >> comma >> completed_us;
  if (!in) throw std::runtime_error("not an event: " + line);
  Recording::Event event = {.kind = Recording::Kind::kQueue,
                            .inferred = kind == 'q',
                            .write = rw == 'W',
                            .sector = sector,
                            .nr_sectors = static_cast<uint32_t>(nr_sectors),
                            .time = kMicrosecond * time_us};
  if (kind != 'D') {
    recording.arrivals.push_back(event);
    return;
  }
  event.kind = Recording::Kind::kDispatch;
  recording.commands.push_back(event);
  event.kind = Recording::Kind::kComplete;
  event.time = kMicrosecond * completed_us;
  recording.commands.push_back(event);
}

std::string ShowExtent(bool write, uint64_t sector, uint32_t nr_sectors) {
  return (write ? "W" : "R") + std::to_string(sector) + "+" + std::to_string(nr_sectors);
}

// The SCSI driver: gives the disk what the elevator chooses, as long as the disk takes it, and has one
// request more, the next one.
class ReplayedDriver {
 public:
  ReplayedDriver(std::unique_ptr<IoScheduler> scheduler, uint32_t depth)
      // The recorded adapter has 96 segments, max_sectors_kb is 512.
      : queue_(std::move(scheduler), {.limits = {.max_sectors = 1024, .max_hw_segments = 96}}),
        depth_(depth) {}

  void Queue(const Recording::Event& event, Tick now) {
    queue_.Submit({.write = event.write, .sector = event.sector, .nr_sectors = event.nr_sectors},
                  now);
    Peek(now);
    if (outstanding_ < depth_) Start(now);
  }

  // A command has ended.
  void Complete(Tick now) {
    --outstanding_;
    Peek(now);
    Start(now);
  }

  // What the scheduler has chosen so far.
  const std::vector<std::string>& chosen() const { return chosen_; }
  // How many of them the disk has been given.
  size_t started() const { return chosen_.size() - (has_next_ ? 1 : 0); }

 private:
  void Peek(Tick now) {
    if (has_next_) return;
    const Request* request = queue_.Dispatch(now);
    if (request == nullptr) return;
    has_next_ = true;
    chosen_.push_back(ShowExtent(request->write, request->sector.value(), request->nr_sectors));
  }
  void Start(Tick now) {
    if (!has_next_) return;
    ++outstanding_;
    has_next_ = false;
    Peek(now);
  }

  TestQueue queue_;
  const int64_t depth_;
  int64_t outstanding_ = 0;
  bool has_next_ = false;
  std::vector<std::string> chosen_;
};

}  // namespace

std::string Recording::name() const {
  return case_name + "_t" + std::to_string(depth) + " run " + std::to_string(run);
}

std::vector<Recording> LoadRecordings(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<Recording> recordings;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) {
      recordings.push_back(ParseHead(line));
    } else {
      ParseEvent(line, recordings.back());
    }
  }
  for (Recording& recording : recordings) {
    std::ranges::stable_sort(recording.arrivals, {}, &Recording::Event::time);
    std::ranges::stable_sort(recording.commands, {}, &Recording::Event::time);
  }
  return recordings;
}

RecordedOrder::RecordedOrder(const Recording& recording, Factory factory)
    : recording_(recording), factory_(std::move(factory)) {
  for (const Recording::Event& event : recording.commands) {
    if (event.kind != Recording::Kind::kDispatch) continue;
    recorded_.push_back(ShowExtent(event.write, event.sector, event.nr_sectors));
  }
}

size_t RecordedOrder::ArrivedBefore(Tick date) const {
  const auto& arrivals = recording_.arrivals;
  const auto end = std::ranges::upper_bound(arrivals, date, {}, &Recording::Event::time);
  return static_cast<size_t>(end - arrivals.begin());
}

Tick RecordedOrder::KernelTime(Tick time) const {
  const auto us = static_cast<int64_t>(time / kMicrosecond) + clock_ahead_us_;
  return kMicrosecond * static_cast<uint64_t>(std::max<int64_t>(us, 0));
}

bool RecordedOrder::IsReproduced() {
  std::vector<size_t> arrived;
  for (const Recording::Event& event : recording_.commands) {
    arrived.push_back(ArrivedBefore(event.time));
  }
  return IsConsistent(arrived);
}

bool RecordedOrder::IsReproducedNearby() {
  for (const Tick later : kLater) {
    later_ = later;
    for (const int64_t ahead : {0, -1000, 1000, -2000, 2000}) {
      clock_ahead_us_ = ahead;
      attempts_left_ = 20'000;
      std::vector<size_t> arrived;
      if (Extend(arrived)) return true;
    }
  }
  clock_ahead_us_ = 0;
  return false;
}

// The number of bios that had arrived before the next command: first as the dates stand, then others.
bool RecordedOrder::Extend(std::vector<size_t>& arrived) {
  if (arrived.size() == recording_.commands.size()) return true;
  const Tick date = recording_.commands[arrived.size()].time;
  const size_t least = std::max(arrived.empty() ? 0 : arrived.back(),
                                date < later_ ? 0 : ArrivedBefore(date - later_));
  const size_t most = std::max(least, ArrivedBefore(date + kEarlier));
  const size_t first = std::clamp(ArrivedBefore(date), least, most);
  for (size_t i = 0; i <= most - least; ++i) {
    if (--attempts_left_ < 0) return false;
    arrived.push_back(least + (first - least + i) % (most - least + 1));
    if (IsConsistent(arrived) && Extend(arrived)) return true;
    arrived.pop_back();
  }
  return false;
}

bool RecordedOrder::IsConsistent(const std::vector<size_t>& arrived) {
  ReplayedDriver driver(factory_(), recording_.depth);
  Tick previous;
  size_t next_arrival = 0;
  size_t dispatched = 0;
  for (size_t i = 0; i < arrived.size(); ++i) {
    const Recording::Event& event = recording_.commands[i];
    for (; next_arrival < arrived[i]; ++next_arrival) {
      const Recording::Event& arrival = recording_.arrivals[next_arrival];
      driver.Queue(arrival, KernelTime(std::clamp(arrival.time, previous, event.time)));
    }
    previous = event.time;
    if (event.kind == Recording::Kind::kComplete) {
      driver.Complete(event.time);
    } else if (++dispatched > driver.started()) {
      difference_ = "recorded " + recorded_[dispatched - 1] + ", nothing chosen";
      return false;
    }
  }
  const auto& chosen = driver.chosen();
  const auto [mine, theirs] = std::ranges::mismatch(chosen, recorded_);
  if (mine == chosen.end()) return true;
  difference_ = "chosen " + *mine + ", recorded " + (theirs == recorded_.end() ? "none" : *theirs);
  return false;
}

}  // namespace biotope
