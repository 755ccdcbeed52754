#include "tests/layers/iosched/recording.h"

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace biotope {
namespace {

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
    } else if (key == "nr_requests") {
      recording.nr_requests = static_cast<uint32_t>(std::stoul(value));
    } else if (key == "nr_batching") {
      recording.nr_batching = static_cast<uint32_t>(std::stoul(value));
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
  uint32_t task = 1, sync = 1;
  if (kind == 'D') {
    in >> comma >> completed_us;
  } else {
    in >> comma >> task >> comma >> sync;
  }
  if (!in) throw std::runtime_error("not an event: " + line);
  Recording::Event event = {.kind = Recording::Kind::kQueue,
                            .inferred = kind == 'q',
                            .write = rw == 'W',
                            .sync = sync != 0,
                            .task = static_cast<uint16_t>(task),
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

std::string ShowExtent(bool write, uint64_t sector, uint32_t nr_sectors) {
  return (write ? "W" : "R") + std::to_string(sector) + "+" + std::to_string(nr_sectors);
}

}  // namespace biotope
