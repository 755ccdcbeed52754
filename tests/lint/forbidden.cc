#include "tests/lint/forbidden.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <sstream>
#include <stdexcept>

namespace biotope::lint {
namespace {

std::vector<std::string> Words(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

void SetField(ForbiddenPattern& pattern, std::string_view key, const std::string& value) {
  if (key == "pattern") {
    pattern.pattern = std::regex(value);
  } else if (key == "in" && (value == "code" || value == "text")) {
    pattern.code_only = value == "code";
  } else if (key == "folders") {
    pattern.folders = Words(value);
  } else if (key == "except") {
    pattern.except = Words(value);
  } else if (key == "why") {
    pattern.why = value;
  } else {
    throw std::invalid_argument(fmt::format("unknown field or value: {}: {}", key, value));
  }
}

bool Applies(const ForbiddenPattern& pattern, const SourceFile& file) {
  if (pattern.code_only && !IsCpp(file)) return false;
  return std::any_of(pattern.folders.begin(), pattern.folders.end(),
                     [&](const std::string& folder) { return IsBelow(file.path, folder); }) &&
         std::none_of(pattern.except.begin(), pattern.except.end(),
                      [&](const std::string& begin) { return file.path.starts_with(begin); });
}

}  // namespace

std::vector<ForbiddenPattern> ParseForbidden(std::string_view text) {
  std::vector<ForbiddenPattern> patterns;
  std::size_t number = 0;
  for (const std::string_view line : Lines(text)) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = std::min(line.find(": "), line.size());
    const std::string_view key = line.substr(0, colon);
    if (key == "pattern") patterns.emplace_back();
    try {
      if (patterns.empty()) throw std::invalid_argument("a paragraph starts with its pattern");
      SetField(patterns.back(), key, std::string(line.substr(std::min(colon + 2, line.size()))));
    } catch (const std::exception& error) {
      throw std::invalid_argument(fmt::format("line {}: {}", number, error.what()));
    }
  }
  return patterns;
}

std::vector<Finding> CheckForbidden(const SourceFile& file,
                                    const std::vector<ForbiddenPattern>& patterns) {
  std::vector<Finding> findings;
  const std::string code = IsCpp(file) ? BlankCommentsAndLiterals(file.text) : "";
  for (const ForbiddenPattern& pattern : patterns) {
    if (!Applies(pattern, file)) continue;
    std::size_t number = 0;
    for (const std::string_view line : Lines(pattern.code_only ? code : file.text)) {
      ++number;
      std::match_results<std::string_view::const_iterator> match;
      if (!std::regex_search(line.begin(), line.end(), match, pattern.pattern)) continue;
      findings.push_back(
          {file.path, number,
           fmt::format("'{}': {} (tests/lint/forbidden.txt)", match.str(), pattern.why)});
    }
  }
  return findings;
}

}  // namespace biotope::lint
