#include "layers/syscall/system_call_table.h"

#include <functional>

namespace biotope {
namespace {

constexpr std::string_view kNiSyscall = "ni_syscall";

}  // namespace

void SystemCallTable::Add(uint32_t number, const std::string& name, bool x32) {
  if (number < bounds_.base) return;
  const uint32_t index = number - bounds_.base;
  if (x32) {
    if (index < bounds_.x32_entries) x32_calls_.emplace(index, name);
    return;
  }
  if (index >= bounds_.entries) return;
  calls_.emplace(index, name);
  numbers_.emplace(name, number);
}

std::optional<uint32_t> SystemCallTable::Number(std::string_view name) const {
  const auto found = numbers_.find(name);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

std::string_view SystemCallTable::Resolve(DispatchRule rule, uint64_t number) const {
  const DispatchResult result = Dispatch(rule, bounds_, number);
  switch (result.outcome) {
    case DispatchResult::Outcome::kPreset:
      return "";
    case DispatchResult::Outcome::kNiSyscall:
      return kNiSyscall;
    case DispatchResult::Outcome::kCall:
      break;
  }
  // With one table for both ABIs (4.x) the calls of x32 are reached without its bit, too.
  const auto x32 = x32_calls_.find(result.index);
  if (x32 != x32_calls_.end()) return x32->second;
  const auto found = calls_.find(result.index);
  return found == calls_.end() ? kNiSyscall : std::string_view(found->second);
}

}  // namespace biotope
