#include "sim/results/device_stats.h"

namespace biotope {

void DeviceStats::Consume(const Record& record) {
  const auto change = [&](int delta) {
    queue_area_ +=
        static_cast<unsigned __int128>((record.tick - outstanding_since_).value()) * outstanding_;
    outstanding_since_ = record.tick;
    outstanding_ += static_cast<uint32_t>(delta);
  };
  switch (record.kind) {
    case Kind::kIssue:
      ++requests_;
      sectors_ += record.bytes / kSectorSize;
      change(+1);
      break;
    case Kind::kComplete:
      change(-1);
      break;
    case Kind::kBackMerge:
    case Kind::kFrontMerge:
    case Kind::kMergeRequests:
      ++merges_;
      break;
    case Kind::kDeviceStart:
      if (active_++ == 0) busy_since_ = record.tick;
      break;
    case Kind::kDeviceFinish:
      if (--active_ == 0) busy_ += record.tick - busy_since_;
      break;
    case Kind::kSeek:
      seek_ += Tick(record.value);
      break;
    case Kind::kRotation:
      rotation_ += Tick(record.value);
      break;
    case Kind::kTransfer:
      transfer_ += Tick(record.value);
      break;
    default:
      break;
  }
}

DeviceResult DeviceStats::ToProto(Tick span) const {
  const auto mean_ns = [this](Tick total) {
    if (requests_ == 0) return 0.0;
    return static_cast<double>(total.value()) / 1000.0 / static_cast<double>(requests_);
  };
  DeviceResult result;
  result.set_requests(requests_);
  result.set_sectors(sectors_);
  result.set_merges(merges_);
  result.set_busy_ps(busy_.value());
  result.set_span_ps(span.value());
  if (span > Tick(0)) {
    result.set_queue_depth(static_cast<double>(queue_area_) / static_cast<double>(span.value()));
  }
  result.set_mean_seek_ns(mean_ns(seek_));
  result.set_mean_rotation_ns(mean_ns(rotation_));
  result.set_mean_transfer_ns(mean_ns(transfer_));
  return result;
}

}  // namespace biotope
