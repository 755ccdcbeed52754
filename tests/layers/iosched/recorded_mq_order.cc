#include "tests/layers/iosched/recorded_mq_order.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace biotope {
namespace {

MqRecording ParseHead(const std::string& line) {
  MqRecording recording;
  std::istringstream words(line.substr(1));
  for (std::string word; words >> word;) {
    const size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    const std::string value = word.substr(equals + 1);
    if (key == "case") {
      recording.case_name = value;
    } else if (key == "tags") {
      recording.tags = std::stoul(value);
    } else {
      recording.tunables[key] = std::stoull(value);
    }
  }
  return recording;
}

IoPriority ParseClass(const std::string& name) {
  if (name == "rt") return {.priority_class = IoPriorityClass::kRealTime};
  if (name == "idle") return {.priority_class = IoPriorityClass::kIdle, .level = 7};
  return {};
}

MqRecording::Event ParseEvent(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream in(line);
  for (std::string field; std::getline(in, field, ',');) fields.push_back(field);
  if (fields.size() != 7) throw std::runtime_error("not an event: " + line);
  MqRecording::Event event;
  event.kind = fields[0].front();
  event.request.write = fields[1].front() == 'W';
  event.request.sync = fields[1] != "W";
  event.request.sector = std::stoull(fields[2]);
  event.request.nr_sectors = static_cast<uint32_t>(std::stoul(fields[3]));
  event.time = kMicrosecond * std::stoull(fields[4]);
  event.request.task = static_cast<uint16_t>(1 + std::stoul(fields[5]));
  event.request.ioprio = ParseClass(fields[6]);
  return event;
}

std::string Show(const BioSpec& request) {
  const char direction = request.write ? 'W' : 'R';
  return fmt::format("{}{}+{}", direction, request.sector, request.nr_sectors);
}

std::string ShowExtent(const Request& request) {
  const char direction = request.write ? 'W' : 'R';
  return fmt::format("{}{}+{}", direction, request.sector.value(), request.nr_sectors);
}

// The queue, the driver and the disk.
class Replay {
 public:
  Replay(const MqRecording& recording, std::unique_ptr<IoScheduler> scheduler)
      : tags_(recording.tags), queue_(std::move(scheduler), OptionsOf(recording)) {}

  // What is different; "" if nothing is.
  std::string Apply(const MqRecording::Event& event, Tick now) {
    const BioSpec& request = event.request;
    switch (event.kind) {
      case 'I':
        return queue_.Insert(request, now) != nullptr ? "" : "merged " + Show(request);
      case 'S':
        return queue_.Insert(request, now) == nullptr ? "" : "not merged " + Show(request);
      case 'M':
        return queue_.Merge(request).kind == MergeKind::kBack ? "" : "no M of " + Show(request);
      case 'F':
        return queue_.Merge(request).kind == MergeKind::kFront ? "" : "no F of " + Show(request);
      case 'D':
        return Dispatch(request, now);
      case 'C':
        Complete(request, now);
        return "";
    }
    throw std::runtime_error("an event of unknown kind");
  }

 private:
  // The buffers of the recordings lie in one piece in memory.
  static TestQueue::Options OptionsOf(const MqRecording& recording) {
    const bool merges = recording.tunables.at("nomerges") == 0;
    return {.limits = {.max_sectors = merges ? 2560u : 8u,
                       .max_phys_segments = 65535,
                       .max_hw_segments = 65535}};
  }

  std::string Dispatch(const BioSpec& recorded, Tick now) {
    Request* request = parked_ != nullptr ? parked_ : queue_.Dispatch(now);
    parked_ = nullptr;
    if (request == nullptr) return "recorded " + Show(recorded) + ", nothing chosen";
    if (ShowExtent(*request) != Show(recorded)) {
      return "recorded " + Show(recorded) + ", chosen " + ShowExtent(*request);
    }
    in_flight_.push_back(request);
    if (in_flight_.size() == tags_) parked_ = queue_.Dispatch(now);
    return "";
  }

  void Complete(const BioSpec& recorded, Tick now) {
    const auto ended = std::ranges::find_if(
        in_flight_, [&](const Request* request) { return ShowExtent(*request) == Show(recorded); });
    if (ended == in_flight_.end()) throw std::runtime_error("not in flight: " + Show(recorded));
    queue_.Complete(**ended, now);
    in_flight_.erase(ended);
  }

  const size_t tags_;
  TestQueue queue_;
  std::vector<Request*> in_flight_;
  Request* parked_ = nullptr;
};

}  // namespace

std::vector<MqRecording> LoadMqRecordings(const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<MqRecording> recordings;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) {
      recordings.push_back(ParseHead(line));
    } else {
      recordings.back().events.push_back(ParseEvent(line));
    }
  }
  return recordings;
}

std::string CompareWithRecording(const MqRecording& recording, const MqFactory& factory,
                                 Tick tick_offset) {
  Replay replay(recording, factory());
  size_t number = 0;
  for (const MqRecording::Event& event : recording.events) {
    // A kernel has been up for a while.
    const std::string difference = replay.Apply(event, kSecond + tick_offset + event.time);
    ++number;
    if (!difference.empty()) return fmt::format("event {}: {}", number, difference);
  }
  return "";
}

}  // namespace biotope
