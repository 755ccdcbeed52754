#ifndef BIOTOPE_SIM_RESULTS_IO_MARKS_H_
#define BIOTOPE_SIM_RESULTS_IO_MARKS_H_

#include <cstdint>
#include <deque>

#include "sim/core/id_map.h"
#include "sim/core/units.h"
#include "sim/trace/record.h"

namespace biotope {

// When a bio passed each mark of its way; kNever: it has not (yet).
struct BioMarks {
  Tick queue = kNever;        // Q
  Tick sleep = kNever;        // S
  Tick get_request = kNever;  // G
  Tick merge = kNever;        // M, F
  Tick insert = kNever;       // I of the request that was made for it
  Tick issue = kNever;        // D of the request that carried it
  Tick device_start = kNever;
  Tick device_finish = kNever;
  Tick complete = kNever;  // C
  uint64_t request = 0;    // the request that it got or joined first
  bool ended = false;
};

// Follows bios and requests through the event stream. It knows those that are under way and the
// last few thousand that have ended, because sleepers are woken a little after the bio for which
// they waited has ended.
class IoMarks {
 public:
  void Consume(const Record& record);

  // The marks of a bio; null if it is not known (any more).
  const BioMarks* Find(uint64_t bio) { return bios_.Find(bio); }

 private:
  struct RequestMarks {
    Tick insert = kNever;
    Tick issue = kNever;
    Tick device_start = kNever;
    Tick device_finish = kNever;
    Tick complete = kNever;
    uint64_t survivor = 0;  // the request that has swallowed it, 0: none
  };
  static constexpr size_t kKept = 4096;

  RequestMarks& Carrier(uint64_t request);
  void EndBio(const Record& record);

  IdMap<BioMarks> bios_;
  IdMap<RequestMarks> requests_;
  std::deque<uint64_t> ended_bios_;
  std::deque<uint64_t> ended_requests_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_IO_MARKS_H_
