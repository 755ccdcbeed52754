#include "sim/world/drive_directory.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <limits>
#include <locale>
#include <map>
#include <sstream>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/core/error.h"
#include "sim/trace/line_reader.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

constexpr double kPicosecondsPerMs = 1e9;
constexpr double kNanosecondsPerMs = 1e6;
constexpr double kLongestMs = 60'000;

// What a parallel SCSI bus needs at least before it carries a command (SCSI-2, ANSI X3.131-1994,
// table of bus timings): bus free delay 0.8 us, arbitration delay 2.4 us, bus clear delay 0.8 us,
// bus settle delay 0.4 us.
constexpr Tick kLeastArbitration = kNanosecond * 4'400;

// The lines of a table below the names of its columns.
class CsvFile : public LineReader {
 public:
  explicit CsvFile(const std::string& path) : LineReader(path) { LineReader::Next(); }

  bool Next() {
    if (!LineReader::Next()) return false;
    SplitAt(',');
    return true;
  }
};

// The lines of parameters.csv. A parameter that is not there is 0, as it is in DiskSim.
class ParameterTable {
 public:
  explicit ParameterTable(const std::string& path) : path_(path) {
    CsvFile file(path);
    while (file.Next()) {
      values_[{std::string(file.Text(0)), std::string(file.Text(1))}] = file.Text(2);
    }
  }

  bool Has(const char* component, const char* name) const {
    return values_.count({component, name}) != 0;
  }

  double Number(const char* component, const char* name) const {
    const auto found = values_.find({component, name});
    if (found == values_.end()) return 0;
    const std::vector<double> numbers = Numbers(component, name);
    if (numbers.size() != 1) Fail(name, found->second);
    return numbers.front();
  }

  std::vector<double> Numbers(const char* component, const char* name) const {
    std::vector<double> numbers;
    const auto found = values_.find({component, name});
    if (found == values_.end()) return numbers;
    std::istringstream in(found->second);
    in.imbue(std::locale::classic());
    double number = 0;
    while (in >> number) numbers.push_back(number);
    if (!in.eof() || numbers.empty()) Fail(name, found->second);
    return numbers;
  }

  uint32_t Count(const char* component, const char* name) const {
    const double number = Number(component, name);
    if (number < 0 || number > std::numeric_limits<uint32_t>::max() ||
        number != std::floor(number)) {
      Fail(name, values_.at({component, name}));
    }
    return static_cast<uint32_t>(number);
  }

  bool Flag(const char* name) const { return Number("drive", name) != 0; }

  int64_t Picoseconds(const char* component, const char* name) const {
    const double ms = Number(component, name);
    if (std::abs(ms) > kLongestMs) Fail(name, values_.at({component, name}));
    return std::llround(ms * kPicosecondsPerMs);
  }

  // What DiskSim does with a negative time of a sector on the bus: it takes none.
  Tick Time(const char* component, const char* name) const {
    return Tick(static_cast<uint64_t>(std::max<int64_t>(0, Picoseconds(component, name))));
  }

  // A time of the controller, which a factor may stretch.
  Tick Overhead(const char* name) const {
    const double scale =
        Has("drive", "Time scale for overheads") ? Number("drive", "Time scale for overheads") : 1;
    const double ms = Number("drive", name) * scale;
    if (ms < 0 || ms > kLongestMs) Fail(name, fmt::format("{}", ms));
    return Tick(static_cast<uint64_t>(std::llround(ms * kPicosecondsPerMs)));
  }

 private:
  [[noreturn]] void Fail(const char* name, const std::string& value) const {
    throw ScenarioError(
        fmt::format("{}: error: \"{}\": \"{}\" is not a possible value", path_, name, value));
  }

  const std::string path_;
  std::map<std::pair<std::string, std::string>, std::string> values_;
};

uint32_t NanosecondsOf(double ms) {
  return static_cast<uint32_t>(
      std::clamp(std::llround(ms * kNanosecondsPerMs), 0ll, 4'000'000'000ll));
}

std::vector<HddSeekPoint> ReadSeekCurve(const std::string& path) {
  CsvFile file(path);
  std::vector<HddSeekPoint> points;
  while (file.Next()) {
    const uint64_t distance = file.Unsigned(0);
    const double ms = file.Number(1);
    if (distance > std::numeric_limits<uint32_t>::max()) file.Fail("the distance is too long");
    if (ms < 0 || ms > 4000) file.Fail(fmt::format("{} ms are no seek time", ms));
    if (distance == 0) continue;  // 0 ms, always
    points.push_back(
        {.distance = static_cast<uint32_t>(distance), .nanoseconds = NanosecondsOf(ms)});
  }
  return points;
}

// Ruemmler and Wilkes: a + b * sqrt(d) below the boundary, c + e * d from it on; the shortest
// distances are measured.
std::vector<HddSeekPoint> SeekCurveOf(const ParameterTable& table, uint32_t cylinders,
                                      const std::string& path) {
  const std::vector<double> formula = table.Numbers("model", "HPL seek equation values");
  const std::vector<double> measured = table.Numbers("model", "First ten seek times");
  if (formula.size() < 5) {
    throw ScenarioError(
        fmt::format("{}: there is no seek_curve.csv, and parameters.csv has no "
                    "\"HPL seek equation values\"",
                    path));
  }
  std::vector<HddSeekPoint> points;
  for (uint32_t distance = 1; distance < cylinders; ++distance) {
    const double d = distance;
    double ms =
        d < formula[0] ? formula[1] + formula[2] * std::sqrt(d) : formula[3] + formula[4] * d;
    if (distance <= measured.size()) ms = measured[distance - 1];
    points.push_back({.distance = distance, .nanoseconds = NanosecondsOf(ms)});
  }
  return points;
}

template <class T>
T Narrow(const CsvFile& file, size_t index) {
  const int64_t value = file.Signed(index);
  if (value < std::numeric_limits<T>::min() || value > std::numeric_limits<T>::max()) {
    file.Fail(fmt::format("{} is out of range", value));
  }
  return static_cast<T>(value);
}

std::vector<HddTrackRun> ReadTrackRuns(const std::string& path) {
  CsvFile file(path);
  std::vector<HddTrackRun> runs;
  while (file.Next()) {
    runs.push_back({.first_sector = file.Unsigned(0),
                    .tracks = Narrow<uint32_t>(file, 1),
                    .addressable = Narrow<uint32_t>(file, 2),
                    .cylinder = Narrow<uint32_t>(file, 3),
                    .head = Narrow<uint32_t>(file, 4),
                    .first_on_track = Narrow<uint32_t>(file, 5),
                    .sectors_per_track = Narrow<uint32_t>(file, 6),
                    .angle = Narrow<uint32_t>(file, 7),
                    .cylinder_step = Narrow<int32_t>(file, 8),
                    .head_step = Narrow<int32_t>(file, 9),
                    // A step back is one forward around the circle.
                    .angle_step = static_cast<Angle>(file.Signed(10))});
    const uint64_t expected = runs.size() == 1 ? 0 : runs[runs.size() - 2].end();
    if (runs.back().first_sector != expected) {
      file.Fail(fmt::format("the run begins at sector {}, but the one before ends at {}",
                            runs.back().first_sector, expected));
    }
  }
  return runs;
}

std::vector<HddTrackRun> ReadMap(const fs::path& directory) {
  for (const char* name : {"lbn_map.csv", "lbn_map.csv.gz"}) {
    if (fs::exists(directory / name)) return ReadTrackRuns(directory / name);
  }
  throw ScenarioError(
      fmt::format("{}: there is no lbn_map.csv and no lbn_map.csv.gz, which say "
                  "where the sectors lie",
                  directory.string()));
}

HddOverhead OverheadOf(const ParameterTable& table, const char* read_after_read,
                       const char* read_after_write, const char* write_after_read,
                       const char* write_after_write) {
  return {.read_after_read = table.Overhead(read_after_read),
          .read_after_write = table.Overhead(read_after_write),
          .write_after_read = table.Overhead(write_after_read),
          .write_after_write = table.Overhead(write_after_write)};
}

// DiskSim's numbers.
HddReadAhead ReadAheadOf(uint32_t number) {
  switch (number) {
    case 1:
      return HddReadAhead::kTrackEnd;
    case 2:
      return HddReadAhead::kCylinderEnd;
    case 3:
      return HddReadAhead::kSegment;
    case 4:
      return HddReadAhead::kStream;
    default:
      return HddReadAhead::kNone;
  }
}

// Whether a read begins with whatever sector of the track passes first and keeps all of them. That
// needs both: to read at once, and a place for sectors that nobody asked for.
bool ReadsTracksInAnyOrder(const ParameterTable& table) {
  return table.Flag("Immediate buffer read") && table.Flag("Read any free blocks");
}

HddCache CacheOf(const ParameterTable& table) {
  HddCache cache;
  cache.enabled = table.Flag("Enable caching in buffer");
  cache.segments = std::max(1u, table.Count("drive", "Number of buffer segments"));
  cache.segment_sectors = table.Count("drive", "Segment size (in blks)");
  cache.write_segments = std::max(1u, table.Count("drive", "Maximum number of write segments"));
  cache.separate_write_segment = table.Flag("Use separate write segment") && cache.segments > 1;
  cache.read_hits_on_writes = table.Flag("Allow read hits on write data");
  cache.read_hits_while_writing = table.Flag("Allow sneaky full read hits");
  cache.read_ahead = ReadAheadOf(table.Count("drive", "Buffer continuous read"));
  cache.max_read_ahead = table.Count("drive", "Maximum read-ahead (blks)");
  cache.read_ahead_on_hit = table.Flag("Read-ahead on idle hit");
  cache.read_free_sectors = ReadsTracksInAnyOrder(table);
  cache.stop_in_sector = table.Flag("Stop prefetch in sector");
  cache.fast_write = table.Flag("Fast write level");
  cache.write_while_writing = table.Flag("Allow write prebuffering");
  cache.combine_writes = table.Flag("Combine seq writes");
  return cache;
}

HddExtraDisconnect ExtraDisconnectOf(const ParameterTable& table) {
  HddExtraDisconnect extra;
  extra.enabled = table.Flag("Extra write disconnect");
  extra.command = table.Overhead("Extradisc command overhead");
  extra.seek_delay = table.Overhead("Extradisc seek delta");
  extra.first_disconnect = table.Overhead("Extradisc disconnect overhead");
  extra.pause = table.Overhead("Extradisc inter-disconnect delay");
  extra.second_disconnect = table.Overhead("Extradisc 2nd disconnect overhead");
  // Not in the table: Worthington et al. found them for the drive that has the extra disconnect.
  extra.buffered_before_short = 10;
  extra.buffered_before_long = 15;
  extra.long_write = 45;
  return extra;
}

HddBus BusOf(const ParameterTable& table) {
  const Tick drive = table.Time("drive", "Bulk sector transfer time");
  HddBus bus;
  // The tables that are known say 0, which no bus can do.
  bus.arbitration = std::max(kLeastArbitration, table.Time("bus1", "Arbitration time"));
  bus.read_sector = std::max(drive, table.Time("bus1", "Read block transfer time"));
  bus.write_sector = std::max(drive, table.Time("bus1", "Write block transfer time"));
  bus.hold = table.Flag("Hold bus entire read xfer");
  bus.never_disconnect = table.Flag("Never disconnect");
  bus.read_watermark_permille =
      static_cast<uint32_t>(std::lround(table.Number("drive", "High (read) water mark") * 1000));
  bus.data_preparation = table.Overhead("Data preparation overhead");
  bus.first_reselect = table.Overhead("First reselect overhead");
  bus.other_reselect = table.Overhead("Other reselect overhead");
  bus.disconnect_read_after_read = table.Overhead("Read disconnect afterread");
  bus.disconnect_read_after_write = table.Overhead("Read disconnect afterwrite");
  bus.disconnect_write = table.Overhead("Write disconnect overhead");
  bus.read_completion = table.Overhead("Read completion overhead");
  bus.write_completion = table.Overhead("Write completion overhead");
  bus.extra = ExtraDisconnectOf(table);
  return bus;
}

// DiskSim's numbers of its schedulers: 2 and 5 sweep, those from 8 on look at positions.
HddQueue QueueOf(const ParameterTable& table) {
  HddQueue queue;
  queue.depth = std::max(1u, table.Count("drive", "Max queue length"));
  const uint32_t policy = table.Count("drive", "Scheduling policy");
  if (policy >= 8) queue.policy = HddQueuePolicy::kSptf;
  if (policy == 2 || policy == 5) queue.policy = HddQueuePolicy::kLook;
  return queue;
}

}  // namespace

bool IsDriveDirectory(const std::string& path) {
  std::error_code ignored;
  return fs::is_regular_file(fs::path(path) / "parameters.csv", ignored);
}

HddParameters ReadDriveDirectory(const std::string& path) {
  const fs::path directory(path);
  const ParameterTable table(directory / "parameters.csv");
  HddParameters hdd;
  const double rpm = table.Number("model", "Rotation speed (in rpms)");
  if (!(rpm > 0)) throw ScenarioError(fmt::format("{}: how fast it turns is missing", path));
  hdd.revolution = Tick(static_cast<uint64_t>(std::llround(60'000 / rpm * kPicosecondsPerMs)));
  hdd.surfaces = table.Count("model", "Number of data surfaces");
  hdd.track_runs = ReadMap(directory);
  hdd.capacity = Sector(table.Count("model", "Block count"));
  hdd.seek_curve = fs::exists(directory / "seek_curve.csv")
                       ? ReadSeekCurve(directory / "seek_curve.csv")
                       : SeekCurveOf(table, table.Count("model", "Number of cylinders"), path);
  hdd.head_switch = table.Time("model", "Head switch time");
  hdd.write_settle_ps = table.Picoseconds("model", "Add. write settling delay");
  hdd.minimum_write_seek = table.Time("drive", "Minimum seek delay");
  hdd.zero_latency_read = ReadsTracksInAnyOrder(table);
  hdd.zero_latency_write = table.Flag("Immediate buffer write");
  hdd.overhead = OverheadOf(table, "Read miss over. after read", "Read miss over. after write",
                            "Write miss over. after read", "Write miss over. after write");
  hdd.hit_overhead = OverheadOf(table, "Read hit over. after read", "Read hit over. after write",
                                "Write hit over. after read", "Write hit over. after write");
  hdd.bus = BusOf(table);
  hdd.cache = CacheOf(table);
  hdd.queue = QueueOf(table);
  hdd.Validate();
  return hdd;
}

}  // namespace biotope
