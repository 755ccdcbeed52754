#include "sim/verify/image_store.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>
#include <vector>

#include "sim/core/error.h"

namespace biotope {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPacked = ".img.xz";

// The four places in `directory` that an image can have; "" if it is in none.
std::string FindIn(const fs::path& directory, const std::string& name) {
  for (const fs::path& folder : {directory, directory / name}) {
    for (const char* extension : {".img", kPacked}) {
      const fs::path path = folder / (name + extension);
      if (fs::is_regular_file(path)) return path.string();
    }
  }
  return "";
}

// Folders in which cases of one kind keep the images: beside the case, and beside the cases of
// other kernels, because they share images.
std::vector<fs::path> FoldersBeside(const std::string& case_directory) {
  const fs::path cases = fs::absolute(case_directory).lexically_normal() / "..";
  std::vector<fs::path> folders = {cases / "images"};
  std::error_code ignored;
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(cases / "..", ignored)) {
    others.push_back(entry.path() / "images");
  }
  std::sort(others.begin(), others.end());
  folders.push_back(cases / ".." / "images");
  folders.insert(folders.end(), others.begin(), others.end());
  return folders;
}

// A new file without a name, for what is too large for memory.
int AnonymousFile() {
  std::string name = (fs::temp_directory_path() / "biotope-image-XXXXXX").string();
  const int descriptor = mkostemp(name.data(), O_CLOEXEC);
  if (descriptor < 0) throw EnvironmentError(fmt::format("{}: {}", name, std::strerror(errno)));
  unlink(name.c_str());
  return descriptor;
}

// A pipe from a program's standard output.
class Program {
 public:
  explicit Program(std::vector<std::string> arguments) : name_(arguments[0]) {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw EnvironmentError(std::strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
    posix_spawn_file_actions_addclose(&actions, ends[0]);
    posix_spawn_file_actions_addclose(&actions, ends[1]);
    std::vector<char*> argv;
    for (std::string& argument : arguments) argv.push_back(argument.data());
    argv.push_back(nullptr);
    const int error = posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[1]);
    output_ = ends[0];
    if (error != 0) {
      close(output_);
      throw EnvironmentError(fmt::format("{}: cannot be run: {}", name_, std::strerror(error)));
    }
  }
  ~Program() {
    close(output_);
    if (pid_ > 0) waitpid(pid_, nullptr, 0);
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // 0: the end.
  size_t Read(std::vector<char>* buffer) {
    size_t got = 0;
    while (got < buffer->size()) {
      const ssize_t bytes = read(output_, buffer->data() + got, buffer->size() - got);
      if (bytes < 0 && errno == EINTR) continue;
      if (bytes <= 0) break;
      got += static_cast<size_t>(bytes);
    }
    return got;
  }
  bool Succeeded() {
    int status = 0;
    waitpid(std::exchange(pid_, 0), &status, 0);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  const std::string name_;
  pid_t pid_ = 0;
  int output_ = -1;
};

}  // namespace

ImageStore::~ImageStore() {
  for (const auto& [path, descriptor] : unpacked_) close(descriptor);
}

std::string ImageStore::Find(const std::string& name, const std::string& case_directory) const {
  if (!directory_.empty()) {
    const std::string found = FindIn(directory_, name);
    if (!found.empty()) return found;
    throw EnvironmentError(
        fmt::format("{}: has neither {}.img nor {}{}", directory_, name, name, kPacked));
  }
  for (const fs::path& folder : FoldersBeside(case_directory)) {
    const std::string found = FindIn(folder, name);
    if (!found.empty()) return fs::path(found).lexically_normal().string();
  }
  throw EnvironmentError(fmt::format(
      "{}: no images folder beside the cases has {}.img or {}{}; --images says where they are",
      case_directory, name, name, kPacked));
}

const ImageStore::Opened& ImageStore::Open(const std::string& name,
                                           const std::string& case_directory) {
  const std::string found = Find(name, case_directory);
  const auto known = opened_.find(found);
  if (known != opened_.end()) return known->second;
  Opened opened{found, fs::absolute(found).string(), 0};
  if (found.ends_with(".xz")) {
    opened = Unpack(found);
  } else {
    opened.size = fs::file_size(found);
  }
  return opened_.emplace(found, std::move(opened)).first->second;
}

// Runs of zeros take no space.
ImageStore::Opened ImageStore::Unpack(const std::string& packed) {
  const int unpacked = AnonymousFile();
  unpacked_[packed] = unpacked;
  Program xz({"xz", "--decompress", "--stdout", "--", packed});
  std::vector<char> buffer(size_t{1} << 16);
  const std::vector<char> zeros(buffer.size());
  uint64_t size = 0;
  while (const size_t bytes = xz.Read(&buffer)) {
    if (std::memcmp(buffer.data(), zeros.data(), bytes) != 0 &&
        pwrite(unpacked, buffer.data(), bytes, static_cast<off_t>(size)) !=
            static_cast<ssize_t>(bytes)) {
      throw EnvironmentError(fmt::format("{}: {}", packed, std::strerror(errno)));
    }
    size += bytes;
  }
  if (!xz.Succeeded() || size == 0 || ftruncate(unpacked, static_cast<off_t>(size)) != 0) {
    throw EnvironmentError(fmt::format("{}: cannot be unpacked", packed));
  }
  return {packed, fmt::format("/proc/self/fd/{}", unpacked), size};
}

}  // namespace biotope
