#include "sim/results/io_marks.h"

namespace biotope {

// The request that carries the bios of `request` now.
IoMarks::RequestMarks& IoMarks::Carrier(uint64_t request) {
  RequestMarks* marks = &requests_[request];
  while (marks->survivor != 0) {
    const uint64_t survivor = marks->survivor;
    marks = &requests_[survivor];
  }
  return *marks;
}

void IoMarks::Consume(const Record& record) {
  switch (record.kind) {
    case Kind::kQueue:
      bios_[record.io].queue = record.tick;
      break;
    case Kind::kSleepRequest:
      bios_[record.io].sleep = record.tick;
      break;
    case Kind::kGetRequest:
      bios_[record.io].get_request = record.tick;
      bios_[record.io].request = record.parent;
      break;
    case Kind::kBackMerge:
    case Kind::kFrontMerge:
      bios_[record.io].merge = record.tick;
      bios_[record.io].request = record.parent;
      break;
    case Kind::kInsert:
      requests_[record.io].insert = record.tick;
      break;
    case Kind::kMergeRequests:
      requests_[record.parent].survivor = record.io;
      ended_requests_.push_back(record.parent);
      break;
    case Kind::kIssue:
      requests_[record.io].issue = record.tick;
      break;
    case Kind::kDeviceStart:
      requests_[record.io].device_start = record.tick;
      break;
    case Kind::kDeviceFinish:
      requests_[record.io].device_finish = record.tick;
      break;
    case Kind::kComplete:
      requests_[record.io].complete = record.tick;
      ended_requests_.push_back(record.io);
      break;
    case Kind::kBioEnd:
      EndBio(record);
      break;
    default:
      break;
  }
}

void IoMarks::EndBio(const Record& record) {
  BioMarks& bio = bios_[record.io];
  bio.ended = true;
  if (bio.request != 0) {
    const RequestMarks& carrier = Carrier(bio.request);
    bio.issue = carrier.issue;
    bio.device_start = carrier.device_start;
    bio.device_finish = carrier.device_finish;
    bio.complete = carrier.complete;
    // A bio that joined has no I of its own.
    if (bio.get_request != kNever) bio.insert = requests_[bio.request].insert;
  }
  ended_bios_.push_back(record.io);
  if (ended_bios_.size() > kKept) {
    bios_.Erase(ended_bios_.front());
    ended_bios_.pop_front();
  }
  // A request that was swallowed is needed for as long as the one that has its bios.
  if (ended_requests_.size() > 2 * kKept) {
    requests_.Erase(ended_requests_.front());
    ended_requests_.pop_front();
  }
}

}  // namespace biotope
