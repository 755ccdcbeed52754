// Holds the whole source tree to the rules. Runs in the tree itself, which it finds through
// WORKSPACE.

#include <gtest/gtest.h>

#include <filesystem>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "tests/lint/build_files.h"
#include "tests/lint/forbidden.h"
#include "tests/lint/include_table.h"
#include "tests/lint/shape.h"
#include "tests/lint/source_file.h"

namespace biotope::lint {
namespace {

// Bazel makes WORKSPACE a link to the file in the tree.
const std::filesystem::path& Root() {
  static const std::filesystem::path root = std::filesystem::canonical("WORKSPACE").parent_path();
  return root;
}

std::vector<SourceFile> ReadFolders(const std::vector<std::string>& folders) {
  std::vector<SourceFile> all;
  for (const std::string& folder : folders) {
    std::vector<SourceFile> files = ReadFolder(Root(), folder);
    std::move(files.begin(), files.end(), std::back_inserter(all));
  }
  return all;
}

std::string ReadFile(const std::string& path) { return ReadFolder(Root(), path).at(0).text; }

// Our C++ files: the rooms of the house, and with them the tests.
std::vector<SourceFile> CppFiles(std::vector<std::string> folders) {
  std::vector<SourceFile> files = ReadFolders(folders);
  std::erase_if(files, [](const SourceFile& file) { return !IsCpp(file); });
  return files;
}

const std::vector<std::string> kRooms = {"sim", "layers", "viz"};
const std::vector<std::string> kRoomsAndTests = {"sim", "layers", "viz", "tests", "tools"};

template <typename Check>
void ExpectNone(const std::vector<SourceFile>& files, Check check) {
  ASSERT_FALSE(files.empty()) << "no files below " << Root();
  std::vector<Finding> findings;
  for (const SourceFile& file : files) {
    std::vector<Finding> more = check(file);
    std::move(more.begin(), more.end(), std::back_inserter(findings));
  }
  EXPECT_TRUE(findings.empty()) << Report(findings);
}

TEST(TreeTest, IncludesOnlyWhatTheTableAllows) {
  const IncludeTable table(ReadFile("tests/lint/include_table.txt"));
  ExpectNone(CppFiles(kRooms), [&](const SourceFile& file) { return table.Check(file); });
}

TEST(TreeTest, HasNothingForbidden) {
  const auto patterns = ParseForbidden(ReadFile("tests/lint/forbidden.txt"));
  std::set<std::string> folders;
  for (const ForbiddenPattern& pattern : patterns) {
    folders.insert(pattern.folders.begin(), pattern.folders.end());
  }
  ExpectNone(ReadFolders({folders.begin(), folders.end()}),
             [&](const SourceFile& file) { return CheckForbidden(file, patterns); });
}

TEST(TreeTest, HasShortLinesAndFiles) { ExpectNone(CppFiles(kRoomsAndTests), CheckLength); }

TEST(TreeTest, HasTheIncludeGuardsOfItsPaths) {
  std::vector<SourceFile> headers = CppFiles(kRoomsAndTests);
  std::erase_if(headers, [](const SourceFile& file) { return !file.path.ends_with(".h"); });
  ExpectNone(headers, CheckIncludeGuard);
}

// A file that no BUILD file names is not compiled, and a test not run.
TEST(TreeTest, IsInTheBuildFiles) {
  const std::vector<Finding> findings = CheckBuildFiles(ReadFolders(kRoomsAndTests));
  EXPECT_TRUE(findings.empty()) << Report(findings);
}

}  // namespace
}  // namespace biotope::lint
