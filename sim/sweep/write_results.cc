#include "sim/sweep/write_results.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>
#include <memory>
#include <utility>

#include "sim/core/error.h"
#include "sim/results/histogram.h"
#include "sim/results/run_directory.h"
#include "sim/scenario/read_file.h"
#include "sim/sweep/csv.h"
#include "sim/sweep/result_rows.h"
#include "sim/sweep/sqlite_file.h"

namespace biotope {
namespace {

using Cells = std::vector<std::string>;
using Columns = std::vector<SqliteFile::Column>;

constexpr size_t kLongestLog = size_t{1} << 20;

Cells operator+(Cells left, const Cells& right) {
  left.insert(left.end(), right.begin(), right.end());
  return left;
}

Cells Names(const Columns& columns) {
  Cells names;
  for (const SqliteFile::Column& column : columns) names.push_back(column.name);
  return names;
}

// The columns of all tables.
class Layout {
 public:
  explicit Layout(const Expansion& expansion) {
    for (const Expansion::Column& column : expansion.columns) {
      axes_.push_back({column.name, "NUMERIC"});
    }
  }

  Columns Result() const {
    Columns columns = {{"point", "INTEGER"}};
    columns.insert(columns.end(), axes_.begin(), axes_.end());
    for (const char* name : {"seed", "process", "direction"}) {
      columns.push_back({name, name == std::string_view("seed") ? "INTEGER" : "TEXT"});
    }
    for (const std::string& name : MetricNames()) columns.push_back({name, "NUMERIC"});
    return columns;
  }

  Columns Interval() const {
    Columns columns = axes_;
    for (const char* name : {"process", "direction", "metric"}) columns.push_back({name, "TEXT"});
    columns.push_back({"n", "INTEGER"});
    for (const char* name : {"mean", "stddev", "ci95_low", "ci95_high"}) {
      columns.push_back({name, "NUMERIC"});
    }
    return columns;
  }

  Columns Point() const {
    Columns columns = {{"point", "INTEGER PRIMARY KEY"}, {"status", "TEXT"}};
    columns.insert(columns.end(), axes_.begin(), axes_.end());
    columns.push_back({"seed", "NUMERIC"});
    return columns;
  }

 private:
  Columns axes_;
};

// A table that goes to a CSV file and to the database.
class TwinTable {
 public:
  TwinTable(const std::string& csv_path, SqliteFile& database, const std::string& name,
            const Columns& columns)
      : csv_(csv_path), table_(database, name, columns) {
    csv_.Row(Names(columns));
  }
  void Insert(const Cells& cells) {
    csv_.Row(cells);
    table_.Insert(cells);
  }
  void Finish() { csv_.Finish(); }

 private:
  CsvFile csv_;
  SqliteFile::Table table_;
};

// The observations of one setting: of each process and direction, for each metric one per seed.
class SettingObservations {
 public:
  void Add(const ResultRow& row) {
    const std::pair<std::string, std::string> key{row.process, row.direction};
    const auto [entry, is_new] = index_.emplace(key, observed_.size());
    if (is_new) observed_.push_back({row.process, row.direction, {}});
    std::vector<std::vector<double>>& metrics = observed_[entry->second].metrics;
    metrics.resize(row.metrics.size());
    for (size_t i = 0; i < row.metrics.size(); ++i) {
      if (!std::isnan(row.metrics[i])) metrics[i].push_back(row.metrics[i]);
    }
  }

  void Write(const Cells& axes, TwinTable& table, std::vector<SettingSummary>* summaries) {
    for (const Observed& observed : observed_) {
      SettingSummary& summary = summaries->emplace_back();
      summary.cells = axes;
      summary.process = observed.process;
      summary.direction = observed.direction;
      for (size_t i = 0; i < observed.metrics.size(); ++i) {
        const std::string& name = MetricNames()[i];
        const IntervalEstimate estimate = Estimate(observed.metrics[i]);
        if (name == "iops") summary.iops = estimate;
        if (name == "lat_mean_ns") summary.mean_ns = estimate;
        if (name == "lat_p99_ns") summary.p99_ns = estimate;
        table.Insert(axes + Cells{observed.process, observed.direction, name,
                                  fmt::format("{}", estimate.count), NumberText(estimate.mean),
                                  NumberText(estimate.stddev),
                                  NumberText(estimate.mean - estimate.half_width),
                                  NumberText(estimate.mean + estimate.half_width)});
      }
    }
    observed_.clear();
    index_.clear();
  }

 private:
  struct Observed {
    std::string process;
    std::string direction;
    std::vector<std::vector<double>> metrics;
  };
  std::vector<Observed> observed_;  // in the order of the first seed's rows
  std::map<std::pair<std::string, std::string>, size_t> index_;
};

class ResultWriter {
 public:
  ResultWriter(const SweepDirectory& directory, const SweepRun& run)
      : directory_(directory), run_(run), layout_(run.expansion) {}

  SweepSummary Run() {
    try {
      SqliteFile database(Temporary(kSqliteFile));
      WriteFacts(database);
      WritePoints(database);
      database.Finish();
      for (const std::string_view name : kFiles) Appear(name);
    } catch (const Error&) {
      for (const std::string_view name : kFiles) std::remove(Temporary(name).c_str());
      throw;
    }
    return std::move(summary_);
  }

 private:
  static constexpr std::string_view kFiles[] = {kCsvFile, kIntervalsFile, kSqliteFile};

  std::string Path(std::string_view name) const {
    return fmt::format("{}/{}", directory_.path(), name);
  }
  std::string Temporary(std::string_view name) const {
    return fmt::format("{}.tmp-{}", Path(name), getpid());
  }
  void Appear(std::string_view name) const {
    if (std::rename(Temporary(name).c_str(), Path(name).c_str()) != 0) {
      throw EnvironmentError(fmt::format("{}: {}", Path(name), std::strerror(errno)));
    }
  }

  void WriteFacts(SqliteFile& database) const {
    SqliteFile::Table table(database, "sweep", {{"key", "TEXT"}, {"value", "TEXT"}});
    const sweep::SweepPlan& plan = run_.plan;
    table.Insert({"title", plan.title()});
    table.Insert({"text", run_.text});
    for (const sweep::SweepPlan::Input& input : plan.input()) {
      table.Insert({"sha256 " + input.path(), input.sha256()});
    }
  }

  void WritePoints(SqliteFile& database) {
    const Expansion& expansion = run_.expansion;
    SqliteFile::Table points(database, "point", layout_.Point());
    TwinTable results(Temporary(kCsvFile), database, "result", layout_.Result());
    TwinTable intervals(Temporary(kIntervalsFile), database, "interval", layout_.Interval());
    SqliteFile::Table failures(database, "failure", {{"point", "INTEGER"}, {"log", "TEXT"}});
    SqliteFile::Table histograms(database, "histogram",
                                 {{"point", "INTEGER"},
                                  {"process", "TEXT"},
                                  {"direction", "TEXT"},
                                  {"bucket", "INTEGER"},
                                  {"latency_ns", "INTEGER"},
                                  {"count", "INTEGER"}});
    SettingObservations setting;
    for (uint32_t i = 0; i < expansion.points.size(); ++i) {
      const Point& point = expansion.points[i];
      const Cells axes = expansion.CellsOf(point);
      std::string seed = point.seed ? fmt::format("{}", *point.seed) : "";
      std::string status = "missing";
      if (directory_.IsFinished(i)) {
        status = "finished";
        ++summary_.finished;
        const Result result = ReadResult(directory_.PointPath(i));
        seed = fmt::format("{}", result.seed());
        for (const ResultRow& row : RowsOf(result)) {
          WriteRow(i, axes, seed, row, results, histograms);
          setting.Add(row);
        }
      } else if (directory_.HasFailed(i)) {
        status = "failed";
        summary_.failed.push_back(i);
        failures.Insert({fmt::format("{}", i), LogOf(i)});
      } else {
        summary_.missing.push_back(i);
      }
      points.Insert(Cells{fmt::format("{}", i), status} + axes + Cells{seed});
      if ((i + 1) % expansion.seeds == 0) setting.Write(axes, intervals, &summary_.settings);
    }
    results.Finish();
    intervals.Finish();
  }

  static void WriteRow(uint32_t point, const Cells& axes, const std::string& seed,
                       const ResultRow& row, TwinTable& results, SqliteFile::Table& histograms) {
    const std::string number = fmt::format("{}", point);
    Cells cells = Cells{number} + axes + Cells{seed, row.process, row.direction};
    for (const double metric : row.metrics) cells.push_back(NumberText(metric));
    results.Insert(cells);
    for (int i = 0; i < row.histogram->bucket_size(); ++i) {
      const uint32_t bucket = row.histogram->bucket(i);
      histograms.Insert({number, row.process, row.direction, fmt::format("{}", bucket),
                         fmt::format("{}", LatencyHistogram::ValueOf(bucket)),
                         fmt::format("{}", row.histogram->bucket_count(i))});
    }
  }

  std::string LogOf(uint32_t point) const {
    return ReadFile(fmt::format("{}/{}", directory_.FailedPath(point), kLogFile), kLongestLog);
  }

  const SweepDirectory& directory_;
  const SweepRun& run_;
  const Layout layout_;
  SweepSummary summary_;
};

}  // namespace

SweepSummary WriteResults(const SweepDirectory& directory, const SweepRun& run) {
  return ResultWriter(directory, run).Run();
}

}  // namespace biotope
