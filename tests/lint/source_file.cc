#include "tests/lint/source_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace biotope::lint {
namespace {

namespace fs = std::filesystem;

bool IsAlphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

// The end of the quoted literal that starts at text[begin]: behind its closing quote.
std::size_t EndOfLiteral(std::string_view text, std::size_t begin) {
  for (std::size_t i = begin + 1; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == text[begin] || text[i] == '\n') {
      return i + 1;
    }
  }
  return text.size();
}

// The end of R"x(...)x", whose R is at text[begin].
std::size_t EndOfRawString(std::string_view text, std::size_t begin) {
  const std::size_t open = text.find('(', begin);
  if (open == std::string_view::npos) return text.size();
  const std::string close = fmt::format("){}\"", text.substr(begin + 2, open - begin - 2));
  const std::size_t end = text.find(close, open);
  return end == std::string_view::npos ? text.size() : end + close.size();
}

// The end of the comment or literal that starts at text[i], or i.
std::size_t EndOfNonCode(std::string_view text, std::size_t i) {
  const std::string_view rest = text.substr(i);
  if (rest.starts_with("//")) return std::min(text.find('\n', i), text.size());
  if (rest.starts_with("/*")) {
    const std::size_t end = text.find("*/", i + 2);
    return end == std::string_view::npos ? text.size() : end + 2;
  }
  if (rest.starts_with("R\"")) return EndOfRawString(text, i);
  if (rest.starts_with('"')) return EndOfLiteral(text, i);
  const bool digit_separator = i > 0 && IsAlphanumeric(text[i - 1]);
  if (rest.starts_with('\'') && !digit_separator) return EndOfLiteral(text, i);
  return i;
}

bool IsText(std::string_view text) { return text.find('\0') == std::string_view::npos; }

SourceFile Read(const fs::path& root, const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {path.lexically_relative(root).generic_string(),
          {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()}};
}

}  // namespace

std::string Report(const std::vector<Finding>& findings) {
  std::string report;
  for (const Finding& finding : findings) {
    report += finding.line == 0
                  ? fmt::format("{}: {}\n", finding.path, finding.message)
                  : fmt::format("{}:{}: {}\n", finding.path, finding.line, finding.message);
  }
  return report;
}

bool IsBelow(std::string_view path, std::string_view folder) {
  return path.starts_with(folder) &&
         (path.size() == folder.size() || path[folder.size()] == '/' || folder.ends_with('/'));
}

bool IsCpp(const SourceFile& file) {
  return file.path.ends_with(".cc") || file.path.ends_with(".h");
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::string BlankCommentsAndLiterals(std::string_view text) {
  std::string code(text);
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = EndOfNonCode(text, i);
    if (end == i) {
      ++i;
      continue;
    }
    for (; i < end; ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  }
  return code;
}

std::string WithoutRawStrings(std::string_view text) {
  std::string rest;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t end = std::max(EndOfNonCode(text, i), i + 1);
    const bool is_raw_string = text[i] == 'R' && end > i + 1;
    for (; i < end; ++i) {
      if (!is_raw_string || text[i] == '\n') rest += text[i];
    }
  }
  return rest;
}

std::vector<SourceFile> ReadFolder(const fs::path& root, std::string_view folder) {
  const fs::path start = root / folder;
  std::vector<SourceFile> files;
  if (fs::is_regular_file(start)) files.push_back(Read(root, start));
  if (fs::is_directory(start)) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(start)) {
      if (entry.is_regular_file() && !entry.is_symlink()) files.push_back(Read(root, entry.path()));
    }
  }
  std::erase_if(files, [](const SourceFile& file) { return !IsText(file.text); });
  std::sort(files.begin(), files.end(),
            [](const SourceFile& a, const SourceFile& b) { return a.path < b.path; });
  return files;
}

}  // namespace biotope::lint
