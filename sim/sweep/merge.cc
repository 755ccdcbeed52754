#include "sim/sweep/merge.h"

#include <fmt/format.h>

#include <filesystem>

#include "sim/core/error.h"
#include "sim/results/run_directory.h"

namespace biotope {

namespace fs = std::filesystem;

namespace {

void TakeFile(const fs::path& from, const std::string& to) {
  std::error_code error;
  fs::create_hard_link(from, to, error);
  if (error) fs::copy_file(from, to, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", to, error.message()));
}

// The directory appears at once, like that of a run.
void TakeDirectory(const std::string& from, const std::string& to) {
  RunDirectory whole(to);
  for (const fs::directory_entry& entry : fs::directory_iterator(from)) {
    TakeFile(entry.path(), whole.PathOf(entry.path().filename().string()));
  }
  whole.Commit();
}

// True if `from` has the point.
bool TakePoint(const std::string& from, const std::string& folder, uint32_t point,
               const std::string& to) {
  const std::string path = fmt::format("{}/{}/{:06}", from, folder, point);
  std::error_code ignored;
  if (!fs::exists(path, ignored)) return false;
  TakeDirectory(path, to);
  return true;
}

}  // namespace

SweepRun CommonRun(const std::vector<std::string>& shards) {
  SweepRun run = ReadSweepRun(shards.front());
  for (size_t i = 1; i < shards.size(); ++i) {
    const std::string difference = DifferenceBetween(run, ReadSweepRun(shards[i]), false);
    if (difference.empty()) continue;
    throw ScenarioError(
        fmt::format("{} is of another sweep than {}: {}", shards[i], shards.front(), difference));
  }
  run.plan.clear_shard();
  return run;
}

void MergePoints(const std::vector<std::string>& shards, const SweepRun& run,
                 const SweepDirectory& directory) {
  const uint32_t points = static_cast<uint32_t>(run.expansion.points.size());
  for (const uint32_t point : directory.Missing(points, Shard())) {
    bool taken = false;
    for (const std::string& shard : shards) {
      taken = taken || TakePoint(shard, "points", point, directory.PointPath(point));
    }
    for (const std::string& shard : shards) {
      taken = taken || TakePoint(shard, "failed", point, directory.FailedPath(point));
    }
  }
}

}  // namespace biotope
