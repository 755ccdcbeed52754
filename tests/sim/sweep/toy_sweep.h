#ifndef BIOTOPE_TESTS_SIM_SWEEP_TOY_SWEEP_H_
#define BIOTOPE_TESTS_SIM_SWEEP_TOY_SWEEP_H_

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <string_view>

#include "sim/core/error.h"
#include "sim/results/run_directory.h"
#include "sim/sweep/expansion.h"
#include "sim/sweep/result_rows.h"
#include "sim/sweep/run_point.h"
#include "sim/sweep/sweep_directory.h"
#include "sim/sweep/sweep_file.h"

namespace biotope {

// The text of a sweep around its axes.
inline std::string SweepText(const std::string& axes) {
  return "schema_version: 1\nscenario: \"s.textproto\"\n" + axes;
}

inline Expansion Expanded(const std::string& axes) {
  return ExpandSweep(SweepFile::FromText("toy.textproto", SweepText(axes)), ReservedColumns());
}

// The diagnostics of a wrong sweep; "" if it is not wrong.
inline std::string SweepDiagnostics(const std::string& axes) {
  try {
    Expanded(axes);
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

// Twelve settings of two seeds.
inline constexpr std::string_view kToyAxes = R"(
axis { list { field: "process[name=reader].fio.bs" value: ["4k", "8k", "16k", "64k"] } }
axis { range { field: "process[name=reader].fio.iodepth" from: "1" to: "3" count: 3 } }
seeds { count: 2 first: 7 }
)";

inline SweepRun ToyRun(const std::string& axes = std::string(kToyAxes)) {
  SweepRun run;
  run.text = SweepText(axes);
  run.expansion = Expanded(axes);
  run.plan.set_title("toy");
  run.plan.set_version("1");
  run.plan.set_points(static_cast<uint32_t>(run.expansion.points.size()));
  sweep::SweepPlan::Input& input = *run.plan.add_input();
  input.set_path("s.textproto");
  input.set_sha256("0");
  return run;
}

// The result of a point, made up.
inline Result ToyResult(uint32_t point) {
  Result result;
  result.set_seed(7 + point % 2);
  result.set_simulated_ps(3'000'000'000'000);
  JobResult& job = *result.add_job();
  job.set_name("reader");
  job.set_ios(100 + point);
  job.set_bytes(4096 * (100 + point));
  job.set_runtime_ps(2'000'000'000'000);
  Histogram& latency = *job.mutable_latency();
  latency.set_count(100 + point);
  latency.set_mean_ns(50 + point / 3.0);
  latency.set_max_ps(90'000);
  latency.add_bucket(50);
  latency.add_bucket_count(99 + point);
  latency.add_bucket(90);
  latency.add_bucket_count(1);
  result.mutable_breakdown()->set_total_ps(1000);
  LayerShare& share = *result.mutable_breakdown()->add_layer();
  share.set_layer("disk");
  share.set_total_ps(750);
  result.mutable_device()->set_busy_ps(1);
  result.mutable_device()->set_span_ps(4);
  return result;
}

inline PointProduct ToyProduct(uint32_t point) {
  return {{{std::string(kSummaryFile), "point " + std::to_string(point) + "\n"},
           {std::string(kResultFile), ToyResult(point).SerializeAsString()}},
          {}};
}

// A directory that goes with the test.
class TemporaryDirectory {
 public:
  TemporaryDirectory() {
    std::string name = testing::TempDir() + "/sweep-XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~TemporaryDirectory() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

inline std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream contents;
  contents << file.rdbuf();
  return contents.str();
}

// All files below a directory, by their paths in it.
inline std::map<std::string, std::string> Tree(const std::string& root) {
  std::map<std::string, std::string> tree;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    const std::string name = std::filesystem::relative(entry.path(), root).string();
    tree[name] = entry.is_directory() ? "directory" : Contents(entry.path().string());
  }
  return tree;
}

}  // namespace biotope

#endif  // BIOTOPE_TESTS_SIM_SWEEP_TOY_SWEEP_H_
