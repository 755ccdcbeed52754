#include "sim/results/json.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/results/histogram.h"

namespace biotope {
namespace {

using Json = nlohmann::ordered_json;

// fio's default list.
constexpr double kPercentiles[] = {1,  5,  10, 20, 30,   40,   50,    60,   70,
                                   80, 90, 95, 99, 99.5, 99.9, 99.95, 99.99};

Json LatencyJson(const Histogram& latency, bool with_bins) {
  Json json = {{"min", latency.min_ps() / 1000},
               {"max", latency.max_ps() / 1000},
               {"mean", latency.mean_ns()},
               {"stddev", latency.stddev_ns()},
               {"N", latency.count()}};
  if (!with_bins || latency.count() == 0) return json;
  Json& percentile = json["percentile"];
  for (const double p : kPercentiles) {
    percentile[fmt::format("{:.6f}", p)] = PercentileNs(latency, p);
  }
  Json& bins = json["bins"];
  for (int i = 0; i < latency.bucket_size(); ++i) {
    bins[std::to_string(LatencyHistogram::ValueOf(latency.bucket(i)))] = latency.bucket_count(i);
  }
  return json;
}

// One direction of a job.
Json DirectionJson(const JobResult& job) {
  const double seconds = static_cast<double>(job.runtime_ps()) / 1e12;
  const double rate = seconds > 0 ? 1 / seconds : 0;
  const uint64_t bytes_per_second = static_cast<uint64_t>(static_cast<double>(job.bytes()) * rate);
  return {{"io_bytes", job.bytes()},
          {"io_kbytes", job.bytes() / 1024},
          {"bw_bytes", bytes_per_second},
          {"bw", bytes_per_second / 1024},
          {"iops", static_cast<double>(job.ios()) * rate},
          {"runtime", job.runtime_ps() / 1'000'000'000},
          {"total_ios", job.ios()},
          {"short_ios", 0},
          {"drop_ios", 0},
          {"slat_ns", LatencyJson({}, false)},
          {"clat_ns", LatencyJson(job.latency(), true)},
          {"lat_ns", LatencyJson(job.latency(), true)}};
}

Json JobJson(const JobResult& job) {
  uint64_t errors = 0;
  for (const auto& [error, count] : job.errors()) errors += count;
  return {{"jobname", job.name()},
          {"groupid", 0},
          {"error", errors > 0 ? 1 : 0},
          {"total_err", errors},
          {"job options", {{"name", job.name()}, {"numjobs", std::to_string(job.numjobs())}}},
          {"read", DirectionJson(job.writes() ? JobResult() : job)},
          {"write", DirectionJson(job.writes() ? job : JobResult())},
          {"trim", DirectionJson({})}};
}

Json BreakdownJson(const Breakdown& breakdown) {
  Json layers = Json::array();
  for (const LayerShare& layer : breakdown.layer()) {
    layers.push_back({{"layer", layer.layer()},
                      {"total_ps", layer.total_ps()},
                      {"mean_ns", layer.mean_ns()},
                      {"p99_ns", layer.p99_ns()}});
  }
  return layers;
}

Json StagesJson(const BlockStages& stages) {
  Json json = Json::object();
  for (const BlockStage& stage : stages.stage()) {
    json[stage.name()] = {
        {"N", stage.count()},
        {"min_ns", stage.min_ns()},
        {"max_ns", stage.max_ns()},
        {"mean_ns", static_cast<double>(stage.total_ns()) / static_cast<double>(stage.count())},
        {"total_ns", stage.total_ns()}};
  }
  return json;
}

Json DeviceJson(const DeviceResult& device) {
  return {{"name", device.name()},
          {"requests", device.requests()},
          {"sectors", device.sectors()},
          {"merges", device.merges()},
          {"busy_ps", device.busy_ps()},
          {"span_ps", device.span_ps()},
          {"queue_depth", device.queue_depth()},
          {"mean_seek_ns", device.mean_seek_ns()},
          {"mean_rotation_ns", device.mean_rotation_ns()},
          {"mean_transfer_ns", device.mean_transfer_ns()}};
}

Json CoresJson(const Result& result) {
  Json cores = Json::array();
  for (const CoreResult& core : result.core()) {
    cores.push_back({{"task_ps", core.task_ps()},
                     {"kernel_thread_ps", core.kernel_thread_ps()},
                     {"softirq_ps", core.softirq_ps()},
                     {"hardirq_ps", core.hardirq_ps()}});
  }
  return cores;
}

}  // namespace

std::string ResultJson(const Result& result) {
  Json jobs = Json::array();
  for (const JobResult& job : result.job()) jobs.push_back(JobJson(job));
  const DeviceResult& device = result.device();
  const double util = device.span_ps() > 0 ? 100 * static_cast<double>(device.busy_ps()) /
                                                 static_cast<double>(device.span_ps())
                                           : 0;
  const Json json = {
      // Readers of fio's output look for this key; the run's own version stands in the manifest.
      {"fio version", "fio-3.33"},
      {"global options", Json::object()},
      {"jobs", jobs},
      {"disk_util", Json::array({{{"name", device.name()},
                                  {"read_ios", device.requests()},
                                  {"write_ios", 0},
                                  {"read_merges", device.merges()},
                                  {"write_merges", 0},
                                  {"in_queue", 0},
                                  {"util", util}}})},
      {"biotope",
       {{"title", result.title()},
        {"setting", result.setting()},
        {"seed", result.seed()},
        {"simulated_ps", result.simulated_ps()},
        {"ios", result.breakdown().ios()},
        {"total_ps", result.breakdown().total_ps()},
        {"breakdown", BreakdownJson(result.breakdown())},
        {"btt", StagesJson(result.block_stages())},
        {"device", DeviceJson(device)},
        {"cores", CoresJson(result)},
        {"failures",
         Json(std::vector<std::string>(result.failure().begin(), result.failure().end()))}}}};
  return json.dump(2) + "\n";
}

}  // namespace biotope
