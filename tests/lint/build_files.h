#ifndef BIOTOPE_TESTS_LINT_BUILD_FILES_H_
#define BIOTOPE_TESTS_LINT_BUILD_FILES_H_

#include <vector>

#include "tests/lint/source_file.h"

namespace biotope::lint {

// The .cc and .h files among `files` that the BUILD file of their package, also among `files`, does
// not name: they are neither compiled nor tested. A glob() does not count as naming.
std::vector<Finding> CheckBuildFiles(const std::vector<SourceFile>& files);

}  // namespace biotope::lint

#endif  // BIOTOPE_TESTS_LINT_BUILD_FILES_H_
