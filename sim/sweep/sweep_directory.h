#ifndef BIOTOPE_SIM_SWEEP_SWEEP_DIRECTORY_H_
#define BIOTOPE_SIM_SWEEP_SWEEP_DIRECTORY_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "configs/schema/sweep.pb.h"
#include "sim/sweep/expansion.h"

namespace biotope {

// What is to be run: a sweep, expanded, with what its results depend on.
struct SweepRun {
  std::string text;  // of the sweep file
  Expansion expansion;
  sweep::SweepPlan plan;
};

// Every N-th point, from point I: `I/N`. Throws Error (usage).
struct Shard {
  uint32_t index = 0;
  uint32_t count = 1;

  static Shard Parse(std::string_view text);
  bool Has(uint32_t point) const { return point % count == index; }
  std::string Text() const;
};

// The directory of a sweep:
//   sweep.textproto plan.textproto   what it holds
//   points/000000 ...                finished points, each a run directory that appears at once
//   failed/000017 ...                points that have failed, with log.txt
//   sweep.csv sweep.sqlite ...       the results, when all points are there
// One process works in it at a time; a lock that ends with it and its workers sees to that.
class SweepDirectory {
 public:
  // Makes the directory, or continues one of the same sweep if `resume`. Leftovers of a process
  // that was killed are removed. Throws EnvironmentError; Error (usage) if it is there already and
  // not to be resumed, and ScenarioError if it holds another sweep, saying what differs.
  SweepDirectory(std::string path, const SweepRun& run, bool resume);
  SweepDirectory(const SweepDirectory&) = delete;
  SweepDirectory& operator=(const SweepDirectory&) = delete;

  const std::string& path() const { return path_; }
  std::string PointPath(uint32_t point) const;
  std::string FailedPath(uint32_t point) const;
  bool IsFinished(uint32_t point) const;
  bool HasFailed(uint32_t point) const;
  // The points of `shard` that are neither finished nor failed.
  std::vector<uint32_t> Missing(uint32_t points, const Shard& shard) const;

  // Removes what process `pid` has left unfinished.
  void RemoveLeftoversOf(int pid) const;

 private:
  // Workers inherit it, so that it outlives a parent that is killed until they are gone too.
  class Lock {
   public:
    ~Lock();
    void Take(const std::string& path);

   private:
    int file_ = -1;
  };

  void Create(const SweepRun& run) const;

  std::string path_;
  Lock lock_;
};

// A directory as it was left, to be read. Throws EnvironmentError or ScenarioError.
SweepRun ReadSweepRun(const std::string& path);

// What makes `other` another sweep than `run`, in one line; "" if nothing does. Shards of the same
// sweep are the same unless `compare_shards`.
std::string DifferenceBetween(const SweepRun& run, const SweepRun& other, bool compare_shards);

// Writes a whole file, which appears under its name when it is complete. Throws EnvironmentError.
void WriteWholeFile(const std::string& path, std::string_view contents);

inline constexpr std::string_view kLogFile = "log.txt";

}  // namespace biotope

#endif  // BIOTOPE_SIM_SWEEP_SWEEP_DIRECTORY_H_
