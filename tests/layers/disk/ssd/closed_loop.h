#ifndef BIOTOPE_TESTS_LAYERS_DISK_SSD_CLOSED_LOOP_H_
#define BIOTOPE_TESTS_LAYERS_DISK_SSD_CLOSED_LOOP_H_

#include <algorithm>
#include <array>
#include <cstdint>
#include <vector>

#include "layers/disk/ssd/ssd_model.h"
#include "sim/core/check.h"
#include "sim/core/random.h"

namespace biotope {

// Keeps a number of requests outstanding, as the workload of the reference simulator does.
struct ClosedLoop {
  bool write = false;
  bool streaming = false;
  uint32_t nr_sectors = 8;
  uint32_t alignment = 16;  // sectors
  uint32_t queue_depth = 1;
  uint64_t requests = 1;
  double working_set = 0.5;  // of the capacity
  uint64_t seed = 1;
  Tick start = {};

  struct Result {
    Tick sum;
    Tick least = kNever;
    Tick most;
    Tick end;
    uint64_t completed = 0;

    double mean_us() const {
      return static_cast<double>(sum.value()) / static_cast<double>(completed) / 1e6;
    }
  };

  Result Run(SsdModel& ssd) const {
    Random random(seed, "closed_loop");
    const uint64_t places =
        static_cast<uint64_t>(static_cast<double>(ssd.capacity().value()) * working_set) /
            alignment -
        (nr_sectors + alignment - 1) / alignment;
    uint64_t next_place = random.Below(places);
    std::vector<Tick> submitted(queue_depth);
    uint64_t nr_submitted = 0;
    const auto submit = [&](uint64_t slot, Tick now) {
      const uint64_t place = streaming ? next_place++ % places : random.Below(places);
      submitted[slot] = now;
      ++nr_submitted;
      ssd.Submit({.tag = slot,
                  .kind = write ? SsdCommandKind::kWrite : SsdCommandKind::kRead,
                  .fua = false,
                  .first = Sector(place * alignment),
                  .nr_sectors = nr_sectors},
                 now);
    };
    for (uint64_t slot = 0; slot < queue_depth && slot < requests; ++slot) submit(slot, start);
    Result result;
    std::array<SsdCompletion, 1> done;
    while (result.completed < nr_submitted) {
      BIOTOPE_CHECK(ssd.NextEvent() != kNever, "{} requests of {} come back", result.completed,
                    nr_submitted);
      if (ssd.Advance(ssd.NextEvent(), done) == 0) continue;
      const Tick time = done[0].date - submitted[done[0].tag];
      result.sum += time;
      result.least = std::min(result.least, time);
      result.most = std::max(result.most, time);
      result.end = done[0].date;
      ++result.completed;
      if (nr_submitted < requests) submit(done[0].tag, done[0].date);
    }
    return result;
  }
};

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_DISK_SSD_CLOSED_LOOP_H_
