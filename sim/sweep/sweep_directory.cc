#include "sim/sweep/sweep_directory.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <google/protobuf/text_format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <utility>

#include "sim/core/error.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/read_file.h"
#include "sim/scenario/text_parser.h"
#include "sim/sweep/sweep_file.h"

namespace biotope {

namespace fs = std::filesystem;

namespace {

constexpr std::string_view kPlanFile = "plan.textproto";
constexpr std::string_view kSweepFile = "sweep.textproto";
constexpr std::string_view kTemporary = ".tmp-";  // and the process, as run directories are called

std::string PlanText(const sweep::SweepPlan& plan) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(plan, &text);
  return "# proto-file: configs/schema/sweep.proto\n# proto-message: biotope.sweep.SweepPlan\n" +
         text;
}

void MakeDirectories(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", path, error.message()));
}

// Removes the entries of `directory` whose names have `mark` in them.
void RemoveMarked(const std::string& directory, std::string_view mark) {
  std::error_code error;
  std::vector<fs::path> found;
  for (const fs::directory_entry& entry : fs::directory_iterator(directory, error)) {
    const std::string name = entry.path().filename().string();
    const size_t at = name.find(mark);
    const bool marked =
        at != std::string::npos && (mark == kTemporary || at + mark.size() == name.size());
    if (marked) found.push_back(entry.path());
  }
  for (const fs::path& path : found) fs::remove_all(path, error);
}

std::string ProgramOf(const sweep::SweepPlan& plan) {
  return fmt::format("biotope {} ({:.12}{})", plan.version(), plan.commit(),
                     plan.dirty() ? ", modified" : "");
}

std::string DifferenceOfInputs(const sweep::SweepPlan& plan, const sweep::SweepPlan& other) {
  for (int i = 0; i < std::max(plan.input_size(), other.input_size()); ++i) {
    if (i >= plan.input_size() || i >= other.input_size()) return "it has other input files";
    if (plan.input(i).path() != other.input(i).path()) {
      return fmt::format("input {} there is {} here", other.input(i).path(), plan.input(i).path());
    }
    if (plan.input(i).sha256() != other.input(i).sha256()) {
      return fmt::format("{} has changed since", plan.input(i).path());
    }
  }
  return "";
}

std::string DifferenceOfPoints(const SweepRun& run, const SweepRun& other) {
  const Expansion& here = run.expansion;
  const Expansion& there = other.expansion;
  for (size_t i = 0; i < std::max(here.columns.size(), there.columns.size()); ++i) {
    if (i >= here.columns.size()) return fmt::format("it has an axis {}", there.columns[i].name);
    if (i >= there.columns.size()) return fmt::format("it has no axis {}", here.columns[i].name);
    if (here.columns[i].name != there.columns[i].name ||
        here.columns[i].field != there.columns[i].field) {
      return fmt::format("axis {} there is {} here", there.columns[i].name, here.columns[i].name);
    }
  }
  if (here.points.size() != there.points.size()) {
    return fmt::format("it has {} points, this sweep {}", there.points.size(), here.points.size());
  }
  const sweep::Sweep none;
  for (size_t i = 0; i < here.points.size(); ++i) {
    const std::vector<std::string> a = here.SetsOf(none, here.points[i]);
    const std::vector<std::string> b = there.SetsOf(none, there.points[i]);
    for (size_t k = 0; k < std::max(a.size(), b.size()); ++k) {
      const std::string mine = k < a.size() ? a[k] : "nothing";
      const std::string its = k < b.size() ? b[k] : "nothing";
      if (mine != its) {
        return fmt::format("point {} has {} there and {} here", i, Printable(its), Printable(mine));
      }
    }
  }
  return here.seeds == there.seeds ? "" : "it has other seeds";
}

}  // namespace

Shard Shard::Parse(std::string_view text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, shard.index);
  if (error == std::errc() && slash != end && *slash == '/') {
    const auto [stop, second] = std::from_chars(slash + 1, end, shard.count);
    if (second == std::errc() && stop == end && shard.index < shard.count) return shard;
  }
  throw Error(ExitCode::kUsage,
              fmt::format("--shard {}: give I/N with I from 0 to N-1, such as 0/4", Quote(text)));
}

std::string Shard::Text() const { return fmt::format("{}/{}", index, count); }

void WriteWholeFile(const std::string& path, std::string_view contents) {
  const std::string temporary = fmt::format("{}{}{}", path, kTemporary, getpid());
  std::ofstream file(temporary, std::ios::binary);
  file.write(contents.data(), static_cast<std::streamsize>(contents.size()));
  file.close();
  if (!file || std::rename(temporary.c_str(), path.c_str()) != 0) {
    const std::string reason = std::strerror(errno);
    std::remove(temporary.c_str());
    throw EnvironmentError(fmt::format("{}: {}", path, reason));
  }
}

SweepRun ReadSweepRun(const std::string& path) {
  SweepRun run;
  const std::string plan = fmt::format("{}/{}", path, kPlanFile);
  std::error_code ignored;
  if (!fs::exists(plan, ignored)) {
    throw EnvironmentError(
        fmt::format("{} is not the directory of a sweep: it has no {}", path, kPlanFile));
  }
  if (!google::protobuf::TextFormat::ParseFromString(ReadFile(plan, size_t{1} << 26), &run.plan)) {
    throw ScenarioError(fmt::format("{}: damaged", plan));
  }
  const SweepFile file = SweepFile::Load(fmt::format("{}/{}", path, kSweepFile));
  run.text = file.text();
  run.expansion = ExpandSweep(file, {});
  return run;
}

std::string DifferenceBetween(const SweepRun& run, const SweepRun& other, bool compare_shards) {
  if (std::string difference = DifferenceOfPoints(run, other); !difference.empty()) {
    return difference;
  }
  if (std::string difference = DifferenceOfInputs(run.plan, other.plan); !difference.empty()) {
    return difference;
  }
  if (ProgramOf(run.plan) != ProgramOf(other.plan)) {
    return fmt::format("it was made by {}, this is {}", ProgramOf(other.plan), ProgramOf(run.plan));
  }
  if (compare_shards && run.plan.shard() != other.plan.shard()) {
    const auto shard = [](const sweep::SweepPlan& plan) {
      return plan.has_shard() ? "shard " + plan.shard() : std::string("all points");
    };
    return fmt::format("it is for {}, this is for {}", shard(other.plan), shard(run.plan));
  }
  return "";
}

SweepDirectory::SweepDirectory(std::string path, const SweepRun& run, bool resume)
    : path_(std::move(path)) {
  while (path_.size() > 1 && path_.ends_with('/')) path_.pop_back();
  MakeDirectories(path_);
  lock_.Take(path_);
  std::error_code error;
  if (fs::exists(fmt::format("{}/{}", path_, kPlanFile), error)) {
    if (!resume) {
      throw Error(ExitCode::kUsage,
                  fmt::format("{} holds a sweep already; --resume continues it, or remove it, or "
                              "choose another -o directory",
                              path_));
    }
    const std::string difference = DifferenceBetween(run, ReadSweepRun(path_), true);
    if (!difference.empty()) {
      throw ScenarioError(fmt::format("{} holds another sweep: {}; choose another -o directory",
                                      path_, difference));
    }
  } else {
    Create(run);
  }
  RemoveMarked(path_, kTemporary);
  RemoveMarked(path_ + "/points", kTemporary);
  RemoveMarked(path_ + "/failed", kTemporary);
}

SweepDirectory::Lock::~Lock() {
  if (file_ >= 0) close(file_);
}

void SweepDirectory::Lock::Take(const std::string& path) {
  constexpr int kAttempts = 50;
  constexpr useconds_t kPauseUs = 100'000;
  file_ = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (file_ < 0) throw EnvironmentError(fmt::format("{}: {}", path, std::strerror(errno)));
  // The workers of a parent that was killed die a moment later.
  for (int i = 0; i < kAttempts; ++i) {
    if (flock(file_, LOCK_EX | LOCK_NB) == 0) return;
    if (errno != EWOULDBLOCK && errno != EINTR) return;  // a file system without locks
    usleep(kPauseUs);
  }
  throw EnvironmentError(fmt::format("{}: another sweep is at work in it", path));
}

// The plan comes last: without it the directory is empty for us.
void SweepDirectory::Create(const SweepRun& run) const {
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(path_, error)) {
    const std::string name = entry.path().filename().string();
    const bool ours = name == kSweepFile || name == "points" || name == "failed" ||
                      name.find(kTemporary) != std::string::npos;
    if (!ours) {
      throw EnvironmentError(
          fmt::format("{} is not empty and holds no sweep; choose another -o directory", path_));
    }
  }
  MakeDirectories(path_ + "/points");
  WriteWholeFile(fmt::format("{}/{}", path_, kSweepFile), run.text);
  WriteWholeFile(fmt::format("{}/{}", path_, kPlanFile), PlanText(run.plan));
}

std::string SweepDirectory::PointPath(uint32_t point) const {
  return fmt::format("{}/points/{:06}", path_, point);
}

std::string SweepDirectory::FailedPath(uint32_t point) const {
  return fmt::format("{}/failed/{:06}", path_, point);
}

bool SweepDirectory::IsFinished(uint32_t point) const {
  std::error_code ignored;
  return fs::exists(PointPath(point), ignored);
}

bool SweepDirectory::HasFailed(uint32_t point) const {
  std::error_code ignored;
  return fs::exists(FailedPath(point), ignored);
}

std::vector<uint32_t> SweepDirectory::Missing(uint32_t points, const Shard& shard) const {
  std::vector<uint32_t> missing;
  for (uint32_t point = 0; point < points; ++point) {
    if (shard.Has(point) && !IsFinished(point) && !HasFailed(point)) missing.push_back(point);
  }
  return missing;
}

void SweepDirectory::RemoveLeftoversOf(int pid) const {
  const std::string mark = fmt::format("{}{}", kTemporary, pid);
  RemoveMarked(path_ + "/points", mark);
  RemoveMarked(path_ + "/failed", mark);
}

}  // namespace biotope
