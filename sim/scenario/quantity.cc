#include "sim/scenario/quantity.h"

#include <fmt/format.h>

#include <charconv>
#include <limits>
#include <optional>
#include <string>

#include "sim/core/error.h"
#include "sim/scenario/quote.h"

namespace biotope {
namespace {

constexpr std::string_view kSizeHelp = "\"512\", \"4k\", \"1m\", \"2g\" or \"1GiB\"";
constexpr std::string_view kTimeHelp = "\"10s\", \"1ms\", \"50us\", \"20ns\", \"2m\" or \"1h\"";

[[noreturn]] void Malformed(std::string_view text, std::string_view what, std::string_view help) {
  throw ScenarioError(fmt::format("{} is not {}; write a whole number and a unit, such as {}",
                                  Quote(text), what, help));
}

[[noreturn]] void TooLarge(std::string_view text, std::string_view limit) {
  throw ScenarioError(fmt::format("{} is too large; the limit is {}", Quote(text), limit));
}

// The text split into its leading digits and the rest.
struct NumberAndUnit {
  std::string_view digits;
  std::string unit;  // in lower case if `fold_case`
};

NumberAndUnit Split(std::string_view text, bool fold_case) {
  size_t end = 0;
  while (end < text.size() && text[end] >= '0' && text[end] <= '9') ++end;
  NumberAndUnit result{text.substr(0, end), std::string(text.substr(end))};
  if (!fold_case) return result;
  for (char& c : result.unit) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

// digits * factor, or nothing if that is more than `limit`.
std::optional<uint64_t> Multiply(std::string_view digits, uint64_t factor, uint64_t limit) {
  uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc()) return std::nullopt;
  if (number > limit / factor) return std::nullopt;
  return number * factor;
}

// The power of 1024 of a unit such as "", "b", "k", "kb", "kib".
std::optional<uint64_t> SizeFactor(std::string_view unit) {
  constexpr std::string_view kPrefixes = "kmgtpe";
  if (unit.empty() || unit == "b") return 1;
  const size_t power = kPrefixes.find(unit.front());
  const std::string_view rest = unit.substr(1);
  if (power == std::string_view::npos || !(rest.empty() || rest == "b" || rest == "ib")) {
    return std::nullopt;
  }
  return uint64_t{1} << (10 * (power + 1));
}

std::optional<Tick> TimeUnit(std::string_view unit, Tick bare_unit) {
  struct Unit {
    std::string_view name;
    Tick length;
  };
  static constexpr Unit kUnits[] = {
      {"ns", kNanosecond},    {"us", kMicrosecond},  {"usec", kMicrosecond}, {"ms", kMillisecond},
      {"msec", kMillisecond}, {"s", kSecond},        {"sec", kSecond},       {"m", 60 * kSecond},
      {"min", 60 * kSecond},  {"h", 3600 * kSecond}, {"d", 86400 * kSecond},
  };
  if (unit.empty()) return bare_unit;
  for (const Unit& candidate : kUnits) {
    if (unit == candidate.name) return candidate.length;
  }
  return std::nullopt;
}

// Parses `text` after its sign; messages quote `whole`.
uint64_t ParseMagnitude(std::string_view text, std::string_view whole, std::string_view what,
                        uint64_t limit) {
  const NumberAndUnit parts = Split(text, /*fold_case=*/true);
  const std::optional<uint64_t> factor = SizeFactor(parts.unit);
  if (parts.digits.empty() || !factor) Malformed(whole, what, kSizeHelp);
  const std::optional<uint64_t> bytes = Multiply(parts.digits, *factor, limit);
  if (!bytes) TooLarge(whole, fmt::format("{} bytes", limit));
  return *bytes;
}

}  // namespace

Bytes ParseSize(std::string_view text) {
  return Bytes(ParseMagnitude(text, text, "a size", std::numeric_limits<uint64_t>::max()));
}

int64_t ParseSignedSize(std::string_view text) {
  constexpr uint64_t kMax = std::numeric_limits<int64_t>::max();
  const bool negative = text.starts_with('-');
  const std::string_view magnitude = negative || text.starts_with('+') ? text.substr(1) : text;
  const auto bytes =
      static_cast<int64_t>(ParseMagnitude(magnitude, text, "a size with an optional sign", kMax));
  return negative ? -bytes : bytes;
}

Tick ParseTime(std::string_view text, Tick bare_unit) {
  const NumberAndUnit parts = Split(text, /*fold_case=*/false);
  const std::optional<Tick> unit = TimeUnit(parts.unit, bare_unit);
  if (parts.digits.empty() || !unit) Malformed(text, "a time", kTimeHelp);
  const std::optional<uint64_t> ticks = Multiply(parts.digits, unit->value(), kNever.value() - 1);
  if (!ticks) TooLarge(text, "213 days");
  return Tick(*ticks);
}

}  // namespace biotope
