#ifndef BIOTOPE_SIM_VERIFY_CASE_OBSERVER_H_
#define BIOTOPE_SIM_VERIFY_CASE_OBSERVER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "sim/trace/stream.h"
#include "sim/verify/block_event.h"

namespace biotope {

// Keeps what the block layer did, in the form in which recorders write it, and knows during which
// operation it was.
class CaseObserver : public EventSink {
 public:
  // From now on (and all records of before have been consumed) `task` executes an operation.
  void Begin(uint16_t task, uint32_t operation);
  void End(uint16_t task);

  void Consume(const Record* records, size_t count) override;

  const std::vector<BlockEvent>& events() const { return events_; }

 private:
  std::vector<std::optional<uint32_t>> operations_;  // by task
  std::vector<BlockEvent> events_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_CASE_OBSERVER_H_
