#ifndef BIOTOPE_TESTS_LAYERS_DISK_HDD_SHARED_DRIVES_H_
#define BIOTOPE_TESTS_LAYERS_DISK_HDD_SHARED_DRIVES_H_

#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <string>

namespace biotope {

// A file or directory of the recordings of real drives, which are not part of the repository.
inline std::string SharedDisk(const std::string& name) {
  const char* shared = std::getenv("BIOTOPE_SHARED");
  return fmt::format("{}/validation/disk/{}", shared != nullptr ? shared : "../shared", name);
}

inline bool HaveShared(const std::string& name) {
  return std::filesystem::exists(SharedDisk(name));
}

}  // namespace biotope

#endif  // BIOTOPE_TESTS_LAYERS_DISK_HDD_SHARED_DRIVES_H_
