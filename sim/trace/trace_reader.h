#ifndef BIOTOPE_SIM_TRACE_TRACE_READER_H_
#define BIOTOPE_SIM_TRACE_TRACE_READER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/units.h"

namespace biotope {

// A request as a trace has recorded it.
struct TraceRequest {
  Sector first;
  uint32_t nr_sectors = 0;
  bool write = false;
  uint32_t device = 0;           // 0 if the format has none
  std::optional<Tick> issued;    // since the first request
  std::optional<Tick> think;     // from its completion to the issue of the next request
  std::optional<Tick> response;  // what the recorded device needed
};

enum class TraceFormat : uint8_t {
  kValidation,  // R|W buffer lbn blocks response_us think_us
  kDiskSim,     // arrival_ms device block blocks flags
  kMsr,         // MSR Cambridge: filetime,host,disk,Read|Write,offset,size,response
  kFioIolog,    // fio's iolog, version 2 or 3
  kBlktrace,    // binary, one file: the requests that were queued
};

// "validation", "disksim", "msr", "fio", "blktrace".
std::optional<TraceFormat> TraceFormatOf(std::string_view name);
const std::vector<std::string>& TraceFormatNames();

// A trace file from its beginning to its end, one request at a time: memory does not grow with it.
class TraceReader {
 public:
  virtual ~TraceReader() = default;

  // The next request; false at the end. Throws ScenarioError, naming file and line (or record), if
  // it is damaged.
  virtual bool Next(TraceRequest* request) = 0;
};

// Opens a trace. Without a format the first line says what it is. Throws EnvironmentError if it
// cannot be read, ScenarioError if it is none of the formats.
std::unique_ptr<TraceReader> OpenTrace(const std::string& path, std::optional<TraceFormat> format);

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_TRACE_READER_H_
