#ifndef BIOTOPE_TESTS_LINT_INCLUDE_TABLE_H_
#define BIOTOPE_TESTS_LINT_INCLUDE_TABLE_H_

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_file.h"

namespace biotope::lint {

// Who may include whom: include_table.txt, which describes its own notation.
class IncludeTable {
 public:
  // Throws std::invalid_argument with the line of a mistake.
  explicit IncludeTable(std::string_view text);

  // The includes of `file`, a .cc or .h file, that the table does not allow.
  std::vector<Finding> Check(const SourceFile& file) const;

 private:
  using Entries = std::vector<std::string>;

  Entries Expand(std::string_view words) const;
  // The innermost folder with a line in the table that holds `path`, or "".
  std::string_view FolderOf(std::string_view path) const;
  bool Allows(std::string_view folder, std::string_view header) const;
  bool AllowsLibrary(std::string_view folder, std::string_view header) const;

  std::map<std::string, Entries, std::less<>> lists_;    // by $name
  std::map<std::string, Entries, std::less<>> folders_;  // by folder
};

}  // namespace biotope::lint

#endif  // BIOTOPE_TESTS_LINT_INCLUDE_TABLE_H_
