#ifndef BIOTOPE_TESTS_LINT_FORBIDDEN_H_
#define BIOTOPE_TESTS_LINT_FORBIDDEN_H_

#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_file.h"

namespace biotope::lint {

// One paragraph of forbidden.txt, which describes the fields.
struct ForbiddenPattern {
  std::regex pattern;
  bool code_only = false;
  std::vector<std::string> folders;
  std::vector<std::string> except;
  std::string why;
};

// Throws std::invalid_argument with the line of a mistake.
std::vector<ForbiddenPattern> ParseForbidden(std::string_view text);

// Where `file` has one of the patterns.
std::vector<Finding> CheckForbidden(const SourceFile& file,
                                    const std::vector<ForbiddenPattern>& patterns);

}  // namespace biotope::lint

#endif  // BIOTOPE_TESTS_LINT_FORBIDDEN_H_
