#include "sim/world/entry_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

namespace biotope {
namespace {

using Json = nlohmann::ordered_json;

std::string_view StatusText(EntryPrices::Status status) {
  switch (status) {
    case EntryPrices::Status::kValidated:
      return "validated";
    case EntryPrices::Status::kReported:
      return "unvalidated (totals of assumed clock or mitigations)";
    case EntryPrices::Status::kCalibrated:
      return "unvalidated (fitted to the only totals)";
    case EntryPrices::Status::kUnvalidated:
      return "unvalidated";
  }
  return "";
}

std::string FlagsText(const EntryColumn& column) {
  std::string text;
  for (const std::string& flag : column.query.flags) text += (text.empty() ? "" : ", ") + flag;
  return text.empty() ? "none" : text;
}

// Tenths of a percent, rounded half up.
std::string Percent(Cycles part, Cycles whole) {
  if (whole == Cycles(0)) return "0.0 %";
  const uint64_t tenths = (part.value() * 2000 + whole.value()) / (2 * whole.value());
  return fmt::format("{}.{} %", tenths / 10, tenths % 10);
}

// Nanoseconds with one decimal, rounded half up.
std::string Nanoseconds(Cycles cycles, uint32_t khz) {
  const uint64_t tenths = (cycles.value() * 20'000'000 + khz) / (2 * uint64_t{khz});
  return fmt::format("{}.{} ns", tenths / 10, tenths % 10);
}

std::string Operations(const EntryStep& step) {
  if (!step.counted()) {
    return step.count == 1 ? step.cls : fmt::format("{} x {}", step.count, step.cls);
  }
  std::string text = fmt::format("{} uops", step.uops);
  if (step.loads > 0) text += fmt::format(", {} ld", step.loads);
  if (step.stores > 0) text += fmt::format(", {} st", step.stores);
  if (step.chain > 0) text += fmt::format(", chain {}", step.chain);
  return text;
}

// A row of the table: what a column has there, or -1.
struct Row {
  std::string function;
  std::string name;
  std::string operations;
  std::vector<int> line;  // of each column
};

std::vector<Row> RowsOf(const EntryColumn& column) {
  std::vector<Row> rows;
  for (const SelectedStep& selected : SelectSteps(column.program, column.query)) {
    const EntryStep& step = *selected.step;
    rows.push_back({step.function, step.name, Operations(step), {static_cast<int>(rows.size())}});
  }
  // The line of a cold start has no step.
  for (size_t i = rows.size(); i < column.cost.lines.size(); ++i) {
    rows.push_back({"", column.cost.lines[i].name, "", {static_cast<int>(i)}});
  }
  return rows;
}

bool SameStep(const Row& a, const Row& b) {
  return a.function == b.function && a.name == b.name && a.operations == b.operations;
}

// Lays `next` beside `rows`: the longest common subsequence shares its rows.
std::vector<Row> MergeRows(const std::vector<Row>& rows, const std::vector<Row>& next,
                           size_t columns) {
  const size_t m = rows.size();
  const size_t n = next.size();
  std::vector<std::vector<size_t>> length(m + 1, std::vector<size_t>(n + 1));
  for (size_t i = m; i-- > 0;) {
    for (size_t j = n; j-- > 0;) {
      length[i][j] = SameStep(rows[i], next[j]) ? length[i + 1][j + 1] + 1
                                                : std::max(length[i + 1][j], length[i][j + 1]);
    }
  }
  std::vector<Row> merged;
  size_t i = 0;
  size_t j = 0;
  while (i < m || j < n) {
    const bool same = i < m && j < n && SameStep(rows[i], next[j]);
    const bool take_first = j == n || (i < m && length[i + 1][j] >= length[i][j + 1]);
    Row row = same || take_first ? rows[i] : next[j];
    const int own = same || !take_first ? next[j].line.front() : -1;
    if (!same && !take_first) row.line.assign(columns, -1);
    row.line.push_back(own);
    merged.push_back(std::move(row));
    if (same || take_first) ++i;
    if (same || !take_first) ++j;
  }
  return merged;
}

std::vector<Row> AllRows(const std::vector<EntryColumn>& columns) {
  std::vector<Row> rows = RowsOf(columns.front());
  for (size_t i = 1; i < columns.size(); ++i) rows = MergeRows(rows, RowsOf(columns[i]), i);
  return rows;
}

// What stands above the table about column `index`.
std::string Heading(const EntryColumn& column, size_t index) {
  const EntryProgram& program = column.program;
  std::string text = fmt::format(
      "[{}] {} on {}\n", index + 1, program.name,
      column.processor ? fmt::format("{} ({})", column.processor->name, column.processor->model)
                       : "no processor: the steps in order, without prices");
  text += fmt::format("    {}{}\n", program.summary, program.unvalidated ? "; unvalidated" : "");
  text += fmt::format("    handler {}, flags {}, {}\n", column.query.handler, FlagsText(column),
                      column.state);
  if (column.processor) {
    const EntryPrices& prices = column.processor->prices;
    text += fmt::format("    processor {}: {}\n", StatusText(prices.status), prices.validation);
  }
  return text;
}

std::string Cell(const EntryColumn& column, int line) {
  if (!column.processor) return line < 0 ? "" : "x";
  if (line < 0) return "";
  const EntryCostLine& cost = column.cost.lines[static_cast<size_t>(line)];
  return fmt::format("{} {}", cost.cycles.value(), EvidenceName(cost.evidence).front());
}

// A row of sums: `text` for each column that has prices.
template <class Text>
std::string SumRow(const std::string& label, size_t width, const std::vector<EntryColumn>& columns,
                   Text text) {
  std::string line = fmt::format("{:<{}}", label, width);
  for (const EntryColumn& column : columns) {
    line += fmt::format(" {:>13}", column.processor ? text(column) : "");
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + "\n";
}

std::string Sums(size_t width, const std::vector<EntryColumn>& columns) {
  const auto phase = [](EntryPhase which) {
    return [which](const EntryColumn& column) {
      return fmt::format("{}", column.cost.Of(which).value());
    };
  };
  std::string text;
  text += SumRow("total, cycles", width, columns, [](const EntryColumn& column) {
    return fmt::format("{}", column.cost.Total().value());
  });
  text += SumRow("  enter", width, columns, phase(EntryPhase::kEntry));
  text += SumRow("  handler", width, columns, phase(EntryPhase::kHandler));
  text += SumRow("  leave", width, columns, phase(EntryPhase::kExit));
  text += SumRow("time", width, columns, [](const EntryColumn& column) {
    return Nanoseconds(column.cost.Total(), column.processor->frequency_khz);
  });
  for (size_t i = 0; i < kEvidenceCount; ++i) {
    text += SumRow(fmt::format("rests on: {}", kEvidenceNames[i]), width, columns,
                   [i](const EntryColumn& column) {
                     return Percent(column.cost.ByEvidence()[i], column.cost.Total());
                   });
  }
  text += SumRow("of it counted code", width, columns, [](const EntryColumn& column) {
    return Percent(column.cost.Counted(), column.cost.Total());
  });
  return text;
}

Json StepJson(const EntryStep* step, const EntryCostLine* line) {
  Json json;
  if (step != nullptr) {
    json["function"] = step->function;
    json["name"] = step->name;
    if (step->counted()) {
      json["uops"] = step->uops;
      json["loads"] = step->loads;
      json["stores"] = step->stores;
      json["chain"] = step->chain;
    } else {
      json["class"] = step->cls;
      json["count"] = step->count;
    }
  } else {
    json["name"] = line->name;
  }
  if (line != nullptr) {
    json["cycles"] = line->cycles.value();
    json["evidence"] = EvidenceName(line->evidence);
  }
  return json;
}

Json ColumnJson(const EntryColumn& column) {
  Json json;
  json["program"] = column.program.name;
  json["architecture"] = column.program.architecture;
  json["mechanism"] = column.program.mechanism;
  json["program_unvalidated"] = column.program.unvalidated;
  json["handler"] = column.query.handler;
  json["flags"] = column.query.flags;
  json["state"] = column.state;
  if (column.processor) {
    json["processor"] = column.processor->name;
    json["frequency_khz"] = column.processor->frequency_khz;
    json["processor_unvalidated"] =
        column.processor->prices.status != EntryPrices::Status::kValidated;
    json["validation"] = column.processor->prices.validation;
  }
  Json steps = Json::array();
  const std::vector<SelectedStep> selected = SelectSteps(column.program, column.query);
  for (size_t i = 0; i < std::max(selected.size(), column.cost.lines.size()); ++i) {
    steps.push_back(StepJson(i < selected.size() ? selected[i].step : nullptr,
                             i < column.cost.lines.size() ? &column.cost.lines[i] : nullptr));
  }
  json["step"] = std::move(steps);
  if (!column.processor) return json;
  json["enter_cycles"] = column.cost.Of(EntryPhase::kEntry).value();
  json["handler_cycles"] = column.cost.Of(EntryPhase::kHandler).value();
  json["leave_cycles"] = column.cost.Of(EntryPhase::kExit).value();
  json["total_cycles"] = column.cost.Total().value();
  for (size_t i = 0; i < kEvidenceCount; ++i) {
    json["cycles_by_evidence"][std::string(kEvidenceNames[i])] =
        column.cost.ByEvidence()[i].value();
  }
  json["counted_cycles"] = column.cost.Counted().value();
  return json;
}

}  // namespace

EntryColumn MakeEntryColumn(EntryProgram program, EntryQuery query, const std::string& state,
                            std::optional<EntryProcessor> processor) {
  if (query.handler.empty() && !program.handlers.empty()) {
    query.handler = program.handlers.front().name;
  }
  EntryColumn column{std::move(program), std::move(query), state, std::move(processor), {}};
  if (!column.processor) {
    SelectSteps(column.program, column.query);  // the errors
    return column;
  }
  column.cost = EvaluateProgram(column.program, column.query, column.processor->prices);
  if (state != "hot") AddColdStart(state, column.processor->prices, &column.cost);
  return column;
}

std::string EntryText(const std::vector<EntryColumn>& columns) {
  if (columns.empty()) return "";
  const std::vector<Row> rows = AllRows(columns);
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i) text += Heading(columns[i], i);
  text +=
      "\nCycles, and what they rest on: m measured, p published, d derived, r recalled, g "
      "guess.\n\n";

  size_t name_width = 4;
  size_t operations_width = 10;
  for (const Row& row : rows) {
    name_width = std::max(name_width, row.name.size() + 2);
    operations_width = std::max(operations_width, row.operations.size());
  }
  const size_t width = name_width + 2 + operations_width;
  text += fmt::format("{:<{}}  {:<{}}", "step", name_width, "operations", operations_width);
  for (size_t i = 0; i < columns.size(); ++i)
    text += fmt::format(" {:>13}", fmt::format("[{}]", i + 1));
  text += "\n";
  std::string function;
  for (const Row& row : rows) {
    if (row.function != function) text += row.function + "\n";
    function = row.function;
    std::string line =
        fmt::format("  {:<{}}{:<{}}", row.name, name_width, row.operations, operations_width);
    for (size_t i = 0; i < columns.size(); ++i) {
      line += fmt::format(" {:>13}", Cell(columns[i], row.line[i]));
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
  }
  const bool priced = std::any_of(columns.begin(), columns.end(), [](const EntryColumn& column) {
    return column.processor.has_value();
  });
  return priced ? text + Sums(width, columns) : text;
}

std::string EntryJson(const std::vector<EntryColumn>& columns) {
  Json json = Json::array();
  for (const EntryColumn& column : columns) json.push_back(ColumnJson(column));
  return json.dump(2) + "\n";
}

}  // namespace biotope
