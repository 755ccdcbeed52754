#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_MQ_ORDER_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_MQ_ORDER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "layers/iosched/io_scheduler.h"
#include "sim/core/units.h"
#include "tests/layers/iosched/test_queue.h"

namespace biotope {

// What a blk-mq kernel did with the requests of a case: data/mq_*.csv.
struct MqRecording {
  struct Event {
    char kind = 'I';  // see data/from_mq_recording.py
    BioSpec request;
    Tick time;
  };

  std::string case_name;
  size_t tags = 0;  // requests that the driver takes at once; 0: any number
  std::map<std::string, uint64_t> tunables;
  std::vector<Event> events;
};

std::vector<MqRecording> LoadMqRecordings(const std::string& path);

// Gives a scheduler what a recorded kernel's got, when it got it, and compares what it chooses
// whenever that kernel chose, and what it merges. What differs first, or "" if nothing does.
//
// When the driver's tags are used up one more request has been chosen already; it is parked, and
// goes first. `tick_offset`: when timer ticks fall is not recorded.
using MqFactory = std::function<std::unique_ptr<IoScheduler>()>;
std::string CompareWithRecording(const MqRecording& recording, const MqFactory& factory,
                                 Tick tick_offset);

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_MQ_ORDER_H_
