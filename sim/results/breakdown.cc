#include "sim/results/breakdown.h"

#include <algorithm>
#include <numeric>

#include "sim/core/check.h"

namespace biotope {

void BreakdownBuilder::Share(OpenCall& call, Tick until, Layer layer) {
  call.call.share[static_cast<size_t>(layer)] += until - call.since;
  call.since = until;
}

void BreakdownBuilder::ShareSleep(OpenCall& call, Tick wake, const BioMarks* bio) {
  if (bio == nullptr || bio->queue == kNever) return Share(call, wake, call.layer);
  const Tick enters_scheduler = bio->merge != kNever ? bio->merge : bio->insert;
  const struct {
    Tick mark;
    Layer before;
  } stages[] = {
      {bio->queue, call.layer},
      {enters_scheduler, Layer::kBlock},
      {bio->issue, Layer::kIosched},
      {bio->device_start, Layer::kDriver},
      {bio->device_finish, Layer::kDisk},
      {bio->complete, Layer::kDriver},
      {wake, Layer::kBlock},
  };
  for (const auto& stage : stages) {
    if (stage.mark == kNever) continue;
    Share(call, std::clamp(stage.mark, call.since, wake), stage.before);
  }
}

bool BreakdownBuilder::Consume(const Record& record, IoMarks& marks) {
  if (record.kind > Kind::kRun) return false;
  if (record.kind == Kind::kSyscallEnter) {
    OpenCall& call = calls_[record.io];
    call = {};
    call.call.id = record.io;
    call.call.op = static_cast<Op>(record.value);
    call.call.task = record.task;
    call.call.enter = call.since = record.tick;
    call.call.bytes_asked = record.bytes;
    call.layer = record.layer;
    return false;
  }
  OpenCall* call = calls_.Find(record.io);
  BIOTOPE_CHECK(call != nullptr, "an event of call {}, which has not begun", record.io);
  if (record.kind == Kind::kWake) {
    ShareSleep(*call, record.tick, record.parent != 0 ? marks.Find(record.parent) : nullptr);
    call->layer = Layer::kCpu;
    return false;
  }
  Share(*call, record.tick, call->layer);
  call->layer = record.layer;
  if (record.kind != Kind::kSyscallExit) return false;

  finished_ = call->call;
  finished_.exit = record.tick;
  finished_.result = static_cast<int64_t>(record.value);
  const Tick sum =
      std::accumulate(finished_.share.begin(), finished_.share.end(), Tick(0));
  BIOTOPE_CHECK(sum == finished_.latency(), "the layers of call {} add up to {} of {} ps", record.io,
                sum.value(), finished_.latency().value());
  calls_.Erase(record.io);
  return true;
}

}  // namespace biotope
