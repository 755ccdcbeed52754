#ifndef BIOTOPE_TESTS_LINT_SHAPE_H_
#define BIOTOPE_TESTS_LINT_SHAPE_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "tests/lint/source_file.h"

namespace biotope::lint {

inline constexpr std::size_t kMaxLines = 600;
inline constexpr std::size_t kMaxColumns = 100;

// Lines and columns of a .cc or .h file. A raw string literal may be as wide as what it quotes.
std::vector<Finding> CheckLength(const SourceFile& file);

// BIOTOPE_SIM_CORE_UNITS_H_ for sim/core/units.h.
std::string IncludeGuard(std::string_view path);

// The include guard of a .h file.
std::vector<Finding> CheckIncludeGuard(const SourceFile& file);

}  // namespace biotope::lint

#endif  // BIOTOPE_TESTS_LINT_SHAPE_H_
