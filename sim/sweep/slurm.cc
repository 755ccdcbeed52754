#include "sim/sweep/slurm.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string_view>

#include "sim/core/error.h"
#include "sim/sweep/sweep_directory.h"

namespace biotope {

namespace fs = std::filesystem;

namespace {

// Slurm takes about 0.1 s for each task, and administrators do not like many.
constexpr uint32_t kDefaultShards = 32;

// For the shell, whatever it contains.
std::string Quoted(std::string_view text) {
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted += "'\\''";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

struct CommandResult {
  bool ok = false;
  std::string output;
};

// Runs a command of Slurm. Its standard error is ours, unless `quiet`.
CommandResult Execute(const std::string& command, bool quiet = false) {
  const auto close = [](FILE* pipe) { pclose(pipe); };
  std::unique_ptr<FILE, decltype(close)> pipe(
      popen((command + (quiet ? " 2>/dev/null" : "")).c_str(), "re"), close);
  CommandResult result;
  if (!pipe) return result;
  std::array<char, 4096> buffer;
  while (const size_t got = fread(buffer.data(), 1, buffer.size(), pipe.get())) {
    result.output.append(buffer.data(), got);
  }
  const int status = pclose(pipe.release());
  result.ok = WIFEXITED(status) && WEXITSTATUS(status) == 0;
  while (result.output.ends_with('\n')) result.output.pop_back();
  return result;
}

std::string Submit(const std::string& arguments) {
  const CommandResult result = Execute("sbatch --parsable " + arguments);
  if (!result.ok) {
    throw EnvironmentError(
        "sbatch has not taken the job; is this a machine of a Slurm cluster (`sinfo`)?");
  }
  return result.output.substr(0, result.output.find(';'));  // without the cluster's name
}

// The number of tasks that an array may have.
uint32_t LargestArray() {
  const CommandResult config = Execute("scontrol show config", true);
  const size_t at = config.output.find("MaxArraySize");
  const size_t equals = config.output.find('=', at);
  if (!config.ok || at == std::string::npos || equals == std::string::npos) return kDefaultShards;
  return static_cast<uint32_t>(std::strtoul(config.output.c_str() + equals + 1, nullptr, 10));
}

}  // namespace

uint32_t ShardsFor(const std::string& directory, uint32_t points, uint32_t wanted) {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory + "/shards", error)) {
    if (!fs::exists(entry.path() / "plan.textproto", error)) continue;
    return Shard::Parse(ReadSweepRun(entry.path().string()).plan.shard()).count;
  }
  const uint32_t most = std::min(std::max(points, 1u), std::max(LargestArray(), 1u));
  return std::min(wanted > 0 ? wanted : kDefaultShards, most);
}

std::string SlurmScript(const SlurmSweep& sweep) {
  return fmt::format(
      "#!/bin/bash\n"
      "# One shard of a sweep. Slurm runs it again if its node dies; --resume then goes on.\n"
      "exec {} -q sweep {} -j 1 --resume --shard \"$SLURM_ARRAY_TASK_ID/{}\" \\\n"
      "  -o {}/shards/\"$SLURM_ARRAY_TASK_ID\"\n",
      Quoted(sweep.program), Quoted(sweep.sweep), sweep.shards, Quoted(sweep.directory));
}

SlurmJobs SubmitToSlurm(const SlurmSweep& sweep) {
  const std::string slurm = sweep.directory + "/slurm";
  std::error_code error;
  fs::create_directories(slurm, error);
  fs::create_directories(sweep.directory + "/shards", error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", slurm, error.message()));
  WriteWholeFile(slurm + "/shard.sh", SlurmScript(sweep));
  WriteWholeFile(slurm + "/merge.sh",
                 fmt::format("#!/bin/bash\nexec {0} merge {1}/shards/* -o {1}\n",
                             Quoted(sweep.program), Quoted(sweep.directory)));
  SlurmJobs jobs;
  jobs.array = Submit(fmt::format(
      "--job-name=biotope-sweep --array=0-{} --requeue --open-mode=append --output={} {}",
      sweep.shards - 1, Quoted(slurm + "/shard-%a.log"), Quoted(slurm + "/shard.sh")));
  jobs.merge = Submit(fmt::format(
      "--job-name=biotope-merge --dependency=afterany:{} --open-mode=append --output={} {}",
      jobs.array, Quoted(slurm + "/merge.log"), Quoted(slurm + "/merge.sh")));
  return jobs;
}

bool IsInQueue(const std::string& job) {
  const CommandResult result = Execute("squeue --noheader --jobs=" + Quoted(job) + " 2>&1");
  if (result.ok) return !result.output.empty();
  // Slurm forgets a job some minutes after its end. Any other failure may pass.
  return result.output.find("Invalid job id") == std::string::npos;
}

void CancelInSlurm(const SlurmJobs& jobs) {
  const CommandResult result =
      Execute(fmt::format("scancel {} {}", Quoted(jobs.merge), Quoted(jobs.array)));
  if (!result.ok) throw EnvironmentError("scancel has not ended the jobs");
}

uint32_t PointsOfShards(const std::string& directory) {
  uint32_t points = 0;
  std::error_code error;
  for (const fs::directory_entry& shard : fs::directory_iterator(directory + "/shards", error)) {
    for (const char* folder : {"points", "failed"}) {
      for (const fs::directory_entry& point :
           fs::directory_iterator(shard.path() / folder, error)) {
        points += point.path().filename().string().find('.') == std::string::npos ? 1 : 0;
      }
    }
  }
  return points;
}

void RemoveShards(const std::string& directory) {
  std::error_code ignored;
  fs::remove_all(directory + "/shards", ignored);
  fs::remove_all(directory + "/slurm", ignored);
}

}  // namespace biotope
