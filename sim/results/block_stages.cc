#include "sim/results/block_stages.h"

#include <algorithm>

namespace biotope {

void BlockStagesBuilder::Add(Stage stage, Tick from, Tick to) {
  if (from == kNever || to == kNever) return;
  // btt knows no shorter interval than 1 ns.
  const uint64_t ns = std::max<uint64_t>(1, to / kNanosecond - from / kNanosecond);
  Span& span = spans_[stage];
  ++span.count;
  span.min_ns = std::min(span.min_ns, ns);
  span.max_ns = std::max(span.max_ns, ns);
  span.total_ns += ns;
}

void BlockStagesBuilder::Consume(const Record& record, IoMarks& marks) {
  if (record.kind == Kind::kQueue) {
    Add(kQ2Q, last_queue_, record.tick);
    last_queue_ = record.tick;
    return;
  }
  if (record.kind != Kind::kBioEnd) return;
  const BioMarks* bio = marks.Find(record.io);
  if (bio == nullptr || bio->queue == kNever || bio->complete == kNever) return;
  Add(kQ2G, bio->queue, bio->get_request);
  Add(kS2G, bio->sleep, bio->get_request);
  Add(kG2I, bio->get_request, bio->insert);
  Add(kQ2M, bio->queue, bio->merge);
  Add(kI2D, bio->insert, bio->issue);
  Add(kM2D, bio->merge, bio->issue);
  Add(kD2C, bio->issue, bio->complete);
  Add(kQ2C, bio->queue, bio->complete);
}

BlockStages BlockStagesBuilder::ToProto() const {
  constexpr const char* kNames[kStageCount] = {"Q2Q", "Q2G", "S2G", "G2I", "Q2M",
                                               "I2D", "M2D", "D2C", "Q2C"};
  BlockStages stages;
  for (size_t i = 0; i < kStageCount; ++i) {
    if (spans_[i].count == 0) continue;
    BlockStage& stage = *stages.add_stage();
    stage.set_name(kNames[i]);
    stage.set_count(spans_[i].count);
    stage.set_min_ns(spans_[i].min_ns);
    stage.set_max_ns(spans_[i].max_ns);
    stage.set_total_ns(spans_[i].total_ns);
  }
  return stages;
}

}  // namespace biotope
