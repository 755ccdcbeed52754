#include "sim/trace/stream.h"

#include "sim/core/check.h"

namespace biotope {

void EventStream::Flush() {
  for (size_t i = 0; i < size_; ++i) {
    BIOTOPE_CHECK(batch_[i].tick >= last_tick_, "event at {} after event at {}",
                  batch_[i].tick.value(), last_tick_.value());
    last_tick_ = batch_[i].tick;
  }
  for (EventSink* sink : sinks_) sink->Consume(batch_.data(), size_);
  size_ = 0;
}

void EventStream::Finish() {
  Flush();
  for (EventSink* sink : sinks_) sink->Finish();
}

}  // namespace biotope
