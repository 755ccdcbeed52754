#include "sim/sweep/expansion.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "sim/core/error.h"
#include "sim/core/random.h"
#include "sim/scenario/field_path.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/sweep/field_number.h"
#include "sim/sweep/spacing.h"

namespace biotope {
namespace {

using Values = google::protobuf::RepeatedPtrField<std::string>;
// A setting of an axis, or of several: the assignments that make it.
using Row = std::vector<uint32_t>;

class Expander {
 public:
  Expander(const SweepFile& file, const std::vector<std::string>& reserved)
      : file_(file), sweep_(file.sweep()), reserved_(reserved) {}

  Expansion Run() {
    const std::vector<Row> rows = Product(sweep_.axis(), "", "axis");
    result_.seeds = sweep_.has_seeds() ? sweep_.seeds().count() : 1;
    if (rows.size() * result_.seeds > kMostPoints) TooMany("seeds");
    if (!problems_.empty()) throw ScenarioError(file_.Format(problems_));
    for (const Row& row : rows) AddPoints(row);
    return std::move(result_);
  }

 private:
  void Add(std::string field, std::string message, std::vector<std::string> notes = {}) {
    problems_.push_back({std::move(field), std::move(message), std::move(notes)});
  }

  void TooMany(const std::string& place) {
    if (too_many_) return;
    too_many_ = true;
    Add(place, fmt::format("the sweep has more than {} points", kMostPoints));
  }

  void AddPoints(const Row& row) {
    const sweep::Seeds& seeds = sweep_.seeds();
    for (uint32_t i = 0; i < result_.seeds; ++i) {
      Point& point = result_.points.emplace_back();
      point.assignments = row;
      if (sweep_.has_seeds()) point.seed = (seeds.has_first() ? seeds.first() : 1) + i;
    }
  }

  // The axes below `path`.`field`, crossed; the last one changes fastest.
  std::vector<Row> Product(const google::protobuf::RepeatedPtrField<sweep::Axis>& axes,
                           const std::string& path, const char* field) {
    std::vector<Row> rows = {{}};
    for (int i = 0; i < axes.size(); ++i) {
      const std::string place = IndexPath(JoinPath(path, field), i);
      const std::vector<Row> more = RowsOf(axes[i], place);
      if (rows.size() * more.size() > kMostPoints) {
        TooMany(place);
        return {};
      }
      std::vector<Row> crossed;
      for (const Row& row : rows) {
        for (const Row& tail : more) {
          crossed.push_back(row);
          crossed.back().insert(crossed.back().end(), tail.begin(), tail.end());
        }
      }
      rows = std::move(crossed);
    }
    return rows;
  }

  std::vector<Row> RowsOf(const sweep::Axis& axis, const std::string& path) {
    switch (axis.kind_case()) {
      case sweep::Axis::kList:
        return ListRows(axis.list(), JoinPath(path, "list"));
      case sweep::Axis::kRange:
        return RangeRows(axis.range(), JoinPath(path, "range"));
      case sweep::Axis::kChoice:
        return ChoiceRows(axis.choice(), JoinPath(path, "choice"));
      case sweep::Axis::kZip:
        return ZipRows(axis.zip(), JoinPath(path, "zip"));
      case sweep::Axis::kSamples:
        return SampleRows(axis.samples(), JoinPath(path, "samples"));
      case sweep::Axis::KIND_NOT_SET:
        return {};
    }
    return {};
  }

  std::vector<Row> ListRows(const sweep::List& list, const std::string& path) {
    std::vector<Row> rows;
    const uint32_t column = ColumnOf(list, path);
    for (int i = 0; i < list.value_size(); ++i) {
      const std::string place = IndexPath(JoinPath(path, "value"), i);
      const auto first = std::find(list.value().begin(), list.value().end(), list.value(i));
      if (first - list.value().begin() != i) {
        Add(place, fmt::format("the value {} is given twice", Quote(list.value(i))));
      }
      rows.push_back({Assign(list.field(), list.value(i), column, path, place)});
    }
    return rows;
  }

  std::vector<Row> RangeRows(const sweep::Range& range, const std::string& path) {
    std::vector<Row> rows;
    const uint32_t column = ColumnOf(range, path);
    try {
      const Interval interval(FieldNumber(FieldOfPath(range.field())), range.from(), range.to(),
                              range.scale(), range.multiple_of());
      for (const std::string& value : interval.Spaced(range.count())) {
        rows.push_back({Assign(range.field(), value, column, path, path)});
      }
    } catch (const ScenarioError& error) {
      AddNumberError(range.field(), path, error);
    }
    return rows;
  }

  std::vector<Row> ChoiceRows(const sweep::Choice& choice, const std::string& path) {
    std::vector<Row> rows;
    const uint32_t column = ColumnOf(choice, path);
    for (int i = 0; i < choice.option_size(); ++i) {
      const sweep::Choice::Option& option = choice.option(i);
      const std::string place = IndexPath(JoinPath(path, "option"), i);
      const uint32_t value =
          Assign(choice.field(), option.value(), column, path, JoinPath(place, "value"));
      for (const Row& tail : Product(option.axis(), place, "axis")) {
        Row& row = rows.emplace_back(Row{value});
        row.insert(row.end(), tail.begin(), tail.end());
      }
    }
    if (rows.size() > kMostPoints) TooMany(path);
    return rows;
  }

  std::vector<Row> ZipRows(const sweep::Zip& zip, const std::string& path) {
    std::vector<Row> rows;
    for (int i = 0; i < zip.axis_size(); ++i) {
      const std::string place = IndexPath(JoinPath(path, "axis"), i);
      const std::vector<Row> more = RowsOf(zip.axis(i), place);
      if (i == 0) {
        rows = more;
        continue;
      }
      if (more.size() != rows.size()) {
        Add(place, fmt::format("zipped axes must have the same length; the first has {} values, "
                               "this one has {}",
                               rows.size(), more.size()));
      }
      for (size_t k = 0; k < std::min(rows.size(), more.size()); ++k) {
        rows[k].insert(rows[k].end(), more[k].begin(), more[k].end());
      }
    }
    return rows;
  }

  std::vector<Row> SampleRows(const sweep::Samples& samples, const std::string& path) {
    std::vector<Row> rows(samples.count());
    for (int i = 0; i < samples.dimension_size(); ++i) {
      const sweep::Dimension& dimension = samples.dimension(i);
      const std::string place = IndexPath(JoinPath(path, "dimension"), i);
      const uint32_t column = ColumnOf(dimension, place);
      try {
        for (uint32_t k = 0; const std::string& value : Draws(samples, dimension)) {
          rows[k++].push_back(Assign(dimension.field(), value, column, place, place));
        }
      } catch (const ScenarioError& error) {
        AddNumberError(dimension.field(), place, error);
      }
    }
    return rows;
  }

  // The values of one dimension. They depend on its field and the seed, not on other dimensions.
  std::vector<std::string> Draws(const sweep::Samples& samples, const sweep::Dimension& dimension) {
    const uint64_t seed = sweep_.has_sample_seed() ? sweep_.sample_seed() : 1;
    Random stream = Random(seed, "sample/" + dimension.field());
    const std::vector<double> fractions = samples.method() == sweep::Samples::RANDOM
                                              ? RandomFractions(samples.count(), stream)
                                              : LatinFractions(samples.count(), stream);
    std::vector<std::string> values;
    if (dimension.has_one_of()) {
      const Values& choices = dimension.one_of().value();
      for (const double fraction : fractions) {
        values.push_back(choices[static_cast<int>(fraction * choices.size())]);
      }
      return values;
    }
    const sweep::Interval& bounds = dimension.interval();
    const Interval interval(FieldNumber(FieldOfPath(dimension.field())), bounds.from(), bounds.to(),
                            bounds.scale(), bounds.multiple_of());
    for (const double fraction : fractions) values.push_back(interval.Draw(fraction));
    return values;
  }

  // What is wrong with an axis of numbers; a path that leads nowhere comes first.
  void AddNumberError(const std::string& field, const std::string& path,
                      const ScenarioError& error) {
    Problem unknown;
    if (FieldOfPath(field, &unknown) == nullptr) {
      return Add(JoinPath(path, "field"), unknown.message, unknown.notes);
    }
    Add(path, fmt::format("{}: {}", field, error.what()));
  }

  uint32_t Assign(const std::string& field, const std::string& value, uint32_t column,
                  const std::string& path, const std::string& value_place) {
    result_.assignments.push_back({field, value, column, JoinPath(path, "field"), value_place});
    return static_cast<uint32_t>(result_.assignments.size() - 1);
  }

  // The column of an axis. Axes of the same field share one.
  template <class Kind>
  uint32_t ColumnOf(const Kind& axis, const std::string& path) {
    const std::string name = axis.has_name() ? axis.name() : LastPart(axis.field());
    const std::string place = JoinPath(path, axis.has_name() ? "name" : "field");
    if (std::find(reserved_.begin(), reserved_.end(), name) != reserved_.end()) {
      Add(place, fmt::format("the results have a column {} of their own", Quote(name)),
          {"give the axis another one: `name: \"...\"`"});
    }
    for (size_t i = 0; i < result_.columns.size(); ++i) {
      const Expansion::Column& column = result_.columns[i];
      if (column.name != name) continue;
      if (column.field != axis.field()) {
        Add(place,
            fmt::format("{} and {} would both fill the column {}", column.field, axis.field(),
                        Quote(name)),
            {"give one of the axes a name of its own: `name: \"...\"`"});
      }
      return static_cast<uint32_t>(i);
    }
    result_.columns.push_back({name, axis.field()});
    return static_cast<uint32_t>(result_.columns.size() - 1);
  }

  static std::string LastPart(const std::string& field) {
    try {
      return ParsePath(field).back().field;
    } catch (const PathError&) {
      return field;
    }
  }

  const SweepFile& file_;
  const sweep::Sweep& sweep_;
  const std::vector<std::string>& reserved_;
  Expansion result_;
  std::vector<Problem> problems_;
  bool too_many_ = false;
};

}  // namespace

std::vector<std::string> Expansion::SetsOf(const sweep::Sweep& sweep, const Point& point) const {
  std::vector<std::string> sets(sweep.set().begin(), sweep.set().end());
  for (const uint32_t index : point.assignments) sets.push_back(assignments[index].Set());
  if (point.seed) sets.push_back(fmt::format("seed={}", *point.seed));
  return sets;
}

std::vector<std::string> Expansion::CellsOf(const Point& point) const {
  std::vector<std::string> cells(columns.size());
  for (const uint32_t index : point.assignments) {
    const Assignment& assignment = assignments[index];
    const google::protobuf::FieldDescriptor* field = FieldOfPath(assignment.field);
    cells[assignment.column] =
        HoldsNumber(field) ? FieldNumber(field).Plain(assignment.value) : assignment.value;
  }
  return cells;
}

Expansion ExpandSweep(const SweepFile& file, const std::vector<std::string>& reserved) {
  return Expander(file, reserved).Run();
}

}  // namespace biotope
