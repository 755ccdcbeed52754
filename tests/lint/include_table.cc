#include "tests/lint/include_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <regex>
#include <sstream>
#include <stdexcept>

namespace biotope::lint {
namespace {

std::string Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t";
  const std::size_t begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return "";
  return std::string(text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1));
}

bool EntryAllows(std::string_view entry, std::string_view header) {
  constexpr std::string_view kMessages = ":messages";
  if (!entry.ends_with(kMessages)) return IsBelow(header, entry);
  const std::string layer(entry.substr(0, entry.size() - kMessages.size()));
  return header == layer + "/messages.h" || header == layer + "/ports.h";
}

}  // namespace

IncludeTable::IncludeTable(std::string_view text) {
  std::size_t number = 0;
  for (const std::string_view line : Lines(text)) {
    ++number;
    if (Trimmed(line).empty() || line.starts_with('#')) continue;
    const bool is_list = line.starts_with('$');
    const std::size_t separator = line.find(is_list ? '=' : ':');
    if (separator == std::string_view::npos) {
      throw std::invalid_argument(fmt::format("line {}: no '{}'", number, is_list ? '=' : ':'));
    }
    try {
      auto& table = is_list ? lists_ : folders_;
      const std::string name = Trimmed(line.substr(0, separator));
      if (!table.emplace(name, Expand(line.substr(separator + 1))).second) {
        throw std::invalid_argument(fmt::format("a second line for {}", name));
      }
    } catch (const std::invalid_argument& error) {
      throw std::invalid_argument(fmt::format("line {}: {}", number, error.what()));
    }
  }
}

IncludeTable::Entries IncludeTable::Expand(std::string_view words) const {
  Entries entries;
  std::istringstream stream{std::string(words)};
  for (std::string word; stream >> word;) {
    if (!word.starts_with('$')) {
      entries.push_back(word);
      continue;
    }
    const auto list = lists_.find(word);
    if (list == lists_.end()) throw std::invalid_argument(fmt::format("{} is not defined", word));
    entries.insert(entries.end(), list->second.begin(), list->second.end());
  }
  return entries;
}

std::string_view IncludeTable::FolderOf(std::string_view path) const {
  std::string_view innermost;
  for (const auto& [folder, entries] : folders_) {
    if (IsBelow(path, folder) && folder.size() > innermost.size()) innermost = folder;
  }
  return innermost;
}

bool IncludeTable::Allows(std::string_view folder, std::string_view header) const {
  const Entries& entries = folders_.find(folder)->second;
  return IsBelow(header, folder) || std::any_of(entries.begin(), entries.end(), [&](auto& entry) {
           return EntryAllows(entry, header);
         });
}

bool IncludeTable::AllowsLibrary(std::string_view folder, std::string_view header) const {
  const auto names = [&](const Entries& entries) {
    return std::any_of(entries.begin(), entries.end(), [&](const std::string& entry) {
      return entry.starts_with('<') && header.starts_with(entry.substr(1));
    });
  };
  const bool closed = std::any_of(folders_.begin(), folders_.end(),
                                  [&](const auto& line) { return names(line.second); });
  return !closed || names(folders_.find(folder)->second);
}

std::vector<Finding> IncludeTable::Check(const SourceFile& file) const {
  static const std::regex kInclude(R"re(^\s*#\s*include\s*([<"])([^>"]*)[>"].*)re");
  const std::string_view folder = FolderOf(file.path);
  if (folder.empty()) return {{file.path, 0, "its folder is not in tests/lint/include_table.txt"}};

  std::vector<Finding> findings;
  const std::string code = BlankCommentsAndLiterals(file.text);
  const std::vector<std::string_view> code_lines = Lines(code);
  const std::vector<std::string_view> lines = Lines(file.text);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (code_lines[i].find("include") == std::string_view::npos) continue;
    std::match_results<std::string_view::const_iterator> match;
    if (!std::regex_match(lines[i].begin(), lines[i].end(), match, kInclude)) continue;
    const std::string header = match.str(2);
    const bool is_library = match.str(1) == "<";
    if (is_library ? AllowsLibrary(folder, header) : Allows(folder, header)) continue;
    findings.push_back(
        {file.path, i + 1,
         fmt::format("{} may not include {} (tests/lint/include_table.txt)", folder, header)});
  }
  return findings;
}

}  // namespace biotope::lint
