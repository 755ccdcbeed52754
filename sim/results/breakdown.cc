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
  if (record.kind <= Kind::kRun) return ConsumeCall(record, marks);
  switch (record.kind) {
    case Kind::kQueue:
      if (aios_.size() > 0) QueueBio(record);
      break;
    case Kind::kAioSubmit:
      BeginAio(record);
      break;
    case Kind::kAioComplete:
      return EndAio(record, marks);
    default:
      break;
  }
  return false;
}

bool BreakdownBuilder::ConsumeCall(const Record& record, IoMarks& marks) {
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
  OpenAio* submits = call->submits != 0 ? aios_.Find(call->submits) : nullptr;
  OpenCall* aio = submits != nullptr ? &submits->flow : nullptr;
  if (record.kind == Kind::kWake) {
    const BioMarks* bio = record.parent != 0 ? marks.Find(record.parent) : nullptr;
    for (OpenCall* part : {call, aio}) {
      if (part == nullptr) continue;
      ShareSleep(*part, record.tick, bio);
      part->layer = Layer::kCpu;
    }
    return false;
  }
  for (OpenCall* part : {call, aio}) {
    if (part == nullptr) continue;
    Share(*part, record.tick, part->layer);
    part->layer = record.layer;
  }
  if (record.kind != Kind::kSyscallExit) return false;
  Finish(*call, record);
  calls_.Erase(record.io);
  return true;
}

void BreakdownBuilder::BeginAio(const Record& record) {
  OpenCall* call = calls_.Find(record.parent);
  BIOTOPE_CHECK(call != nullptr, "asynchronous I/O {} of a call that has not begun", record.io);
  call->submits = record.io;
  aios_[record.io] = {};
  OpenCall& aio = aios_[record.io].flow;
  aio.call.id = record.io;
  aio.call.asynchronous = true;
  aio.call.op = static_cast<Op>(record.value);
  aio.call.task = record.task;
  aio.call.enter = aio.since = record.tick;
  aio.call.bytes_asked = record.bytes;
  aio.layer = record.layer;
}

// A bio of a call that is submitting an asynchronous I/O, with data, not with metadata for which
// the call is going to wait.
void BreakdownBuilder::QueueBio(const Record& record) {
  if ((record.flags & kFlagMeta) != 0) return;
  const OpenCall* call = calls_.Find(record.parent);
  if (call == nullptr || call->submits == 0) return;
  OpenAio* aio = aios_.Find(call->submits);
  if (aio == nullptr || aio->queued) return;
  aio->queued = true;
  aio->at_queue = aio->flow;
  Share(aio->at_queue, record.tick, aio->flow.layer);
  aio->at_queue.layer = Layer::kBlock;
}

bool BreakdownBuilder::EndAio(const Record& record, IoMarks& marks) {
  OpenAio* aio = aios_.Find(record.io);
  BIOTOPE_CHECK(aio != nullptr, "the end of asynchronous I/O {}, which has not begun", record.io);
  if (record.parent != 0 && aio->queued) {
    ShareSleep(aio->at_queue, record.tick, marks.Find(record.parent));
    Finish(aio->at_queue, record);
  } else {
    Share(aio->flow, record.tick, aio->flow.layer);
    Finish(aio->flow, record);
  }
  aios_.Erase(record.io);
  return true;
}

void BreakdownBuilder::Finish(OpenCall& call, const Record& record) {
  finished_ = call.call;
  finished_.exit = record.tick;
  finished_.result = static_cast<int64_t>(record.value);
  const Tick sum = std::accumulate(finished_.share.begin(), finished_.share.end(), Tick(0));
  BIOTOPE_CHECK(sum == finished_.latency(), "the layers of {} {} add up to {} of {} ps",
                finished_.asynchronous ? "asynchronous I/O" : "call", record.io, sum.value(),
                finished_.latency().value());
}

}  // namespace biotope
