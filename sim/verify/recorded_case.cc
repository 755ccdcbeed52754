#include "sim/verify/recorded_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "sim/core/error.h"
#include "sim/verify/case_csv.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

std::string ReadText(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file) throw EnvironmentError(fmt::format("{}: cannot be read", path.string()));
  return std::move(text).str();
}

// Line of a byte of a text, from 1.
size_t LineOf(std::string_view text, size_t byte) {
  return 1 + static_cast<size_t>(std::count(
                 text.begin(), text.begin() + static_cast<ptrdiff_t>(std::min(byte, text.size())),
                 '\n'));
}

// case.json, with errors that name the file and the line of the key.
class CaseJson {
 public:
  explicit CaseJson(std::string path) : path_(std::move(path)), text_(ReadText(path_)) {
    try {
      root_ = json::parse(text_);
    } catch (const json::parse_error& error) {
      throw ScenarioError(
          fmt::format("{}:{}: no JSON: {}", path_, LineOf(text_, error.byte), error.what()));
    }
    if (!root_.is_object()) throw ScenarioError(fmt::format("{}:1: not an object", path_));
  }

  std::string Text(const std::string& key) const {
    const json value = Get(root_, key);
    if (value.is_null()) return "";
    if (!value.is_string()) Fail(key, "must be a text");
    return value;
  }
  std::optional<uint32_t> Number(const std::string& key) const {
    const json value = Get(root_, key);
    if (value.is_null()) return std::nullopt;
    if (!value.is_number_unsigned() || value.get<uint64_t>() > UINT32_MAX) {
      Fail(key, "must be a number, not negative");
    }
    return value.get<uint32_t>();
  }
  // An object of texts; other values as JSON writes them.
  std::map<std::string, std::string> Texts(const std::string& key) const {
    std::map<std::string, std::string> texts;
    const json value = Get(root_, key);
    if (value.is_null()) return texts;
    if (!value.is_object()) Fail(key, "must be an object");
    for (const auto& [name, entry] : value.items()) {
      texts[name] = entry.is_string() ? entry.get<std::string>() : entry.dump();
    }
    return texts;
  }

  [[noreturn]] void Fail(const std::string& key, const std::string& what) const {
    const size_t at = text_.find('"' + key + '"');
    throw ScenarioError(fmt::format("{}:{}: \"{}\" {}", path_,
                                    LineOf(text_, at == std::string::npos ? 0 : at), key, what));
  }

 private:
  static json Get(const json& object, const std::string& key) {
    const auto found = object.find(key);
    return found == object.end() ? json() : *found;
  }

  const std::string path_;
  const std::string text_;
  json root_;
};

// The keys are sentences of the recorder; what they are about stands at their beginning.
StableParts ReadStable(const CaseJson& file) {
  StableParts stable;
  for (const auto& [key, value] : file.Texts("stable_across_repeats")) {
    const bool unstable = value == "false";
    if (key.starts_with("Q_seq")) stable.queue = stable.queue && !unstable;
    if (key.starts_with("submit_seq")) stable.submit = stable.submit && !unstable;
    if (key.starts_with("D_seq")) stable.issue = stable.issue && !unstable;
    if (key.starts_with("op_results")) stable.results = stable.results && !unstable;
  }
  return stable;
}

void ReadResults(const fs::path& path, RecordedCase* recorded) {
  const CaseCsv table(path.string(), ReadText(path));
  for (size_t row = 0; row < table.rows(); ++row) {
    if (table.Integer(row, "op") != static_cast<int64_t>(row)) {
      table.Fail(row, fmt::format("operation {} is expected here", row));
    }
    OperationResult result;
    // The recorder's parent has no result for waiting.
    const bool join = row < recorded->operations.size() &&
                      recorded->operations[row].kind == Operation::Kind::kJoin;
    if (!join) {
      result.result = table.Integer(row, "ret");
      result.error = static_cast<int>(table.Integer(row, "errno"));
    }
    recorded->results.push_back(result);
  }
  if (recorded->results.size() != recorded->operations.size()) {
    throw ScenarioError(fmt::format("{}:1: {} operations, but ops.txt has {}", path.string(),
                                    recorded->results.size(), recorded->operations.size()));
  }
}

bool IsProcess(std::string_view tag) {
  return tag.size() > 1 && tag[0] == 'P' &&
         tag.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

void ReadEvents(const fs::path& path, RecordedCase* recorded) {
  const CaseCsv table(path.string(), ReadText(path));
  for (size_t row = 0; row < table.rows(); ++row) {
    BlockEvent event;
    event.kind = table.Text(row, "event");
    if (event.kind.empty()) table.Fail(row, "the event is missing");
    event.rw = table.Text(row, "rw");
    event.sector = table.OptionalUnsigned(row, "sector");
    event.sectors = table.OptionalUnsigned(row, "nr_sectors");
    event.in_task = IsProcess(table.Text(row, "tag"));
    if (const auto operation = table.OptionalUnsigned(row, "op")) {
      if (*operation >= recorded->operations.size()) {
        table.Fail(row, fmt::format("operation {}: ops.txt has only {}", *operation,
                                    recorded->operations.size()));
      }
      event.operation = static_cast<uint32_t>(*operation);
    }
    recorded->events.push_back(std::move(event));
  }
}

}  // namespace

RecordedCase ReadCase(const std::string& directory) {
  const fs::path folder(directory);
  if (!fs::is_directory(folder)) {
    throw EnvironmentError(fmt::format("{}: is no directory", directory));
  }
  const CaseJson file((folder / "case.json").string());
  RecordedCase recorded;
  recorded.directory = directory;
  recorded.name = file.Text("case");
  if (recorded.name.empty()) file.Fail("case", "is missing: the name of the case");
  recorded.kernel = file.Text("kernel");
  if (recorded.kernel.empty()) file.Fail("kernel", "is missing: such as \"2.6.11\"");
  recorded.image = file.Text("image");
  recorded.mount = file.Text("mount");
  recorded.processes = file.Number("nprocs").value_or(1);
  recorded.tcq_depth = file.Number("tcq_depth");
  recorded.queue = file.Texts("queue");
  recorded.stable = ReadStable(file);
  if (!fs::exists(folder / "ops.txt")) {
    recorded.not_a_trace = "a table of results, not a trace";
    return recorded;
  }
  recorded.operations =
      ParseOperations((folder / "ops.txt").string(), ReadText(folder / "ops.txt"));
  for (const Operation& operation : recorded.operations) {
    recorded.processes = std::max(recorded.processes, operation.process + 1);
  }
  if (fs::exists(folder / "ops.csv")) ReadResults(folder / "ops.csv", &recorded);
  if (fs::exists(folder / "events.csv")) ReadEvents(folder / "events.csv", &recorded);
  return recorded;
}

}  // namespace biotope
