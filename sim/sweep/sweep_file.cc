#include "sim/sweep/sweep_file.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>

#include "sim/core/error.h"
#include "sim/scenario/check_rules.h"
#include "sim/scenario/diagnostic.h"
#include "sim/scenario/read_file.h"
#include "sim/scenario/source_text.h"
#include "sim/scenario/text_parser.h"

namespace biotope {
namespace {

// The place of the text `skip` texts after the one that begins at `from`: protobuf gives all
// entries of a list in brackets the place of the first.
Span TextAfter(const std::string& source, Span from, int skip) {
  size_t begin = source.find('"', from.offset);
  for (int i = 0; begin != std::string::npos; ++i) {
    size_t end = begin + 1;
    while (end < source.size() && source[end] != '"') end += source[end] == '\\' ? 2 : 1;
    if (i == skip) return {begin, end + 1 - begin};
    begin = source.find('"', end + 1);
  }
  return from;
}

// The path of the first entry of the list that `path` is an entry of, and which entry it is.
std::optional<std::pair<std::string, int>> EntryOf(const std::string& path) {
  const size_t open = path.rfind('[');
  if (!path.ends_with(']') || open == std::string::npos) return std::nullopt;
  return std::make_pair(path.substr(0, open), std::stoi(path.substr(open + 1)));
}

}  // namespace

SweepFile SweepFile::Load(const std::string& path) {
  return FromText(path, ReadFile(path, kLargestText + 1));
}

SweepFile SweepFile::FromText(const std::string& path, std::string text) {
  SweepFile file;
  file.path_ = path;
  file.text_ = text;
  const auto source = std::make_shared<const SourceText>(SourceText::File(path, std::move(text)));
  google::protobuf::TextFormat::ParseInfoTree locations;
  const std::optional<Diagnostic> error = ParseText(*source, &file.sweep_, &locations);
  if (error) throw ScenarioError(Render({*error}));
  file.origins_.AddParsed(file.sweep_, locations, source);
  const std::vector<Problem> problems = CheckRules(file.sweep_, "", {});
  if (!problems.empty()) throw ScenarioError(file.Format(problems));
  return file;
}

std::string SweepFile::title() const {
  return sweep_.has_title() ? sweep_.title() : std::filesystem::path(path_).stem().string();
}

std::string SweepFile::scenario_path() const {
  return (std::filesystem::path(path_).parent_path() / sweep_.scenario()).string();
}

std::string SweepFile::ReadScenario() const { return ReadFile(scenario_path(), kLargestText + 1); }

Span SweepFile::PlaceOf(const std::string& field, const SourceMap::Origin& origin) const {
  const auto entry = EntryOf(field);
  if (!entry) return origin.span;
  int same = 0;  // entries before this one that are said to be at the same place
  for (int i = entry->second - 1; i >= 0; --i, ++same) {
    const SourceMap::Origin* before = origins_.Find(fmt::format("{}[{}]", entry->first, i));
    if (before == nullptr || before->span.offset != origin.span.offset) break;
  }
  return same == 0 ? origin.span : TextAfter(origin.source->contents(), origin.span, same);
}

std::string SweepFile::Format(const std::vector<Problem>& problems) const {
  std::vector<std::pair<size_t, Diagnostic>> placed;
  for (const Problem& problem : problems) {
    const SourceMap::Origin* origin = origins_.Find(problem.field);
    if (origin == nullptr) {
      placed.emplace_back(
          0, Diagnostic{fmt::format("{}:1:1", path_), problem.message, "", problem.notes});
    } else {
      const Span span = PlaceOf(problem.field, *origin);
      placed.emplace_back(span.offset,
                          Diagnostic::At(*origin->source, span, problem.message, problem.notes));
    }
  }
  std::stable_sort(placed.begin(), placed.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const size_t left_out = placed.size() - std::min(placed.size(), kMostDiagnostics);
  placed.resize(placed.size() - left_out);
  std::vector<Diagnostic> diagnostics;
  for (auto& [offset, diagnostic] : placed) diagnostics.push_back(std::move(diagnostic));
  return Render(diagnostics, left_out);
}

}  // namespace biotope
