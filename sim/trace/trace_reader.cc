#include "sim/trace/trace_reader.h"

#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "sim/core/error.h"
#include "sim/trace/line_reader.h"
#include "sim/trace/trace_formats.h"

namespace biotope {
namespace {

bool BeginsAsBlktrace(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  uint32_t magic = 0;
  file.read(reinterpret_cast<char*>(&magic), sizeof(magic));
  return file && magic >> 8 == 0x656174;
}

// By the form of the first line.
TraceFormat Guess(const std::string& path) {
  if (!std::filesystem::exists(path) || BeginsAsBlktrace(path)) return TraceFormat::kBlktrace;
  LineReader file(path);
  if (!file.Next()) file.Fail("the trace is empty");
  const std::string& line = file.line();
  if (line.starts_with("fio version ")) return TraceFormat::kFioIolog;
  file.SplitAt(',');
  if (file.nr_fields() == 7) return TraceFormat::kMsr;
  file.SplitAtSpace();
  if (file.nr_fields() == 6) return TraceFormat::kValidation;
  if (file.nr_fields() == 5) return TraceFormat::kDiskSim;
  file.Fail(fmt::format("this is none of the traces that are known ({})",
                        fmt::join(TraceFormatNames(), ", ")));
}

}  // namespace

const std::vector<std::string>& TraceFormatNames() {
  static const std::vector<std::string> names = {"validation", "disksim", "msr", "fio", "blktrace"};
  return names;
}

std::optional<TraceFormat> TraceFormatOf(std::string_view name) {
  const std::vector<std::string>& names = TraceFormatNames();
  for (size_t i = 0; i < names.size(); ++i) {
    if (names[i] == name) return static_cast<TraceFormat>(i);
  }
  return std::nullopt;
}

std::unique_ptr<TraceReader> OpenTrace(const std::string& path, std::optional<TraceFormat> format) {
  switch (format ? *format : Guess(path)) {
    case TraceFormat::kValidation:
      return OpenValidationTrace(path);
    case TraceFormat::kDiskSim:
      return OpenDiskSimTrace(path);
    case TraceFormat::kMsr:
      return OpenMsrTrace(path);
    case TraceFormat::kFioIolog:
      return OpenFioIolog(path);
    case TraceFormat::kBlktrace:
      return OpenBlktrace(path);
  }
  return nullptr;
}

}  // namespace biotope
