#include "sim/scenario/scenario_file.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <optional>
#include <tuple>
#include <utility>

#include "sim/core/error.h"
#include "sim/scenario/diagnostic.h"
#include "sim/scenario/field_path.h"
#include "sim/scenario/read_file.h"
#include "sim/scenario/resolve.h"
#include "sim/scenario/set_field.h"
#include "sim/scenario/text_parser.h"
#include "sim/scenario/validate.h"

namespace biotope {
namespace {

using google::protobuf::TextFormat;

// One PATH=VALUE; a mistake in it comes back as a diagnostic.
std::optional<Diagnostic> ApplySet(const std::string& argument, Scenario* scenario,
                                   SourceMap* origins) {
  const auto source = std::make_shared<const SourceText>(SourceText::Argument("--set", argument));
  // A '=' in brackets belongs to the path.
  size_t equals = 0;
  for (bool in_brackets = false; equals < argument.size(); ++equals) {
    if (argument[equals] == '[') in_brackets = true;
    if (argument[equals] == ']') in_brackets = false;
    if (argument[equals] == '=' && !in_brackets) break;
  }
  if (equals == argument.size()) {
    return Diagnostic::At(*source, {equals, 0}, "expected PATH=VALUE");
  }
  const std::string_view whole = argument;
  try {
    const std::string path = SetField(*scenario, whole.substr(0, equals), whole.substr(equals + 1));
    const SourceMap::Origin origin{source, {0, equals}};
    origins->Replace(path, origin);
    // And of the messages that had to be made on the way.
    for (size_t end = path.find_first_of(".["); end != std::string::npos;
         end = path.find_first_of(".[", end + 1)) {
      origins->AddIfAbsent(path.substr(0, end), origin);
    }
    return std::nullopt;
  } catch (const PathError& error) {
    return Diagnostic::At(*source, error.span(), error.what(), error.notes());
  }
}

// A problem with the place of its field, or of what surrounds the field; null for the whole text.
struct Placed {
  const Problem* problem;
  const SourceMap::Origin* origin;
};

}  // namespace

ScenarioFile ScenarioFile::Load(const std::string& path, const std::vector<std::string>& sets,
                                const ProfileSource& profiles) {
  return FromText(path, ReadFile(path, kLargestText + 1), sets, profiles);
}

ScenarioFile ScenarioFile::FromText(const std::string& path, std::string text,
                                    const std::vector<std::string>& sets,
                                    const ProfileSource& profiles) {
  ScenarioFile file;
  file.path_ = path;
  file.inputs_.push_back({path, text});
  file.Parse(std::make_shared<const SourceText>(SourceText::File(path, std::move(text))));
  file.ApplySets(sets);
  file.Resolve(profiles);
  return file;
}

void ScenarioFile::Parse(const std::shared_ptr<const SourceText>& text) {
  TextFormat::ParseInfoTree locations;
  const std::optional<Diagnostic> error = ParseText(*text, &scenario_, &locations);
  if (error) throw ScenarioError(Render({*error}));
  origins_.AddParsed(scenario_, locations, text);
}

void ScenarioFile::ApplySets(const std::vector<std::string>& sets) {
  std::vector<Diagnostic> errors;
  for (const std::string& set : sets) {
    if (std::optional<Diagnostic> error = ApplySet(set, &scenario_, &origins_)) {
      errors.push_back(*std::move(error));
    }
  }
  if (!errors.empty()) throw ScenarioError(Render(errors));
}

void ScenarioFile::Resolve(const ProfileSource& profiles) {
  ProfileMerger merger(profiles);
  merger.Merge(&scenario_, &origins_);
  inputs_.insert(inputs_.end(), merger.used().begin(), merger.used().end());
  FillDefaults(std::filesystem::path(path_).stem().string(), &scenario_);
  std::vector<Problem> problems = merger.problems();
  for (Problem& problem : Validate(scenario_, merger.incomplete())) {
    problems.push_back(std::move(problem));
  }
  if (!problems.empty()) throw ScenarioError(Format(problems));
}

std::string ScenarioFile::Format(const std::vector<Problem>& problems) const {
  std::vector<Placed> placed;
  for (const Problem& problem : problems) {
    placed.push_back({&problem, origins_.Find(problem.field)});
  }
  // In the order of the scenario's text; what stands elsewhere comes after it.
  const auto key = [&](const Placed& entry) {
    const bool elsewhere = entry.origin != nullptr && entry.origin->source->name() != path_;
    const size_t offset = entry.origin == nullptr ? 0 : entry.origin->span.offset;
    return std::make_tuple(elsewhere, elsewhere ? 0 : offset);
  };
  std::stable_sort(placed.begin(), placed.end(),
                   [&](const Placed& a, const Placed& b) { return key(a) < key(b); });
  const size_t left_out = placed.size() - std::min(placed.size(), kMostDiagnostics);
  placed.resize(placed.size() - left_out);
  std::vector<Diagnostic> diagnostics;
  for (const auto& [problem, origin] : placed) {
    diagnostics.push_back(
        origin == nullptr
            ? Diagnostic{fmt::format("{}:1:1", path_), problem->message, "", problem->notes}
            : Diagnostic::At(*origin->source, origin->span, problem->message, problem->notes));
  }
  return Render(diagnostics, left_out);
}

std::string ScenarioFile::directory() const {
  const std::string directory = std::filesystem::path(path_).parent_path().string();
  return directory.empty() ? "." : directory;
}

std::string ScenarioFile::image_path() const {
  if (!scenario_.filesystem().has_image()) return "";
  return (std::filesystem::path(path_).parent_path() / scenario_.filesystem().image()).string();
}

std::string ScenarioFile::ResolvedText(const std::string& directory) const {
  namespace fs = std::filesystem;
  Scenario copy = scenario_;
  if (copy.filesystem().has_image() && fs::path(copy.filesystem().image()).is_relative()) {
    const fs::path image = fs::absolute(image_path()).lexically_normal();
    const fs::path base = fs::absolute(directory).lexically_normal();
    copy.mutable_filesystem()->set_image(image.lexically_relative(base).string());
  }
  TextFormat::Printer printer;
  printer.SetUseUtf8StringEscaping(true);
  std::string text;
  printer.PrintToString(copy, &text);
  return "# proto-file: configs/schema/scenario.proto\n# proto-message: biotope.Scenario\n" + text;
}

}  // namespace biotope
