#ifndef BIOTOPE_TESTS_SIM_SCENARIO_TEST_SCENARIO_H_
#define BIOTOPE_TESTS_SIM_SCENARIO_TEST_SCENARIO_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "sim/scenario/profile.h"
#include "sim/scenario/scenario_file.h"

namespace biotope {

// Small profiles, so that these tests do not depend on the shipped ones.
class TestProfiles : public ProfileSource {
 public:
  std::vector<InputFile> Files() const override { return files_; }
  void Add(const std::string& path, const std::string& contents) {
    files_.push_back({path, contents});
  }

 private:
  std::vector<InputFile> files_ = {
      {"configs/cpus/slow.textproto", R"(model: "Slow"
frequency_khz: 1000000
cost { function: "kernel_entry" cycles: 100 source: "test" }
)"},
      {"configs/devices/flat.textproto", R"(model_name: "Flat"
fixed_latency { service_ns: 5000000 capacity_sectors: 1000000 }
)"},
      {"configs/kernels/test-1.0.textproto", R"(hz: 1000
readahead: READAHEAD_TWO_WINDOWS
queueing: QUEUEING_SINGLE_QUEUE
schedulers: "noop"
schedulers: "deadline"
default_scheduler: "deadline"
max_rw_count: 2147483647
rlimit_nofile: 1024
timeslice_ms: 100
max_phys_segments: 128
batch_requests: 32
batch_time_ms: 20
cost { function: "submit_bio" cycles: 150 millicycles_per_unit: 5 unit: "page" source: "test" }
cost { function: "vfs_read" cycles: 200 }
)"},
  };
};

// A scenario without mistakes.
inline constexpr std::string_view kGoodScenario = R"(schema_version: 1
kernel { profile: "test-1.0" }
machine { cpu { profile: "slow" } }
block_device {
  scsi {}
  device { profile: "flat" }
}
filesystem {
  synthesize { size: "64m" file { path: "dir/a" size: "1m" } }
}
process {
  name: "reader"
  fio { filename: "/dir/a" rw: RANDREAD }
}
process {
  name: "calls"
  script {
    call { open { path: "/dir/a" } expect: "3" }
    call { read { count: "4k" } expect: "4k" }
    call { compute: "3us" }
    call { close {} }
  }
}
)";

// kGoodScenario with the first `from` replaced by `to`.
inline std::string Edited(std::string_view from, std::string_view to) {
  std::string text(kGoodScenario);
  const size_t at = text.find(from);
  if (at == std::string::npos) throw std::logic_error("not in kGoodScenario: " + std::string(from));
  return text.replace(at, from.size(), to);
}

inline ScenarioFile LoadText(const std::string& text, const std::vector<std::string>& sets = {}) {
  return ScenarioFile::FromText("s.textproto", text, sets, TestProfiles());
}

// The diagnostics of a broken text; "" if it is not broken.
inline std::string DiagnosticsOf(const std::string& text,
                                 const std::vector<std::string>& sets = {}) {
  try {
    LoadText(text, sets);
    return "";
  } catch (const ScenarioError& error) {
    return error.what();
  }
}

}  // namespace biotope

#endif  // BIOTOPE_TESTS_SIM_SCENARIO_TEST_SCENARIO_H_
