// Traces that are lines of text.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <string>
#include <string_view>

#include "sim/core/error.h"
#include "sim/trace/line_reader.h"
#include "sim/trace/trace_formats.h"

namespace biotope {
namespace {

constexpr double kPicosecondsPerMicrosecond = 1e6;
constexpr double kLongestMicroseconds = 1e12;  // eleven days

Tick Microseconds(const LineReader& file, double us) {
  if (us < 0 || us > kLongestMicroseconds) file.Fail(fmt::format("{} us are no time", us));
  return Tick(static_cast<uint64_t>(std::llround(us * kPicosecondsPerMicrosecond)));
}

uint32_t Count(const LineReader& file, uint64_t sectors) {
  if (sectors == 0 || sectors > std::numeric_limits<uint32_t>::max()) {
    file.Fail(fmt::format("a request of {} sectors", sectors));
  }
  return static_cast<uint32_t>(sectors);
}

// Bytes that a trace gives need not be whole sectors: the request is what it touches.
void SetExtent(const LineReader& file, uint64_t offset, uint64_t bytes, TraceRequest* request) {
  if (bytes > uint64_t{1} << 40 || offset > uint64_t{1} << 62) file.Fail("the extent is too large");
  const uint64_t first = offset / kSectorSize;
  const uint64_t end = (offset + bytes + kSectorSize - 1) / kSectorSize;
  request->first = Sector(first);
  request->nr_sectors = Count(file, end - first);
}

class ValidationTrace : public TraceReader {
 public:
  explicit ValidationTrace(const std::string& path) : file_(path) {}

  bool Next(TraceRequest* request) override {
    if (!file_.Next()) return false;
    file_.SplitAtSpace();
    if (file_.nr_fields() != 6) file_.Fail(fmt::format("{} fields, not 6", file_.nr_fields()));
    const std::string_view direction = file_.Text(0);
    if (direction != "R" && direction != "W") file_.Fail("neither R nor W");
    *request = {};
    request->write = direction == "W";
    request->first = Sector(file_.Unsigned(2));
    request->nr_sectors = Count(file_, file_.Unsigned(3));
    request->response = Microseconds(file_, file_.Number(4));
    request->think = Microseconds(file_, file_.Number(5));
    return true;
  }

 private:
  LineReader file_;
};

// For formats with dates: they count from the first request, and do not go back.
class Clock {
 public:
  Tick Since(const LineReader& file, double us) {
    if (!started_) first_us_ = last_us_ = us;
    started_ = true;
    if (us < last_us_) file.Fail("the request was issued before the one above it");
    last_us_ = us;
    return Microseconds(file, us - first_us_);
  }

 private:
  bool started_ = false;
  double first_us_ = 0;
  double last_us_ = 0;
};

class DiskSimTrace : public TraceReader {
 public:
  explicit DiskSimTrace(const std::string& path) : file_(path) {}

  bool Next(TraceRequest* request) override {
    if (!file_.Next()) return false;
    file_.SplitAtSpace();
    if (file_.nr_fields() != 5) file_.Fail(fmt::format("{} fields, not 5", file_.nr_fields()));
    constexpr uint64_t kRead = 1;
    *request = {};
    request->issued = clock_.Since(file_, file_.Number(0) * 1000);
    request->device = static_cast<uint32_t>(file_.Unsigned(1));
    request->first = Sector(file_.Unsigned(2));
    request->nr_sectors = Count(file_, file_.Unsigned(3));
    request->write = (file_.Unsigned(4) & kRead) == 0;
    return true;
  }

 private:
  LineReader file_;
  Clock clock_;
};

// Narayanan, Donnelly and Rowstron, "Write off-loading", FAST 2008. Dates and response times are in
// units of 100 ns. Dates may go back by a little: the requests of a disk are in the order of their
// completion.
class MsrTrace : public TraceReader {
 public:
  explicit MsrTrace(const std::string& path) : file_(path) {}

  bool Next(TraceRequest* request) override {
    if (!file_.Next()) return false;
    file_.SplitAt(',');
    if (file_.nr_fields() != 7) file_.Fail(fmt::format("{} fields, not 7", file_.nr_fields()));
    const std::string_view type = file_.Text(3);
    if (type != "Read" && type != "Write") file_.Fail("neither Read nor Write");
    const uint64_t date = file_.Unsigned(0);
    if (!started_) first_ = date;
    started_ = true;
    constexpr double kUnitsPerMicrosecond = 10;
    const uint64_t since = date > first_ ? date - first_ : 0;
    last_ = std::max(last_, Microseconds(file_, static_cast<double>(since) / kUnitsPerMicrosecond));
    *request = {};
    request->issued = last_;
    request->device = static_cast<uint32_t>(file_.Unsigned(2));
    request->write = type == "Write";
    SetExtent(file_, file_.Unsigned(4), file_.Unsigned(5), request);
    request->response =
        Microseconds(file_, static_cast<double>(file_.Unsigned(6)) / kUnitsPerMicrosecond);
    return true;
  }

 private:
  LineReader file_;
  bool started_ = false;
  uint64_t first_ = 0;
  Tick last_;
};

// The log of fio's write_iolog. Version 2 has a "wait" in us in place of dates, version 3 dates in
// ms at the beginning of each line. Files are numbered in the order in which they are added.
class FioIolog : public TraceReader {
 public:
  explicit FioIolog(const std::string& path) : file_(path) {
    if (!file_.Next()) file_.Fail("the trace is empty");
    if (file_.line() == "fio version 3 iolog") {
      dated_ = true;
    } else if (file_.line() != "fio version 2 iolog") {
      file_.Fail("not the log of fio's versions 2 or 3");
    }
  }

  bool Next(TraceRequest* request) override {
    while (file_.Next()) {
      file_.SplitAtSpace();
      const size_t field = dated_ ? 1 : 0;
      if (dated_) now_us_ = file_.Number(0) * 1000;
      const std::string_view action = file_.Text(field + 1);
      if (action == "wait" && !dated_) {
        now_us_ += file_.Number(field + 2);
        continue;
      }
      const uint32_t file = FileNumber(std::string(file_.Text(field)));
      if (action != "read" && action != "write") {
        if (!Known(action)) file_.Fail(fmt::format("there is no action \"{}\"", action));
        continue;
      }
      if (file_.nr_fields() != field + 4) file_.Fail("an offset and a length are missing");
      *request = {};
      request->issued = clock_.Since(file_, now_us_);
      request->device = file;
      request->write = action == "write";
      SetExtent(file_, file_.Unsigned(field + 2), file_.Unsigned(field + 3), request);
      return true;
    }
    return false;
  }

 private:
  // Those that move no data.
  static bool Known(std::string_view action) {
    for (const char* known : {"add", "open", "close", "sync", "datasync", "trim", "wait"}) {
      if (action == known) return true;
    }
    return false;
  }

  uint32_t FileNumber(const std::string& name) {
    const auto number = static_cast<uint32_t>(files_.size());
    return files_.emplace(name, number).first->second;
  }

  LineReader file_;
  Clock clock_;
  bool dated_ = false;
  double now_us_ = 0;
  std::map<std::string, uint32_t> files_;
};

}  // namespace

std::unique_ptr<TraceReader> OpenValidationTrace(const std::string& path) {
  return std::make_unique<ValidationTrace>(path);
}
std::unique_ptr<TraceReader> OpenDiskSimTrace(const std::string& path) {
  return std::make_unique<DiskSimTrace>(path);
}
std::unique_ptr<TraceReader> OpenMsrTrace(const std::string& path) {
  return std::make_unique<MsrTrace>(path);
}
std::unique_ptr<TraceReader> OpenFioIolog(const std::string& path) {
  return std::make_unique<FioIolog>(path);
}

}  // namespace biotope
