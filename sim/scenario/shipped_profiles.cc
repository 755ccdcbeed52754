#include "sim/scenario/shipped_profiles.h"

#include <string>

#include "configs/profiles.h"

namespace biotope {

std::vector<InputFile> ShippedProfiles::Files() const {
  std::vector<InputFile> files;
  for (const EmbeddedFile& file : EmbeddedProfiles()) {
    files.push_back({std::string(file.path), std::string(file.contents)});
  }
  return files;
}

}  // namespace biotope
