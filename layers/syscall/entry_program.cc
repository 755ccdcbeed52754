#include "layers/syscall/entry_program.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/core/error.h"

namespace biotope {
namespace {

template <class T>
const T* FindByName(const std::vector<T>& list, const std::string& name) {
  const auto found =
      std::find_if(list.begin(), list.end(), [&](const T& entry) { return entry.name == name; });
  return found == list.end() ? nullptr : &*found;
}

template <class T>
std::string NamesOf(const std::vector<T>& list) {
  std::string names;
  for (const T& entry : list) names += (names.empty() ? "" : ", ") + entry.name;
  return names.empty() ? "none" : names;
}

void CheckFlags(const EntryProgram& program, const std::set<std::string>& flags) {
  for (const std::string& flag : flags) {
    if (program.FindFlag(flag) != nullptr) continue;
    throw ScenarioError(fmt::format("entry program {} has no flag \"{}\"; it has: {}", program.name,
                                    flag, NamesOf(program.flags)));
  }
}

void Select(const std::vector<EntryStep>& steps, EntryPhase phase, const EntryQuery& query,
            std::vector<SelectedStep>* selected) {
  for (const EntryStep& step : steps) {
    const auto holds = [&](const EntryCondition& condition) { return condition.Holds(query); };
    if (std::all_of(step.when.begin(), step.when.end(), holds)) selected->push_back({&step, phase});
  }
}

}  // namespace

EntryCondition EntryCondition::Parse(const std::string& text) {
  constexpr std::string_view kHandlerIs = "handler=";
  constexpr std::string_view kHandlerIsNot = "handler!=";
  if (text.starts_with(kHandlerIs)) return {text.substr(kHandlerIs.size()), true, false};
  if (text.starts_with(kHandlerIsNot)) return {text.substr(kHandlerIsNot.size()), true, true};
  const bool negated = text.starts_with("!");
  EntryCondition condition{text.substr(negated ? 1 : 0), false, negated};
  if (condition.name.empty() || condition.name.find_first_of("!= ") != std::string::npos) {
    throw ScenarioError(
        fmt::format("\"{}\" is not a condition; write \"flag\", \"!flag\", "
                    "\"handler=name\" or \"handler!=name\"",
                    text));
  }
  return condition;
}

bool EntryCondition::Holds(const EntryQuery& query) const {
  const bool is = handler ? query.handler == name : query.flags.count(name) > 0;
  return is != negated;
}

std::set<std::string> EntryProgram::FlagsOf(KernelVersion kernel) const {
  std::set<std::string> on;
  for (const EntryFlag& flag : flags) {
    if (flag.since && *flag.since <= kernel) on.insert(flag.name);
  }
  return on;
}

const EntryFlag* EntryProgram::FindFlag(const std::string& flag) const {
  return FindByName(flags, flag);
}

const EntryHandler* EntryProgram::FindHandler(const std::string& handler) const {
  return FindByName(handlers, handler);
}

std::vector<SelectedStep> SelectSteps(const EntryProgram& program, EntryQuery query) {
  CheckFlags(program, query.flags);
  const EntryHandler* handler = nullptr;
  if (!query.handler.empty()) {
    handler = program.FindHandler(query.handler);
    if (handler == nullptr) {
      throw ScenarioError(fmt::format("entry program {} has no handler \"{}\"; it has: {}",
                                      program.name, query.handler, NamesOf(program.handlers)));
    }
    query.flags.insert(handler->path.begin(), handler->path.end());
  }
  std::vector<SelectedStep> selected;
  Select(program.entry, EntryPhase::kEntry, query, &selected);
  if (handler != nullptr) Select(handler->steps, EntryPhase::kHandler, query, &selected);
  Select(program.exit, EntryPhase::kExit, query, &selected);
  return selected;
}

}  // namespace biotope
