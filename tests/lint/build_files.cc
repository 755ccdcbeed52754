#include "tests/lint/build_files.h"

#include <fmt/format.h>

#include <cstddef>
#include <map>
#include <string>
#include <string_view>

namespace biotope::lint {
namespace {

constexpr std::string_view kBuildFile = "/BUILD";

// The text of the BUILD files by package.
using Packages = std::map<std::string_view, std::string_view>;

Packages PackagesOf(const std::vector<SourceFile>& files) {
  Packages packages;
  for (const SourceFile& file : files) {
    const std::string_view path = file.path;
    if (path.ends_with(kBuildFile)) {
      packages[path.substr(0, path.size() - kBuildFile.size())] = file.text;
    }
  }
  return packages;
}

// The innermost package that holds `path`.
Packages::const_iterator PackageOf(std::string_view path, const Packages& packages) {
  for (std::size_t end = path.rfind('/'); end != std::string_view::npos;
       end = path.substr(0, end).rfind('/')) {
    const auto package = packages.find(path.substr(0, end));
    if (package != packages.end()) return package;
  }
  return packages.end();
}

}  // namespace

std::vector<Finding> CheckBuildFiles(const std::vector<SourceFile>& files) {
  const Packages packages = PackagesOf(files);
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    if (!IsCpp(file)) continue;
    const auto package = PackageOf(file.path, packages);
    if (package == packages.end()) {
      findings.push_back({file.path, 0, "its folder has no BUILD file"});
      continue;
    }
    const std::string label = fmt::format("\"{}\"", file.path.substr(package->first.size() + 1));
    if (package->second.find(label) == std::string_view::npos) {
      findings.push_back({file.path, 0, fmt::format("not in {}{}", package->first, kBuildFile)});
    }
  }
  return findings;
}

}  // namespace biotope::lint
