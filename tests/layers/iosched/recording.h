#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDING_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDING_H_

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// What a real kernel did on a busy disk: when bios came, and which request went to the disk when.
struct Recording {
  enum class Kind { kQueue, kDispatch, kComplete };  // Q, D, C of a block trace
  struct Event {
    Kind kind = Kind::kQueue;
    bool inferred = false;  // the date of this Q was not recorded
    bool write = false;
    bool sync = true;   // of a Q: somebody waits for it
    uint16_t task = 1;  // of a Q: who submitted it
    uint64_t sector = 0;
    uint32_t nr_sectors = 0;
    Tick time;
  };

  std::string case_name;
  int run = 0;
  uint32_t depth = 1;  // commands that the disk takes at once
  uint32_t nr_requests = 128;
  uint32_t nr_batching = 32;  // requests that a task may take in a row when they are all used
  std::map<std::string, uint32_t> tunables;
  std::vector<Event> arrivals;  // Q, by time
  std::vector<Event> commands;  // D and C, by time

  std::string name() const;
};

// "R4096+8".
std::string ShowExtent(bool write, uint64_t sector, uint32_t nr_sectors);

// The recordings of a file of tests/layers/iosched/data.
std::vector<Recording> LoadRecordings(const std::string& path);

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDING_H_
