#ifndef BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_ORDER_H_
#define BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_ORDER_H_

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "layers/iosched/io_scheduler.h"
#include "sim/core/units.h"

namespace biotope {

// What a real kernel did on a busy disk: when bios came, and which request went to the disk when.
struct Recording {
  enum class Kind { kQueue, kDispatch, kComplete };  // Q, D, C of a block trace
  struct Event {
    Kind kind = Kind::kQueue;
    bool inferred = false;  // the date of this Q was not recorded
    bool write = false;
    uint64_t sector = 0;
    uint32_t nr_sectors = 0;
    Tick time;
  };

  std::string case_name;
  int run = 0;
  uint32_t depth = 1;  // commands that the disk takes at once
  std::map<std::string, uint32_t> tunables;
  std::vector<Event> arrivals;  // Q, by time
  std::vector<Event> commands;  // D and C, by time

  std::string name() const;
};

// The recordings of a file of tests/layers/iosched/data.
std::vector<Recording> LoadRecordings(const std::string& path);

// Gives a scheduler the arrivals of a recording, with the SCSI driver and the disk behind it, and
// compares which requests reach the disk.
//
// The dates of arrival are those of system calls, and many requests come from one call; the date of
// each is known to a few ms only. So there are two questions: does the scheduler choose what the kernel
// chose if the dates are taken as they stand, and are there dates nearby with which it does?
class RecordedOrder {
 public:
  using Factory = std::function<std::unique_ptr<IoScheduler>()>;

  RecordedOrder(const Recording& recording, Factory factory);

  // With the dates as they stand. If not, `difference` says where.
  bool IsReproduced();
  // With dates nearby; the order of arrival stays. The kernel's clock may be ahead of the recording's by
  // up to 2 ms, or behind.
  bool IsReproducedNearby();

  const std::string& difference() const { return difference_; }

 private:
  size_t ArrivedBefore(Tick date) const;
  Tick KernelTime(Tick time) const;
  // Whether all that the scheduler chooses until the command `arrived.size()` is as recorded, if so many
  // bios have arrived before each.
  bool IsConsistent(const std::vector<size_t>& arrived);
  bool Extend(std::vector<size_t>& arrived);

  const Recording& recording_;
  const Factory factory_;
  std::vector<std::string> recorded_;  // the requests in the order of their D
  int attempts_left_ = 0;
  Tick later_;
  int64_t clock_ahead_us_ = 0;  // of the kernel's clock when a bio arrives
  std::string difference_;
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_IOSCHED_RECORDED_ORDER_H_
