#include "sim/sweep/check_points.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "sim/scenario/field_path.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/set_field.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

// The paths of the arms that setting `path` (with indices for entries) switches off in `message`.
std::vector<std::string> ArmsSwitchedOff(const Message& root, const std::string& path) {
  std::vector<std::string> arms;
  const Message* message = &root;
  std::string reached;
  for (const PathStep& step : ParsePath(path)) {
    const FieldDescriptor* field = message->GetDescriptor()->FindFieldByName(step.field);
    if (field == nullptr) break;
    const Reflection& reflection = *message->GetReflection();
    if (IsArm(*field)) {
      const FieldDescriptor* now =
          reflection.GetOneofFieldDescriptor(*message, field->containing_oneof());
      if (now != nullptr && now != field) arms.push_back(JoinPath(reached, now->name()));
    }
    reached = JoinPath(reached, step.field);
    if (!IsMessage(*field)) break;
    if (!field->is_repeated()) {
      if (!reflection.HasField(*message, field)) break;
      message = &reflection.GetMessage(*message, field);
      continue;
    }
    reached = IndexPath(reached, step.index);
    if (step.index >= reflection.FieldSize(*message, field)) break;
    message = &reflection.GetRepeatedMessage(*message, field, step.index);
  }
  return arms;
}

// Whether `path` is `other` or lies below it.
bool IsWithin(std::string_view path, std::string_view other) {
  return path.starts_with(other) &&
         (path.size() == other.size() || path[other.size()] == '.' || path[other.size()] == '[');
}

class Checker {
 public:
  Checker(const Expansion& expansion, const Scenario& scenario)
      : expansion_(expansion), scenario_(scenario) {}

  void Check(const Point& point) {
    Scenario scenario = scenario_;
    std::vector<std::pair<std::string, uint32_t>> done;  // path, assignment
    for (const uint32_t index : point.assignments) {
      const Assignment& assignment = expansion_.assignments[index];
      try {
        Scenario before = scenario;
        const std::string path = SetField(scenario, assignment.field, assignment.value);
        CheckUndone(before, done, path, index);
        done.emplace_back(path, index);
      } catch (const PathError& error) {
        const bool in_value = error.span().offset > assignment.field.size();
        Add(index, in_value ? assignment.value_place : assignment.field_place, error.what(),
            error.notes());
      }
    }
    if (!point.seed) return;
    for (const auto& [path, index] : done) {
      if (path == "seed") {
        Add(index, expansion_.assignments[index].field_place,
            "the sweep has `seeds`; an axis cannot set seed as well", {});
      }
    }
  }

  std::vector<Problem> Take() { return std::move(problems_); }

 private:
  void Add(uint32_t index, const std::string& place, const std::string& message,
           const std::vector<std::string>& notes) {
    if (!said_.emplace(index, message).second) return;
    for (const Problem& problem : problems_) {
      if (problem.field == place && problem.message == message) return;
    }
    problems_.push_back({place, message, notes});
  }

  // Setting `path` must not take back what another axis has set.
  void CheckUndone(const Scenario& before,
                   const std::vector<std::pair<std::string, uint32_t>>& done,
                   const std::string& path, uint32_t index) {
    const Assignment& now = expansion_.assignments[index];
    const std::vector<std::string> arms = ArmsSwitchedOff(before, path);
    for (const auto& [earlier_path, earlier_index] : done) {
      const Assignment& earlier = expansion_.assignments[earlier_index];
      bool undone = IsWithin(earlier_path, path);
      for (const std::string& arm : arms) {
        const std::string owner = arm.substr(0, arm.rfind('.'));
        undone = undone || IsWithin(earlier_path, arm) || earlier_path == owner;
      }
      if (!undone) continue;
      Add(index, now.field_place,
          fmt::format("{} would undo {}, which another axis sets", now.field, earlier.Set()),
          {"to give values axes of their own, use `choice`"});
    }
  }

  const Expansion& expansion_;
  const Scenario& scenario_;
  std::vector<Problem> problems_;
  std::set<std::pair<uint32_t, std::string>> said_;
};

// Sets what all points have in common.
std::vector<Problem> ApplyCommon(const sweep::Sweep& sweep, Scenario* scenario) {
  std::vector<Problem> problems;
  for (int i = 0; i < sweep.set_size(); ++i) {
    const std::string& set = sweep.set(i);
    // A '=' in brackets belongs to the path.
    size_t equals = 0;
    for (bool in_brackets = false; equals < set.size(); ++equals) {
      if (set[equals] == '[') in_brackets = true;
      if (set[equals] == ']') in_brackets = false;
      if (set[equals] == '=' && !in_brackets) break;
    }
    const std::string place = IndexPath("set", i);
    if (equals == set.size()) {
      problems.push_back({place, "expected \"PATH=VALUE\"", {}});
      continue;
    }
    try {
      SetField(*scenario, set.substr(0, equals), set.substr(equals + 1));
    } catch (const PathError& error) {
      problems.push_back({place, error.what(), error.notes()});
    }
  }
  return problems;
}

}  // namespace

std::vector<Problem> CheckPoints(const sweep::Sweep& sweep, const Expansion& expansion,
                                 Scenario scenario) {
  std::vector<Problem> problems = ApplyCommon(sweep, &scenario);
  if (!problems.empty()) return problems;
  Checker checker(expansion, scenario);
  // Points that differ in their seed alone are equally right or wrong.
  for (size_t i = 0; i < expansion.points.size(); i += expansion.seeds) {
    checker.Check(expansion.points[i]);
  }
  return checker.Take();
}

std::vector<uint32_t> CoveringPoints(const Expansion& expansion, size_t most) {
  std::vector<uint32_t> covering;
  std::set<uint32_t> covered;
  for (uint32_t i = 0; i < expansion.points.size(); ++i) {
    const size_t before = covered.size();
    covered.insert(expansion.points[i].assignments.begin(), expansion.points[i].assignments.end());
    if (covered.size() > before) covering.push_back(i);
  }
  if (covering.size() <= most) return covering;
  std::vector<uint32_t> spread;
  for (size_t i = 0; i < most; ++i) spread.push_back(covering[i * covering.size() / most]);
  return spread;
}

}  // namespace biotope
