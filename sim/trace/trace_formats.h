#ifndef BIOTOPE_SIM_TRACE_TRACE_FORMATS_H_
#define BIOTOPE_SIM_TRACE_TRACE_FORMATS_H_

#include <memory>
#include <string>

#include "sim/trace/trace_reader.h"

namespace biotope {

// One function for each format; OpenTrace calls them.
std::unique_ptr<TraceReader> OpenValidationTrace(const std::string& path);
std::unique_ptr<TraceReader> OpenDiskSimTrace(const std::string& path);
std::unique_ptr<TraceReader> OpenMsrTrace(const std::string& path);
std::unique_ptr<TraceReader> OpenFioIolog(const std::string& path);
// `path`: one file, or what the names of the files of all CPUs have before ".blktrace.".
std::unique_ptr<TraceReader> OpenBlktrace(const std::string& path);

}  // namespace biotope

#endif  // BIOTOPE_SIM_TRACE_TRACE_FORMATS_H_
