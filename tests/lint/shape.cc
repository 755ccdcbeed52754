#include "tests/lint/shape.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace biotope::lint {
namespace {

// Characters of UTF-8 text: all bytes but those that continue one.
std::size_t Columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(line.begin(), line.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

std::vector<Finding> CheckLength(const SourceFile& file) {
  std::vector<Finding> findings;
  const std::string text = WithoutRawStrings(file.text);
  const std::vector<std::string_view> lines = Lines(text);
  if (lines.size() > kMaxLines) {
    findings.push_back(
        {file.path, 0, fmt::format("{} lines, more than {}", lines.size(), kMaxLines)});
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t columns = Columns(lines[i]);
    if (columns <= kMaxColumns) continue;
    findings.push_back(
        {file.path, i + 1, fmt::format("{} columns, more than {}", columns, kMaxColumns)});
  }
  return findings;
}

std::string IncludeGuard(std::string_view path) {
  std::string guard = fmt::format("BIOTOPE_{}_", path);
  for (char& c : guard) {
    const auto byte = static_cast<unsigned char>(c);
    c = std::isalnum(byte) ? static_cast<char>(std::toupper(byte)) : '_';
  }
  return guard;
}

std::vector<Finding> CheckIncludeGuard(const SourceFile& file) {
  const std::string guard = IncludeGuard(file.path);
  if (file.text.find(fmt::format("#ifndef {0}\n#define {0}\n", guard)) != std::string::npos) {
    return {};
  }
  return {{file.path, 0, fmt::format("the include guard is not {}", guard)}};
}

}  // namespace biotope::lint
