#ifndef BIOTOPE_SIM_TRACE_EVENT_FILE_H_
#define BIOTOPE_SIM_TRACE_EVENT_FILE_H_

#include <functional>
#include <memory>
#include <string>

#include "configs/schema/event.pb.h"
#include "sim/trace/stream.h"

namespace biotope {

// The event stream in a file (events.pb.gz): gzip around messages with a length before each, first
// an EventFileHeader, then EventChunks. The same events give the same bytes.

// Writes the stream while it is produced. Throws EnvironmentError when it cannot.
class EventFileWriter : public EventSink {
 public:
  EventFileWriter(const std::string& path, const EventFileHeader& header);
  ~EventFileWriter() override;

  void Consume(const Record* records, size_t count) override;
  // Writes what is left and closes the file.
  void Finish() override;

 private:
  struct Output;
  void WriteChunk();
  void Check(bool ok);

  const std::string path_;
  std::unique_ptr<Output> output_;
  EventChunk chunk_;
  Tick last_tick_;
};

// Reads a file that EventFileWriter has written. Throws EnvironmentError if it cannot be opened,
// and ScenarioError with the number of the chunk if it is damaged or cut off.
EventFileHeader ReadEventFile(const std::string& path,
                              const std::function<void(const EventFileHeader&)>& on_header,
                              const std::function<void(const Record&)>& on_record);

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_EVENT_FILE_H_
