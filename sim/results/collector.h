#ifndef BIOTOPE_SIM_RESULTS_COLLECTOR_H_
#define BIOTOPE_SIM_RESULTS_COLLECTOR_H_

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "configs/schema/result.pb.h"
#include "sim/core/units.h"
#include "sim/results/block_stages.h"
#include "sim/results/breakdown.h"
#include "sim/results/device_stats.h"
#include "sim/results/histogram.h"
#include "sim/results/io_marks.h"
#include "sim/trace/stream.h"

namespace biotope {

// What the results call a process of the scenario: all its tasks together.
struct JobDescription {
  std::string name;
  std::string heading;  // in fio's words
  uint32_t numjobs = 1;
  Tick ramp_time;  // from the job's first data call; what ends earlier does not count
};

// Computes the results of a run from its event stream, while it is produced. Memory grows with what
// is outstanding, not with what has been done.
class Collector : public EventSink {
 public:
  // The tasks of the jobs are numbered from 1 in the order of the jobs.
  explicit Collector(std::vector<JobDescription> jobs);

  void Consume(const Record* records, size_t count) override;

  // What was measured, after the last Consume. Headings, seed and cores are the caller's to add.
  Result ToProto() const;

 private:
  struct Job {
    JobDescription description;
    bool begun = false;
    Tick first_enter;
    Tick counts_from;  // first_enter and the ramp
    Tick last_exit;
    uint64_t bytes = 0;
    uint64_t block_size = 0;
    bool mixed_sizes = false;
    bool writes = false;
    LatencyHistogram latency;
    std::map<int, uint64_t> errors;
  };

  void CallEnded(const FinishedCall& call);
  JobResult JobToProto(const Job& job) const;
  Breakdown BreakdownToProto() const;

  std::vector<Job> jobs_;
  std::vector<uint32_t> job_of_task_;  // by task number
  IoMarks marks_;
  BreakdownBuilder breakdown_;
  BlockStagesBuilder stages_;
  DeviceStats device_;
  Tick end_;

  // Of the data calls that count.
  uint64_t ios_ = 0;
  unsigned __int128 total_ = 0;
  std::array<unsigned __int128, kLayerCount> layer_total_{};
  std::array<LatencyHistogram, kLayerCount> layer_latency_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_RESULTS_COLLECTOR_H_
