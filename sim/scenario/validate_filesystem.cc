#include <fmt/format.h>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "sim/core/units.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/validate.h"

namespace biotope {
namespace {

constexpr size_t kLongestName = 255;  // EXT2_NAME_LEN

// A size that the rules may already have refused.
std::optional<uint64_t> SizeOf(const std::string& text) {
  try {
    return ParseSize(text).value();
  } catch (const ScenarioError&) {
    return std::nullopt;
  }
}

// The size of a device, as far as its description says it.
std::optional<uint64_t> CapacityInSectors(const Device& device) {
  switch (device.model_case()) {
    case Device::kFixedLatency:
      return device.fixed_latency().capacity_sectors();
    case Device::kHdd:  // follows from its zones; whoever builds the drive checks it
    case Device::kDriveDirectory:
    case Device::kSsd:
    case Device::MODEL_NOT_SET:
      return std::nullopt;
  }
  return std::nullopt;
}

std::vector<std::string_view> Components(std::string_view path) {
  std::vector<std::string_view> components;
  size_t begin = 0;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('/', begin), path.size());
    components.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return components;
}

// What is wrong with a path below the root of a file system that is to be made, or "".
std::string PathMistake(const std::string& path) {
  if (path.starts_with('/')) return "must not begin with '/': it counts from the root of the image";
  for (const std::string_view component : Components(path)) {
    if (component.empty()) return "has an empty component";
    if (component == "." || component == "..") return "must not contain '.' or '..'";
    if (component.size() > kLongestName) {
      return fmt::format("has a component of more than {} bytes", kLongestName);
    }
  }
  return "";
}

// Checks the names of the files to be made; a name stands for a file or for a directory, not both.
class FileNames {
 public:
  // Returns what is wrong with `path`, the name of entry `index`, or "".
  std::string Add(const std::string& path, int index) {
    if (const std::string mistake = PathMistake(path); !mistake.empty()) return mistake;
    for (size_t cut = path.find('/'); cut != std::string::npos; cut = path.find('/', cut + 1)) {
      const auto [entry, inserted] = entries_.emplace(path.substr(0, cut), Entry{index, false});
      if (entry->second.is_file) {
        return fmt::format("lies below {}, which is a file (entry {})", Quote(entry->first),
                           entry->second.index);
      }
    }
    const auto [entry, inserted] = entries_.emplace(path, Entry{index, true});
    if (inserted) return "";
    return fmt::format("is {} of entry {} already",
                       entry->second.is_file ? "the file" : "a directory", entry->second.index);
  }

 private:
  struct Entry {
    int index;
    bool is_file;
  };
  std::map<std::string, Entry> entries_;
};

void CheckSynthesize(const Synthesize& synthesize, std::vector<Problem>* problems) {
  const std::string base = "filesystem.synthesize";
  FileNames names;
  uint64_t total = 0;
  for (int i = 0; i < synthesize.file_size(); ++i) {
    const SynthesizedFile& file = synthesize.file(i);
    const std::string path = IndexPath(JoinPath(base, "file"), i);
    if (!file.path().empty()) {
      if (const std::string mistake = names.Add(file.path(), i); !mistake.empty()) {
        const std::string field = JoinPath(path, "path");
        problems->push_back(
            {field, fmt::format("{}: {} {}", field, Quote(file.path()), mistake), {}});
      }
    }
    if (__builtin_add_overflow(total, SizeOf(file.size()).value_or(0), &total)) total = UINT64_MAX;
  }
  const std::optional<uint64_t> size = SizeOf(synthesize.size());
  if (size && total > *size) {
    const std::string field = JoinPath(base, "size");
    problems->push_back({field,
                         fmt::format("{}: the files have {} bytes, more than the file system ({})",
                                     field, total, synthesize.size()),
                         {}});
  }
}

void CheckFits(const Scenario& scenario, std::vector<Problem>* problems) {
  const std::optional<uint64_t> capacity = CapacityInSectors(scenario.block_device().device());
  if (!capacity || *capacity == 0) return;
  const FileSystem& filesystem = scenario.filesystem();
  const uint64_t start = filesystem.start_sector();
  if (start >= *capacity) {
    problems->push_back({"filesystem.start_sector",
                         fmt::format("filesystem.start_sector: sector {} lies beyond the device, "
                                     "which has {} sectors",
                                     start, *capacity),
                         {}});
    return;
  }
  const std::optional<uint64_t> size = SizeOf(filesystem.synthesize().size());
  if (!filesystem.has_synthesize() || !size) return;
  if (*size / kSectorSize > *capacity - start) {
    problems->push_back({"filesystem.synthesize.size",
                         fmt::format("filesystem.synthesize.size: the file system ({} sectors from "
                                     "sector {}) does not fit on the device, which has {}",
                                     *size / kSectorSize, start, *capacity),
                         {}});
  }
}

void CheckMountPoint(const std::string& mount_point, std::vector<Problem>* problems) {
  if (!mount_point.starts_with('/') || mount_point == "/") return;
  for (const std::string_view component : Components(mount_point.substr(1))) {
    if (!component.empty() && component != "." && component != "..") continue;
    problems->push_back(
        {"filesystem.mount_point",
         fmt::format("filesystem.mount_point must be written without '.', '..', '//' "
                     "and a '/' at the end, got {}",
                     Quote(mount_point)),
         {}});
    return;
  }
}

}  // namespace

std::vector<Problem> CheckFileSystem(const Scenario& scenario) {
  std::vector<Problem> problems;
  if (!scenario.has_filesystem()) return problems;
  const FileSystem& filesystem = scenario.filesystem();
  CheckMountPoint(filesystem.mount_point(), &problems);
  if (filesystem.has_image() && filesystem.image().empty()) {
    problems.push_back({"filesystem.image", "filesystem.image is empty", {}});
  }
  if (filesystem.has_synthesize()) CheckSynthesize(filesystem.synthesize(), &problems);
  CheckFits(scenario, &problems);
  return problems;
}

}  // namespace biotope
