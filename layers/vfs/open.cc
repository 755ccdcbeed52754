// The part of the VFS that opens files: fs/open.c and fs/namei.c (Linux 2.6.11).

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <utility>

#include "layers/vfs/vfs.h"

namespace biotope {
namespace {

constexpr size_t kPathMax = 4096;  // PATH_MAX, with the final NUL
constexpr size_t kNameMax = 255;
constexpr int kNestedLinksMax = 5;  // MAX_NESTED_LINKS
constexpr int kTotalLinksMax = 40;

// Takes the mount point off the front of an absolute path; there is nothing beside it in the tree.
bool StripMountPoint(std::string_view mount_point, std::string* path) {
  while (mount_point.ends_with('/')) mount_point.remove_suffix(1);
  if (!path->starts_with(mount_point)) return false;
  if (path->size() > mount_point.size() && (*path)[mount_point.size()] != '/') return false;
  path->erase(0, mount_point.size());
  return true;
}

}  // namespace

Co<int64_t> Vfs::SysOpen(Context& context, const SyscallArguments& arguments) {
  co_await Execute(context, costs_.sys_open);
  // getname comes before the descriptor, the descriptor before the walk: that is the order of
  // errors.
  if (arguments.path.empty()) co_return -ENOENT;
  if (arguments.path.size() >= kPathMax) co_return -ENAMETOOLONG;
  const int fd = arguments.files->GetUnusedFd();
  if (fd < 0) co_return fd;
  const int64_t result = co_await FilpOpen(context, arguments, fd);
  if (result < 0) arguments.files->PutUnusedFd(fd);
  co_return result;
}

// filp_open: open_namei, then dentry_open and fd_install.
Co<int64_t> Vfs::FilpOpen(Context& context, const SyscallArguments& arguments, int fd) {
  Walk walk;
  const bool follow = (arguments.flags & O_NOFOLLOW) == 0;
  co_await LinkPathWalk(context, std::string(arguments.path), follow, &walk);
  if (walk.error == -ENOENT && (arguments.flags & O_CREAT) != 0) co_return -EROFS;
  if (walk.error != 0) co_return walk.error;
  if ((arguments.flags & O_CREAT) != 0 && (arguments.flags & O_EXCL) != 0) co_return -EEXIST;
  const int refused = MayOpen(*walk.inode, arguments.flags);
  if (refused != 0) co_return refused;

  auto file = std::make_unique<File>();
  file->inode = walk.inode;
  file->flags = arguments.flags & ~(O_CREAT | O_EXCL | O_NOCTTY | O_TRUNC);
  file->readahead = readahead_.Open(parameters_.read_ahead_pages);
  arguments.files->Install(fd, std::move(file));
  co_return fd;
}

// may_open, for root. What a file holds can be written in place (O_DIRECT); for everything else the
// file system is mounted read-only.
int Vfs::MayOpen(const VfsInode& inode, int flags) const {
  const bool write = (flags & O_ACCMODE) != O_RDONLY;
  if (inode.type == VfsInode::Type::kSymlink) return -ELOOP;
  if (inode.type == VfsInode::Type::kDirectory && write) return -EISDIR;
  if (inode.type != VfsInode::Type::kDirectory && (flags & O_DIRECTORY) != 0) return -ENOTDIR;
  if (inode.type == VfsInode::Type::kOther) return -ENXIO;  // a device that this machine lacks
  if ((flags & O_TRUNC) != 0 || (write && (flags & O_DIRECT) == 0)) return -EROFS;
  return 0;
}

// link_path_walk, from the root directory (also the working directory of every task).
Co<> Vfs::LinkPathWalk(Context& context, std::string path, bool follow_last, Walk* walk) {
  if (path.front() == '/' && !StripMountPoint(parameters_.mount_point, &path)) {
    walk->error = -ENOENT;
    co_return;
  }
  if (walk->inode == nullptr || path.empty() || path.front() == '/') walk->inode = root_;
  size_t at = 0;
  while (at < path.size() && walk->error == 0) {
    const size_t begin = path.find_first_not_of('/', at);
    if (begin == std::string::npos) break;
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string_view name = std::string_view(path).substr(begin, end - begin);
    const bool last = path.find_first_not_of('/', end) == std::string::npos;
    const bool trailing_slash = last && end < path.size();
    at = end;

    co_await Execute(context, costs_.link_path_walk, name.size());
    if (walk->inode->type != VfsInode::Type::kDirectory) {
      walk->error = -ENOTDIR;
      co_return;
    }
    if (name == ".") continue;
    VfsInode* directory = walk->inode;
    VfsInode* found = co_await DoLookup(context, directory, name, &walk->error);
    if (walk->error != 0) co_return;
    walk->inode = found;
    if (found->type == VfsInode::Type::kSymlink && (follow_last || !last || trailing_slash)) {
      if (walk->nested_links >= kNestedLinksMax || walk->total_links >= kTotalLinksMax) {
        walk->error = -ELOOP;
        co_return;
      }
      FollowLink link;
      link.inode = found;
      co_await Ask(ext2_.follow_link, link, context);
      walk->error = link.error;
      if (walk->error == 0 && link.target.empty()) walk->error = -ENOENT;
      if (walk->error != 0) co_return;
      walk->inode = directory;  // a relative target begins where the link lies
      ++walk->nested_links;
      ++walk->total_links;
      co_await LinkPathWalk(context, std::move(link.target), true, walk);
      --walk->nested_links;
      if (walk->error != 0) co_return;
    }
    if (trailing_slash && walk->inode->type != VfsInode::Type::kDirectory) walk->error = -ENOTDIR;
  }
}

// do_lookup: the dcache, then the file system.
Co<VfsInode*> Vfs::DoLookup(Context& context, VfsInode* directory, std::string_view name,
                            int* error) {
  if (name.size() > kNameMax) {
    *error = -ENAMETOOLONG;
    co_return nullptr;
  }
  // The root of the tree is its own parent.
  if (name == ".." && directory == root_) co_return root_;
  VfsInode* inode = nullptr;
  if (!dcache_.Lookup(directory->ino, name, &inode)) {
    LookupName lookup;
    lookup.directory = directory;
    lookup.name = name;
    co_await Ask(ext2_.lookup, lookup, context);
    *error = lookup.error;
    if (lookup.error != 0) co_return nullptr;
    inode = lookup.inode;
    dcache_.Add(directory->ino, name, inode);
  }
  if (inode == nullptr) *error = -ENOENT;
  co_return inode;
}

}  // namespace biotope
