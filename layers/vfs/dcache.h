#ifndef BIOTOPE_LAYERS_VFS_DCACHE_H_
#define BIOTOPE_LAYERS_VFS_DCACHE_H_

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "layers/ext2/messages.h"

namespace biotope {

// Names that have been looked up (fs/dcache.c). A name that does not exist is remembered too.
// Left out on purpose: shrinking under memory pressure.
class Dcache {
 public:
  // Whether the name is known; if so, `*inode` is its inode, or null for a negative entry.
  bool Lookup(uint32_t directory, std::string_view name, VfsInode** inode) const {
    const auto found = entries_.find(std::pair(directory, name));
    if (found == entries_.end()) return false;
    *inode = found->second;
    return true;
  }
  void Add(uint32_t directory, std::string_view name, VfsInode* inode) {
    entries_.emplace(std::pair(directory, std::string(name)), inode);
  }

 private:
  struct Less {
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.first != b.first ? a.first < b.first
                                : std::string_view(a.second) < std::string_view(b.second);
    }
  };
  std::map<std::pair<uint32_t, std::string>, VfsInode*, Less> entries_;
};

}  // namespace biotope

#endif  // BIOTOPE_LAYERS_VFS_DCACHE_H_
