#include "sim/scenario/linux_names.h"

#include <fmt/format.h>
#include <string.h>

#include <algorithm>
#include <cstdlib>

#include "sim/core/error.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/suggest.h"

namespace biotope {
namespace {

constexpr int kLargestErrno = 133;  // EHWPOISON

std::vector<std::string> OpenFlagNames() {
  std::vector<std::string> names;
  for (const OpenFlag& flag : kOpenFlags) names.emplace_back(flag.name);
  return names;
}

const OpenFlag& FindOpenFlag(std::string_view name) {
  const auto* found = std::find_if(std::begin(kOpenFlags), std::end(kOpenFlags),
                                   [&](const OpenFlag& flag) { return flag.name == name; });
  if (found != std::end(kOpenFlags)) return *found;
  const std::vector<std::string> names = OpenFlagNames();
  throw ScenarioError(fmt::format("{} is not a flag of open(2) ({}){}", Quote(name),
                                  JoinWords(names), DidYouMean(name, names)));
}

// O_RDONLY, O_WRONLY, O_RDWR: not bits but values.
bool IsAccessMode(const OpenFlag& flag) { return flag.bits <= 02; }

}  // namespace

std::string ErrnoName(int number) {
  // The C library of the host has the same numbers, and its names.
  const char* name = number > 0 && number <= kLargestErrno ? strerrorname_np(number) : nullptr;
  return name == nullptr ? "" : name;
}

std::vector<std::string> ErrnoNames() {
  std::vector<std::string> names;
  for (int number = 1; number <= kLargestErrno; ++number) {
    if (const std::string name = ErrnoName(number); !name.empty()) names.push_back(name);
  }
  return names;
}

std::optional<int> ErrnoByName(std::string_view name) {
  for (int number = 1; number <= kLargestErrno; ++number) {
    if (!name.empty() && ErrnoName(number) == name) return number;
  }
  return std::nullopt;
}

uint32_t ParseOpenFlags(std::string_view text) {
  uint32_t bits = 0;
  std::string_view mode;
  size_t begin = 0;
  while (begin <= text.size()) {
    const size_t end = std::min(text.find('|', begin), text.size());
    const OpenFlag& flag = FindOpenFlag(text.substr(begin, end - begin));
    if (IsAccessMode(flag) && !mode.empty()) {
      throw ScenarioError(fmt::format("{} and {} exclude each other", mode, flag.name));
    }
    if (IsAccessMode(flag)) mode = flag.name;
    bits |= flag.bits;
    begin = end + 1;
  }
  return bits;
}

int64_t ParseExpectedResult(std::string_view text) {
  if (!text.starts_with('-')) return ParseSignedSize(text);
  const std::string_view name = text.substr(1);
  if (const std::optional<int> number = ErrnoByName(name)) return -*number;
  std::string suggestion;
  if (const std::string nearest = Nearest(name, ErrnoNames()); !nearest.empty()) {
    suggestion = fmt::format("; did you mean \"-{}\"?", nearest);
  }
  throw ScenarioError(fmt::format("{} is not the negative name of an error, such as \"-ENOENT\"{}",
                                  Quote(text), suggestion));
}

}  // namespace biotope
