#include "sim/scenario/read_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>

#include "sim/core/error.h"

namespace biotope {
namespace {

[[noreturn]] void Fail(const std::string& path, const std::string& reason) {
  throw EnvironmentError(fmt::format("cannot read {}: {}", path, reason));
}

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

std::string ReadFile(const std::string& path, size_t limit) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) Fail(path, "it is a directory");
  const std::unique_ptr<std::FILE, Close> file(std::fopen(path.c_str(), "rb"));
  if (!file) Fail(path, std::strerror(errno));
  std::string contents(limit, '\0');
  contents.resize(std::fread(contents.data(), 1, limit, file.get()));
  if (std::ferror(file.get()) != 0) Fail(path, std::strerror(errno));
  return contents;
}

}  // namespace biotope
