// How fast the SSD model runs: the reference simulator's drive, 4 KiB requests. MQSim with ideal
// mapping serves 199,000 random reads a second of CPU time at 16 outstanding (1 million requests).

#include <benchmark/benchmark.h>

#include <cstdint>

#include "layers/disk/ssd/ssd_model.h"
#include "tests/layers/disk/ssd/closed_loop.h"
#include "tests/layers/disk/ssd/reference_ssd.h"

namespace biotope {
namespace {

void Serve(benchmark::State& state, bool ideal_mapping, bool write) {
  constexpr uint64_t kRequests = 1'000'000;
  double mean_us = 0;
  for (auto _ : state) {
    SsdModel ssd(ReferenceSsd(ideal_mapping));
    ClosedLoop load;
    load.write = write;
    load.queue_depth = static_cast<uint32_t>(state.range(0));
    load.requests = kRequests;
    mean_us = load.Run(ssd).mean_us();
  }
  state.SetItemsProcessed(static_cast<int64_t>(state.iterations() * kRequests));
  state.counters["mean_us"] = mean_us;
}

void BM_RandomReadIdealMapping(benchmark::State& state) { Serve(state, true, false); }
BENCHMARK(BM_RandomReadIdealMapping)->Arg(1)->Arg(16)->Arg(256)->Unit(benchmark::kMillisecond);

void BM_RandomReadMappingCache(benchmark::State& state) { Serve(state, false, false); }
BENCHMARK(BM_RandomReadMappingCache)->Arg(16)->Unit(benchmark::kMillisecond);

void BM_RandomWriteIdealMapping(benchmark::State& state) { Serve(state, true, true); }
BENCHMARK(BM_RandomWriteIdealMapping)->Arg(16)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace biotope

BENCHMARK_MAIN();
