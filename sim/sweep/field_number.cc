#include "sim/sweep/field_number.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

#include "configs/schema/scenario.pb.h"
#include "sim/core/error.h"
#include "sim/core/units.h"
#include "sim/scenario/field_path.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;

// A long double (64 bits of mantissa) holds every whole number that a field can.
static_assert(std::numeric_limits<long double>::digits >= 64);

template <class T>
long double ParseNumber(std::string_view text, std::string_view what) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const bool good = error == std::errc() && stop == end && !text.empty();
  if (!good || !std::isfinite(static_cast<long double>(number))) {
    throw ScenarioError(fmt::format("{} is not {}", Quote(text), what));
  }
  return static_cast<long double>(number);
}

struct Unit {
  std::string_view name;
  uint64_t size;
};

constexpr Unit kSizes[] = {
    {"g", uint64_t{1} << 30}, {"m", uint64_t{1} << 20}, {"k", 1024}, {"", 1}};
constexpr Unit kTimes[] = {{"s", kSecond.value()},
                           {"ms", kMillisecond.value()},
                           {"us", kMicrosecond.value()},
                           {"ns", kNanosecond.value()}};

// The largest unit that divides `number`; the last one if none does.
template <size_t kCount>
std::string WithUnit(uint64_t number, const Unit (&units)[kCount]) {
  for (const Unit& unit : units) {
    if (number != 0 && number % unit.size == 0) {
      return fmt::format("{}{}", number / unit.size, unit.name);
    }
  }
  const Unit& last = units[kCount - 1];
  return fmt::format("{}{}", number / last.size, number == 0 ? "" : last.name);
}

std::string Real(long double number) { return fmt::format("{:.12g}", static_cast<double>(number)); }

}  // namespace

FieldNumber::FieldNumber(const FieldDescriptor* field) : kind_(KindOf(field)) {}

FieldNumber::Kind FieldNumber::KindOf(const FieldDescriptor* field) {
  if (field != nullptr && !IsMessage(*field)) {
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_UINT32:
      case FieldDescriptor::CPPTYPE_UINT64:
        return Kind::kUnsigned;
      case FieldDescriptor::CPPTYPE_INT32:
      case FieldDescriptor::CPPTYPE_INT64:
        return Kind::kSigned;
      case FieldDescriptor::CPPTYPE_DOUBLE:
      case FieldDescriptor::CPPTYPE_FLOAT:
        return Kind::kReal;
      default:
        break;
    }
    const schema::Rule::Text text = RuleOf(*field).text();
    if (text == schema::Rule::SIZE) return Kind::kSize;
    if (text == schema::Rule::SIGNED_SIZE) return Kind::kSignedSize;
    if (text == schema::Rule::TIME_S) return Kind::kTimeS;
    if (text == schema::Rule::TIME_US) return Kind::kTimeUs;
  }
  throw ScenarioError(fmt::format("{} holds no number, size or time; give its values as a list",
                                  field == nullptr ? "the field" : field->name()));
}

long double FieldNumber::Parse(std::string_view text) const {
  switch (kind_) {
    case Kind::kUnsigned:
      return ParseNumber<uint64_t>(text, "a whole number");
    case Kind::kSigned:
      return ParseNumber<int64_t>(text, "a whole number");
    case Kind::kReal:
      return ParseNumber<double>(text, "a number");
    case Kind::kSize:
      return static_cast<long double>(ParseSize(text).value());
    case Kind::kSignedSize:
      return static_cast<long double>(ParseSignedSize(text));
    case Kind::kTimeS:
      return static_cast<long double>(ParseTime(text, kSecond).value());
    case Kind::kTimeUs:
      return static_cast<long double>(ParseTime(text, kMicrosecond).value());
  }
  return 0;
}

std::string FieldNumber::Text(long double number) const {
  if (kind_ == Kind::kReal) return Real(number);
  const bool negative = number < 0;
  const uint64_t whole = static_cast<uint64_t>(negative ? -number : number);
  const std::string_view sign = negative ? "-" : "";
  switch (kind_) {
    case Kind::kSize:
    case Kind::kSignedSize:
      return fmt::format("{}{}", sign, WithUnit(whole, kSizes));
    case Kind::kTimeS:
    case Kind::kTimeUs:
      // There is no smaller unit in a scenario.
      return WithUnit((whole + kNanosecond.value() / 2) / kNanosecond.value() * kNanosecond.value(),
                      kTimes);
    default:
      return fmt::format("{}{}", sign, whole);
  }
}

std::string FieldNumber::Plain(std::string_view text) const {
  const long double number = Parse(text);
  switch (kind_) {
    case Kind::kTimeS:
      return Real(number / static_cast<long double>(kSecond.value()));
    case Kind::kTimeUs:
      return Real(number / static_cast<long double>(kMicrosecond.value()));
    case Kind::kReal:
      return std::string(text);
    default:
      return number < 0 ? fmt::format("-{}", static_cast<uint64_t>(-number))
                        : fmt::format("{}", static_cast<uint64_t>(number));
  }
}

bool HoldsNumber(const FieldDescriptor* field) {
  try {
    FieldNumber number(field);
    return !field->is_repeated();
  } catch (const ScenarioError&) {
    return false;
  }
}

const FieldDescriptor* FieldOfPath(std::string_view path, Problem* problem) {
  const google::protobuf::Descriptor* message = Scenario::descriptor();
  const FieldDescriptor* field = nullptr;
  std::string reached;
  const auto fail = [&](std::string why, std::vector<std::string> notes) {
    if (problem != nullptr) *problem = {"", std::move(why), std::move(notes)};
    return nullptr;
  };
  try {
    for (const PathStep& step : ParsePath(path)) {
      if (message == nullptr) return fail(fmt::format("{} is not a message", reached), {});
      const std::vector<std::string> names = FieldNames(*message);
      field = message->FindFieldByName(step.field);
      const std::string here = reached.empty() ? message->name() : reached;
      if (field == nullptr) {
        return fail(fmt::format("{} has no field \"{}\"{}", here, Printable(step.field),
                                DidYouMean(step.field, names)),
                    {fmt::format("fields of {}: {}", here, JoinWords(names))});
      }
      reached = JoinPath(reached, step.field);
      message = field->message_type();
    }
  } catch (const PathError& error) {
    return fail(error.what(), error.notes());
  }
  return field;
}

}  // namespace biotope
