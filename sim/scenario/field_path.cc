#include "sim/scenario/field_path.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>

#include "sim/scenario/quote.h"

namespace biotope {
namespace {

constexpr std::string_view kSelectors =
    "an entry is chosen as in process[0], process[name=reader] or, for a new one, process[+]";

// Reads what stands in the brackets.
void ParseSelector(std::string_view text, PathStep* step) {
  if (text == "+") {
    step->select = PathStep::Select::kAppend;
    return;
  }
  const size_t equals = text.find('=');
  if (equals != std::string_view::npos && equals > 0) {
    step->select = PathStep::Select::kKey;
    step->key = text.substr(0, equals);
    step->value = text.substr(equals + 1);
    return;
  }
  step->select = PathStep::Select::kIndex;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, step->index);
  if (text.empty() || error != std::errc() || stop != end || step->index < 0) {
    throw PathError(step->select_span, fmt::format("{} does not choose an entry", Quote(text)),
                    {std::string(kSelectors)});
  }
}

}  // namespace

std::vector<PathStep> ParsePath(std::string_view path) {
  std::vector<PathStep> steps;
  size_t position = 0;
  while (true) {
    PathStep step;
    const size_t end = std::min(path.find_first_of(".[", position), path.size());
    step.span = {position, end - position};
    step.field = path.substr(position, end - position);
    if (step.field.empty()) throw PathError({position, 1}, "a field name is missing here");
    position = end;
    if (position < path.size() && path[position] == '[') {
      const size_t close = path.find(']', position);
      if (close == std::string_view::npos) {
        throw PathError({position, 1}, "this `[` is not closed", {std::string(kSelectors)});
      }
      step.select_span = {position + 1, close - position - 1};
      ParseSelector(path.substr(position + 1, close - position - 1), &step);
      position = close + 1;
    }
    steps.push_back(std::move(step));
    if (position == path.size()) return steps;
    if (path[position] != '.') throw PathError({position, 1}, "expected `.` here");
    ++position;
  }
}

}  // namespace biotope
