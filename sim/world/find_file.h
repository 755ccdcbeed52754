#ifndef BIOTOPE_SIM_WORLD_FIND_FILE_H_
#define BIOTOPE_SIM_WORLD_FIND_FILE_H_

#include <optional>
#include <string>

#include "layers/ext2/image.h"

namespace biotope {

// What a path of a scenario leads to in its image.
struct FoundFile {
  std::optional<Inode> inode;
  std::string problem;  // why there is no regular file; empty if there is one
};

// Looks for the regular file at `path`, an absolute path below `mount_point`, and checks its block
// map.
FoundFile FindFile(Image& image, const std::string& mount_point, const std::string& path);

}  // namespace biotope

#endif  // BIOTOPE_SIM_WORLD_FIND_FILE_H_
