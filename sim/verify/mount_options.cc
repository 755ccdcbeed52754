#include "sim/verify/mount_options.h"

#include <algorithm>
#include <array>

namespace biotope {

std::map<std::string, std::string> MountOptions(std::string_view mount) {
  std::map<std::string, std::string> options;
  constexpr std::string_view kFlag = "-o ";
  const size_t flag = mount.find(kFlag);
  if (flag == std::string_view::npos) return options;
  std::string_view list = mount.substr(flag + kFlag.size());
  list = list.substr(0, list.find(' '));
  while (!list.empty()) {
    const size_t end = std::min(list.find(','), list.size());
    const std::string_view option = list.substr(0, end);
    const size_t equals = std::min(option.find('='), option.size());
    options[std::string(option.substr(0, equals))] =
        option.substr(std::min(equals + 1, option.size()));
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return options;
}

std::string UnsupportedMountOption(std::string_view mount) {
  // ro and noatime are what a file system has that is never written. The readahead of inode tables
  // belongs to fs/ext4, which reads ext2 file systems in later kernels.
  constexpr std::array<std::string_view, 3> kKnown = {"ro", "noatime", "inode_readahead_blks"};
  for (const auto& [option, value] : MountOptions(mount)) {
    if (option == "rw") return "writing";
    if (std::find(kKnown.begin(), kKnown.end(), option) == kKnown.end()) {
      return "mount option " + option;
    }
  }
  return "";
}

}  // namespace biotope
