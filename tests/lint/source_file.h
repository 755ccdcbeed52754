#ifndef BIOTOPE_TESTS_LINT_SOURCE_FILE_H_
#define BIOTOPE_TESTS_LINT_SOURCE_FILE_H_

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace biotope::lint {

// A text file of the repository.
struct SourceFile {
  std::string path;  // from the root, "sim/core/units.h"
  std::string text;
};

// Something that a rule forbids, and where.
struct Finding {
  std::string path;
  std::size_t line;  // from 1; 0 is the whole file
  std::string message;

  bool operator==(const Finding&) const = default;
};

// "path:line: message" for each, one per line.
std::string Report(const std::vector<Finding>& findings);

// Whether `path` is `folder` or lies below it.
bool IsBelow(std::string_view path, std::string_view folder);

// Whether it is a .cc or .h file.
bool IsCpp(const SourceFile& file);

// The lines of `text` without their line ends.
std::vector<std::string_view> Lines(std::string_view text);

// `text` with each character of comments and of string and character literals replaced by a blank.
// The line breaks stay.
std::string BlankCommentsAndLiterals(std::string_view text);

// `text` without what stands in raw string literals. The line breaks stay.
std::string WithoutRawStrings(std::string_view text);

// All text files below `root`/`folder`, ordered by path. A folder that does not exist is empty.
// `folder` may be a file.
std::vector<SourceFile> ReadFolder(const std::filesystem::path& root, std::string_view folder);

}  // namespace biotope::lint

#endif  // BIOTOPE_TESTS_LINT_SOURCE_FILE_H_
