#ifndef BIOTOPE_SIM_RESULTS_BLOCK_STAGES_H_
#define BIOTOPE_SIM_RESULTS_BLOCK_STAGES_H_

#include <array>
#include <cstdint>

#include "configs/schema/result.pb.h"
#include "sim/results/io_marks.h"
#include "sim/trace/record.h"

namespace biotope {

// The table of btt: how long bios spent between the block layer's events, in ns of the trace's
// clock (ticks rounded down). As btt does it counts bios, not requests: D2C and Q2C of a merged
// request count once for each of its bios, G2I and I2D only for the bio for which the request was
// made, Q2M and M2D for those that joined.
class BlockStagesBuilder {
 public:
  enum Stage : uint8_t { kQ2Q, kQ2G, kS2G, kG2I, kQ2M, kI2D, kM2D, kD2C, kQ2C, kStageCount };

  // Takes one record of the stream, after `marks` has.
  void Consume(const Record& record, IoMarks& marks);

  BlockStages ToProto() const;

 private:
  struct Span {
    uint64_t count = 0;
    uint64_t min_ns = UINT64_MAX;
    uint64_t max_ns = 0;
    uint64_t total_ns = 0;
  };
  void Add(Stage stage, Tick from, Tick to);

  std::array<Span, kStageCount> spans_;
  Tick last_queue_ = kNever;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_BLOCK_STAGES_H_
