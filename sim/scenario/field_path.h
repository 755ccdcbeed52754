#ifndef BIOTOPE_SIM_SCENARIO_FIELD_PATH_H_
#define BIOTOPE_SIM_SCENARIO_FIELD_PATH_H_

#include <string>
#include <string_view>
#include <vector>

#include "sim/core/error.h"
#include "sim/scenario/source_text.h"

namespace biotope {

// A mistake in an argument PATH=VALUE, or in a path alone.
class PathError : public ScenarioError {
 public:
  PathError(Span span, const std::string& message, std::vector<std::string> notes = {})
      : ScenarioError(message), span_(span), notes_(std::move(notes)) {}

  // The wrong part: its offset counts from the beginning of the path, and the value follows after
  // '='.
  Span span() const { return span_; }
  const std::vector<std::string>& notes() const { return notes_; }

 private:
  Span span_;
  std::vector<std::string> notes_;
};

// One component of a path such as `process[name=reader].fio.bs`.
struct PathStep {
  enum class Select {
    kNone,    // bs
    kIndex,   // process[0]
    kKey,     // process[name=reader]
    kAppend,  // process[+]
  };

  std::string field;
  Select select = Select::kNone;
  int index = 0;
  std::string key;    // "name"
  std::string value;  // "reader"
  Span span;          // of the field's name in the path
  Span select_span;   // of what stands in the brackets
};

// Takes a path apart; throws PathError. A value in brackets may contain anything but ']'.
std::vector<PathStep> ParsePath(std::string_view path);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_FIELD_PATH_H_
