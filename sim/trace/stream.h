#ifndef BIOTOPE_SIM_TRACE_STREAM_H_
#define BIOTOPE_SIM_TRACE_STREAM_H_

#include <array>
#include <cstddef>
#include <vector>

#include "sim/trace/record.h"

namespace biotope {

// Reads the event stream while it is produced. Everything that is measured is computed by one of
// these: results, trace files, progress.
class EventSink {
 public:
  virtual ~EventSink() = default;
  // Called with records in stream order, each exactly once.
  virtual void Consume(const Record* records, size_t count) = 0;
  // The run is over; no Consume follows.
  virtual void Finish() {}
};

// The append-only stream. It keeps nothing but a small batch: memory does not grow with the run.
// Sinks are not owned and must outlive the stream's last Emit or Flush.
class EventStream {
 public:
  void AddSink(EventSink* sink) { sinks_.push_back(sink); }

  // Appends a record. Its tick must not lie before that of the record before.
  void Emit(const Record& record) {
    batch_[size_++] = record;
    if (size_ == batch_.size()) Flush();
  }

  // Hands the batch to the sinks.
  void Flush();
  // Flush, and tell the sinks that this was all.
  void Finish();

 private:
  std::array<Record, 512> batch_;
  size_t size_ = 0;
  Tick last_tick_;
  std::vector<EventSink*> sinks_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_STREAM_H_
