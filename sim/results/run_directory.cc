#include "sim/results/run_directory.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <utility>

#include "sim/core/error.h"

namespace biotope {

namespace fs = std::filesystem;

RunDirectory::RunDirectory(std::string path) : path_(std::move(path)) {
  std::error_code error;
  std::string name = path_;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  if (name.empty() || name == "-") {
    throw EnvironmentError("a run directory needs a name");
  }
  if (fs::exists(name, error) && !(fs::is_directory(name, error) && fs::is_empty(name, error))) {
    throw EnvironmentError(
        fmt::format("{} exists already; remove it or choose another -o directory", name));
  }
  const std::string temporary = fmt::format("{}.tmp-{}", name, getpid());
  fs::create_directories(temporary, error);
  if (error) throw EnvironmentError(fmt::format("{}: {}", temporary, error.message()));
  temporary_ = temporary;
}

RunDirectory::~RunDirectory() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

std::string RunDirectory::PathOf(std::string_view name) const {
  return fmt::format("{}/{}", temporary_, name);
}

void RunDirectory::Write(std::string_view name, std::string_view contents) const {
  const std::string path = PathOf(name);
  std::ofstream file(path, std::ios::binary);
  file.write(contents.data(), static_cast<std::streamsize>(contents.size()));
  file.close();
  if (!file) throw EnvironmentError(fmt::format("{}: {}", path, std::strerror(errno)));
}

void RunDirectory::Commit() {
  std::string name = path_;
  while (name.size() > 1 && name.ends_with('/')) name.pop_back();
  std::error_code error;
  fs::rename(temporary_, name, error);  // replaces an empty directory
  if (error) {
    throw EnvironmentError(
        fmt::format("{} cannot be renamed to {}: {}", temporary_, name, error.message()));
  }
  temporary_.clear();
}

Result ReadResult(const std::string& run_dir) {
  const std::string path = fmt::format("{}/{}", run_dir, kResultFile);
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw EnvironmentError(fmt::format("{}: {}; `biotope run SCENARIO -o {}` makes a run directory",
                                       path, std::strerror(errno), run_dir));
  }
  Result result;
  if (!result.ParseFromIstream(&file)) {
    throw ScenarioError(fmt::format("{}: this is no result of biotope, or it is damaged", path));
  }
  return result;
}

}  // namespace biotope
