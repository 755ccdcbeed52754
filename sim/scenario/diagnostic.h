#ifndef BIOTOPE_SIM_SCENARIO_DIAGNOSTIC_H_
#define BIOTOPE_SIM_SCENARIO_DIAGNOSTIC_H_

#include <string>
#include <vector>

#include "sim/scenario/source_text.h"

namespace biotope {

// One mistake with its place, ready to be shown.
struct Diagnostic {
  std::string where;    // "file:12:5", or "--set a.b=c"
  std::string message;  // what is wrong
  std::string excerpt;  // the line and the caret below it; may be empty
  std::vector<std::string> notes;

  static Diagnostic At(const SourceText& source, Span span, std::string message,
                       std::vector<std::string> notes = {});
};

// So many are shown of a list; there is no point in more.
inline constexpr size_t kMostDiagnostics = 100;

// All of them, in the order given, without a newline at the end, and how many were left out. Each
// is
//   where: error: message
//   excerpt
//     note: ...
std::string Render(const std::vector<Diagnostic>& diagnostics, size_t left_out = 0);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_DIAGNOSTIC_H_
