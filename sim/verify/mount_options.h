#ifndef BIOTOPE_SIM_VERIFY_MOUNT_OPTIONS_H_
#define BIOTOPE_SIM_VERIFY_MOUNT_OPTIONS_H_

#include <map>
#include <string>
#include <string_view>

namespace biotope {

// The options of "-t ext2 -o ro,noatime,inode_readahead_blks=0", with their values, "" where one
// has none.
std::map<std::string, std::string> MountOptions(std::string_view mount);

// An option that this program cannot simulate, as a reason; "" if there is none.
std::string UnsupportedMountOption(std::string_view mount);

}  // namespace biotope

#endif  // BIOTOPE_SIM_VERIFY_MOUNT_OPTIONS_H_
