// Simulated reads for each second of real time through the whole stack, results included: random
// O_DIRECT reads of 4 KiB on the Cheetah with so many outstanding, and reads that the page cache
// answers. `peak_MiB` is the largest memory that the process has had so far.

#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <sys/resource.h>

#include <cstdint>
#include <string>
#include <utility>

#include "sim/results/collector.h"
#include "sim/scenario/scenario_file.h"
#include "sim/scenario/shipped_profiles.h"
#include "sim/trace/stream.h"
#include "sim/world/plan.h"
#include "sim/world/world.h"

namespace biotope {
namespace {

constexpr const char* kRandomDirect = R"(schema_version: 1
kernel {{ profile: "linux-2.6.11" }}
machine {{ cpu {{ profile: "pentium4-2.8" }} }}
block_device {{
  queue {{ nr_requests: 2048 scheduler {{ deadline {{}} }} }}
  scsi {{ queue_depth: 1 }}
  device {{ profile: "cheetah-15k5" }}
}}
filesystem {{
  synthesize {{ size: "16g" file {{ path: "data" size: "8g" }} }}
}}
process {{
  name: "reader"
  fio {{
    filename: "/data" rw: RANDREAD bs: "4k" direct: 1 norandommap: 1
    numjobs: {} number_ios: {} time_based: 1 runtime: "100d"
  }}
}}
)";

constexpr const char* kCached = R"(schema_version: 1
kernel {{ profile: "linux-2.6.11" }}
machine {{ cpu {{ profile: "pentium4-2.8" }} }}
block_device {{ scsi {{}} device {{ profile: "cheetah-15k5" }} }}
filesystem {{
  synthesize {{ size: "64m" file {{ path: "data" size: "16m" }} }}
}}
process {{
  name: "reader"
  fio {{
    filename: "/data" rw: READ bs: "4k" number_ios: {} time_based: 1 runtime: "100d"
  }}
}}
)";

Plan MakePlanOf(const std::string& text) {
  return MakePlan(ScenarioFile::FromText("bench.textproto", text, {}, ShippedProfiles()));
}

Result Simulate(Plan plan) {
  const ProcessPlan& process = plan.processes.front();
  Collector collector({{process.name, process.heading, process.numjobs, process.ramp_time}});
  EventStream stream;
  stream.AddSink(&collector);
  RunWorld(std::move(plan), stream);
  return collector.ToProto();
}

void Report(benchmark::State& state, uint64_t ios) {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  state.SetItemsProcessed(state.iterations() * static_cast<int64_t>(ios));
  state.counters["peak_MiB"] = static_cast<double>(usage.ru_maxrss) / 1024;
}

// range(0): processes with one read each; range(1): reads in all.
void BM_RandomDirect(benchmark::State& state) {
  const int64_t jobs = state.range(0);
  const int64_t ios = state.range(1);
  for (auto _ : state) {
    state.PauseTiming();  // making the image
    Plan plan = MakePlanOf(fmt::format(kRandomDirect, jobs, ios / jobs));
    state.ResumeTiming();
    const Result result = Simulate(std::move(plan));
    if (result.job(0).ios() != static_cast<uint64_t>(ios / jobs * jobs)) {
      state.SkipWithError("reads are missing");
    }
  }
  Report(state, static_cast<uint64_t>(ios / jobs * jobs));
}
BENCHMARK(BM_RandomDirect)
    ->Args({1, 50'000})
    ->Args({32, 200'000})
    ->Args({1024, 200'000})
    ->Unit(benchmark::kMillisecond);

void BM_CachedRead(benchmark::State& state) {
  const int64_t ios = state.range(0);
  for (auto _ : state) {
    benchmark::DoNotOptimize(Simulate(MakePlanOf(fmt::format(kCached, ios))));
  }
  Report(state, static_cast<uint64_t>(ios));
}
BENCHMARK(BM_CachedRead)->Arg(500'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace biotope
