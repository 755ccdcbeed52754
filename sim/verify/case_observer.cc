#include "sim/verify/case_observer.h"

#include "sim/core/units.h"

namespace biotope {
namespace {

// The letters of blktrace; null for what no recorder writes.
const char* Letters(Kind kind) {
  switch (kind) {
    case Kind::kQueue:
      return "Q";
    case Kind::kGetRequest:
      return "G";
    case Kind::kBackMerge:
      return "M";
    case Kind::kFrontMerge:
      return "F";
    case Kind::kMergeRequests:
      return "MM";
    case Kind::kInsert:
      return "I";
    case Kind::kIssue:
      return "D";
    case Kind::kComplete:
      return "C";
    case Kind::kPlug:
      return "P";
    case Kind::kUnplug:
      return "U";
    case Kind::kUnplugTimer:
      return "UT";
    default:
      return nullptr;
  }
}

std::string ReadOrWrite(uint16_t flags) {
  std::string rw = (flags & kFlagWrite) != 0 ? "W" : "R";
  if ((flags & kFlagAhead) != 0) rw += 'A';
  if ((flags & kFlagSync) != 0) rw += 'S';
  if ((flags & kFlagMeta) != 0) rw += 'M';
  return rw;
}

}  // namespace

void CaseObserver::Begin(uint16_t task, uint32_t operation) {
  if (operations_.size() <= task) operations_.resize(task + 1u);
  operations_[task] = operation;
}

void CaseObserver::End(uint16_t task) { operations_[task].reset(); }

void CaseObserver::Consume(const Record* records, size_t count) {
  for (const Record* record = records; record != records + count; ++record) {
    const char* letters = Letters(record->kind);
    if (letters == nullptr) continue;
    BlockEvent event;
    event.kind = letters;
    event.in_task = record->task != 0;
    if (record->task < operations_.size()) event.operation = operations_[record->task];
    switch (record->kind) {
      case Kind::kPlug:
        break;
      case Kind::kUnplug:
      case Kind::kUnplugTimer:
        event.sectors = record->value;
        break;
      default:
        event.rw = ReadOrWrite(record->flags);
        event.sector = record->sector.value();
        event.sectors = record->bytes / kSectorSize;
    }
    events_.push_back(std::move(event));
  }
}

}  // namespace biotope
