#include "sim/trace/line_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>

#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr size_t kLongestLine = 4096;
constexpr unsigned kReadBuffer = 128 << 10;

template <class T>
bool Parse(std::string_view text, T* value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), *value);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

LineReader::LineReader(const std::string& path) : path_(path), file_(gzopen(path.c_str(), "rb")) {
  if (file_ == nullptr) {
    throw EnvironmentError(fmt::format("cannot read {}: {}", path_, std::strerror(errno)));
  }
  gzbuffer(file_, kReadBuffer);
}

LineReader::~LineReader() { gzclose(file_); }

bool LineReader::Next() {
  fields_.clear();
  do {
    line_.resize(kLongestLine);
    if (gzgets(file_, line_.data(), static_cast<int>(line_.size())) == nullptr) {
      int code = Z_OK;
      const char* message = gzerror(file_, &code);
      if (code != Z_OK && code != Z_STREAM_END) {
        throw EnvironmentError(fmt::format("cannot read {}: {}", path_, message));
      }
      return false;
    }
    ++line_number_;
    line_.resize(std::strlen(line_.c_str()));
    if (line_.size() + 1 == kLongestLine) Fail("the line is too long");
    while (!line_.empty() && (line_.back() == '\n' || line_.back() == '\r')) line_.pop_back();
  } while (line_.empty());
  return true;
}

void LineReader::SplitAt(char separator) {
  fields_.clear();
  std::string_view rest = line_;
  for (;;) {
    const size_t end = rest.find(separator);
    fields_.push_back(rest.substr(0, end));
    if (end == std::string_view::npos) return;
    rest.remove_prefix(end + 1);
  }
}

void LineReader::SplitAtSpace() {
  constexpr std::string_view kSpace = " \t";
  fields_.clear();
  std::string_view rest = line_;
  for (;;) {
    rest.remove_prefix(std::min(rest.find_first_not_of(kSpace), rest.size()));
    if (rest.empty()) return;
    const size_t end = std::min(rest.find_first_of(kSpace), rest.size());
    fields_.push_back(rest.substr(0, end));
    rest.remove_prefix(end);
  }
}

std::string_view LineReader::Text(size_t index) const {
  if (index >= fields_.size()) Fail(fmt::format("there is no field {}", index + 1));
  return fields_[index];
}

uint64_t LineReader::Unsigned(size_t index) const {
  uint64_t value = 0;
  if (!Parse(Text(index), &value)) Fail(fmt::format("\"{}\" is not a count", Text(index)));
  return value;
}

int64_t LineReader::Signed(size_t index) const {
  int64_t value = 0;
  if (!Parse(Text(index), &value)) Fail(fmt::format("\"{}\" is not an integer", Text(index)));
  return value;
}

double LineReader::Number(size_t index) const {
  double value = 0;
  if (!Parse(Text(index), &value) || !std::isfinite(value)) {
    Fail(fmt::format("\"{}\" is not a number", Text(index)));
  }
  return value;
}

void LineReader::Fail(const std::string& what) const {
  throw ScenarioError(fmt::format("{}:{}: error: {}", path_, line_number_, what));
}

}  // namespace biotope
