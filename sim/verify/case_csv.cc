#include "sim/verify/case_csv.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "sim/core/error.h"

namespace biotope {
namespace {

// False: a quote has no end.
bool Split(std::string_view line, std::vector<std::string>* values) {
  values->clear();
  std::string value;
  bool quoted = false;
  for (size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quoted) {
      if (c != '"') {
        value += c;
      } else if (i + 1 < line.size() && line[i + 1] == '"') {
        value += '"';
        ++i;
      } else {
        quoted = false;
      }
    } else if (c == '"') {
      quoted = true;
    } else if (c == ',') {
      values->push_back(std::exchange(value, {}));
    } else if (c != '\r') {
      value += c;
    }
  }
  values->push_back(std::move(value));
  return !quoted;
}

}  // namespace

CaseCsv::CaseCsv(std::string path, std::string_view contents) : path_(std::move(path)) {
  size_t line_number = 0;
  size_t begin = 0;
  while (begin < contents.size()) {
    const size_t end = std::min(contents.find('\n', begin), contents.size());
    const std::string_view line = contents.substr(begin, end - begin);
    begin = end + 1;
    ++line_number;
    if (line.find_first_not_of(" \t\r") == std::string_view::npos) continue;
    std::vector<std::string> values;
    if (!Split(line, &values)) {
      throw ScenarioError(fmt::format("{}:{}: a quote has no end", path_, line_number));
    }
    if (columns_.empty()) {
      columns_ = std::move(values);
      continue;
    }
    rows_.push_back({line_number, std::move(values)});
    if (rows_.back().values.size() != columns_.size()) {
      Fail(rows_.size() - 1,
           fmt::format("{} values, but {} columns", rows_.back().values.size(), columns_.size()));
    }
  }
}

std::optional<size_t> CaseCsv::Find(std::string_view column) const {
  const auto found = std::find(columns_.begin(), columns_.end(), column);
  if (found == columns_.end()) return std::nullopt;
  return static_cast<size_t>(found - columns_.begin());
}

std::string_view CaseCsv::Text(size_t row, std::string_view column) const {
  const std::optional<size_t> index = Find(column);
  return index ? std::string_view(rows_[row].values[*index]) : std::string_view();
}

template <class T>
T CaseCsv::Number(size_t row, std::string_view column) const {
  const std::string_view text = Text(row, column);
  T value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) {
    Fail(row, fmt::format("\"{}\" in column {} is no number", text, column));
  }
  return value;
}

int64_t CaseCsv::Integer(size_t row, std::string_view column) const {
  return Number<int64_t>(row, column);
}

std::optional<uint64_t> CaseCsv::OptionalUnsigned(size_t row, std::string_view column) const {
  if (Text(row, column).empty()) return std::nullopt;
  return Number<uint64_t>(row, column);
}

void CaseCsv::Fail(size_t row, const std::string& what) const {
  throw ScenarioError(fmt::format("{}:{}: {}", path_, rows_[row].line, what));
}

}  // namespace biotope
