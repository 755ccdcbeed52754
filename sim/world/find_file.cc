#include "sim/world/find_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/core/error.h"

namespace biotope {
namespace {

constexpr int kLinksMax = 40;

// One walk from the root directory; the same rules as the VFS has, without its costs.
class Finder {
 public:
  explicit Finder(Image& image) : image_(image), at_(image.ReadInode(kRootInode)) {}

  // Follows `path`. Throws ScenarioError.
  void Walk(std::string_view path) {
    size_t begin = 0;
    while ((begin = path.find_first_not_of('/', begin)) != std::string_view::npos) {
      const size_t end = std::min(path.find('/', begin), path.size());
      Step(path.substr(begin, end - begin));
      begin = end;
    }
  }
  const Inode& at() const { return at_; }

 private:
  void Step(std::string_view name) {
    if (name == ".") return;
    if (at_.type != VfsInode::Type::kDirectory) throw ScenarioError("is not a directory");
    const Inode directory = at_;
    const uint64_t pages = (directory.size.value() + kPageSize - 1) / kPageSize;
    uint32_t ino = 0;
    std::string problem;
    for (uint64_t page = 0; page < pages && ino == 0; ++page) {
      if (!image_.FindEntry(directory, PageIndex(page), name, &ino, &problem)) {
        throw ScenarioError(problem);
      }
    }
    if (ino == 0) throw ScenarioError(fmt::format("there is no \"{}\"", name));
    at_ = image_.ReadInode(ino);
    if (at_.type != VfsInode::Type::kSymlink) return;
    if (++links_ > kLinksMax) throw ScenarioError("there are too many symbolic links");
    const std::string target = image_.ReadLink(at_);
    if (target.starts_with("/")) {
      throw ScenarioError(fmt::format("\"{}\" is a symbolic link that leaves the image", name));
    }
    at_ = directory;
    Walk(target);
  }

  Image& image_;
  Inode at_;
  int links_ = 0;
};

}  // namespace

FoundFile FindFile(Image& image, const std::string& mount_point, const std::string& path) {
  std::string_view prefix = mount_point;
  while (prefix.ends_with('/')) prefix.remove_suffix(1);
  if (!path.starts_with(prefix)) {
    return {std::nullopt,
            fmt::format("\"{}\" lies outside of the mount point {}", path, mount_point)};
  }
  FoundFile found;
  try {
    Finder finder(image);
    finder.Walk(std::string_view(path).substr(prefix.size()));
    if (finder.at().type != VfsInode::Type::kRegular) {
      return {std::nullopt, fmt::format("\"{}\" is no regular file", path)};
    }
    image.CheckFile(finder.at());
    found.inode = finder.at();
  } catch (const ScenarioError& error) {
    found.problem =
        fmt::format("\"{}\" cannot be used from {}: {}", path, image.name(), error.what());
  }
  return found;
}

}  // namespace biotope
