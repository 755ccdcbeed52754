#include "sim/results/collector.h"

#include <algorithm>
#include <utility>

#include "sim/core/check.h"

namespace biotope {

Collector::Collector(std::vector<JobDescription> jobs) : job_of_task_(1) {
  for (JobDescription& description : jobs) {
    const uint32_t index = static_cast<uint32_t>(jobs_.size());
    job_of_task_.insert(job_of_task_.end(), description.numjobs, index);
    jobs_.emplace_back().description = std::move(description);
  }
}

void Collector::Consume(const Record* records, size_t count) {
  for (const Record* record = records; record != records + count; ++record) {
    marks_.Consume(*record);
    stages_.Consume(*record, marks_);
    device_.Consume(*record);
    if (breakdown_.Consume(*record, marks_)) CallEnded(breakdown_.finished());
  }
  if (count > 0) end_ = records[count - 1].tick;
}

void Collector::CallEnded(const FinishedCall& call) {
  if (call.op != Op::kRead && call.op != Op::kPread && call.op != Op::kPwrite) return;
  BIOTOPE_CHECK(call.task > 0 && call.task < job_of_task_.size(), "call of task {}", call.task);
  Job& job = jobs_[job_of_task_[call.task]];
  if (!job.begun) {
    job.begun = true;
    job.first_enter = call.enter;
    job.counts_from = call.enter + job.description.ramp_time;
  }
  if (call.exit < job.counts_from) return;
  job.last_exit = call.exit;
  if (call.result < 0) {
    ++job.errors[static_cast<int>(-call.result)];
    return;
  }
  if (call.result == 0) return;  // end of file: no data, no I/O
  job.bytes += static_cast<uint64_t>(call.result);
  job.writes = call.op == Op::kPwrite;
  if (job.latency.count() == 0) job.block_size = call.bytes_asked;
  job.mixed_sizes = job.mixed_sizes || job.block_size != call.bytes_asked;
  job.latency.Add(call.latency());

  ++ios_;
  total_ += call.latency().value();
  for (size_t layer = 0; layer < kLayerCount; ++layer) {
    layer_total_[layer] += call.share[layer].value();
    layer_latency_[layer].Add(call.share[layer]);
  }
}

JobResult Collector::JobToProto(const Job& job) const {
  JobResult result;
  result.set_name(job.description.name);
  result.set_heading(job.description.heading);
  result.set_numjobs(job.description.numjobs);
  if (job.writes) result.set_writes(true);
  result.set_ios(job.latency.count());
  result.set_bytes(job.bytes);
  const Tick from = job.description.ramp_time > Tick(0) ? job.counts_from : job.first_enter;
  result.set_runtime_ps(job.begun && job.last_exit > from ? (job.last_exit - from).value() : 0);
  *result.mutable_latency() = job.latency.ToProto();
  for (const auto& [error, count] : job.errors) (*result.mutable_errors())[error] = count;
  result.set_block_size(job.mixed_sizes ? 0 : job.block_size);
  return result;
}

Breakdown Collector::BreakdownToProto() const {
  Breakdown breakdown;
  breakdown.set_ios(ios_);
  unsigned __int128 sum = 0;
  for (size_t layer = 0; layer < kLayerCount; ++layer) {
    sum += layer_total_[layer];
    BIOTOPE_CHECK(layer_total_[layer] <= UINT64_MAX, "more than 213 days in one layer");
    if (static_cast<Layer>(layer) == Layer::kUser) continue;  // nothing of a call is user mode
    LayerShare& share = *breakdown.add_layer();
    share.set_layer(std::string(kLayerNames[layer]));
    share.set_total_ps(static_cast<uint64_t>(layer_total_[layer]));
    share.set_mean_ns(layer_latency_[layer].mean_ns());
    share.set_p99_ns(layer_latency_[layer].PercentileNs(99));
  }
  BIOTOPE_CHECK(sum == total_, "the layers do not add up to the latencies");
  BIOTOPE_CHECK(total_ <= UINT64_MAX, "more than 213 days of latency");
  breakdown.set_total_ps(static_cast<uint64_t>(total_));
  return breakdown;
}

Result Collector::ToProto() const {
  Result result;
  result.set_simulated_ps(end_.value());
  for (const Job& job : jobs_) *result.add_job() = JobToProto(job);
  *result.mutable_breakdown() = BreakdownToProto();
  *result.mutable_block_stages() = stages_.ToProto();
  *result.mutable_device() = device_.ToProto(end_);
  return result;
}

}  // namespace biotope
