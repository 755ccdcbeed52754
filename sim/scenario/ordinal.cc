#include "sim/scenario/ordinal.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>

#include "sim/core/check.h"
#include "sim/scenario/quantity.h"
#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using google::protobuf::FieldDescriptor;

// A number that protobuf or a rule has written.
template <class T>
T Number(std::string_view text) {
  T number{};
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  BIOTOPE_CHECK(error == std::errc() && stop == text.data() + text.size(), "not a number: {}",
                text);
  return number;
}

}  // namespace

Ordinal Ordinal::Parse(const FieldDescriptor& field, std::string_view text) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_UINT32:
    case FieldDescriptor::CPPTYPE_UINT64:
      return Ordinal(Number<uint64_t>(text));
    case FieldDescriptor::CPPTYPE_INT32:
    case FieldDescriptor::CPPTYPE_INT64:
      return Ordinal(Number<int64_t>(text));
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return Ordinal(Number<double>(text));
    case FieldDescriptor::CPPTYPE_STRING:
      break;
    case FieldDescriptor::CPPTYPE_BOOL:
    case FieldDescriptor::CPPTYPE_ENUM:
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Ordinal(std::monostate());
  }
  switch (RuleOf(field).text()) {
    case schema::Rule::SIZE:
      return Ordinal(ParseSize(text).value());
    case schema::Rule::SIGNED_SIZE:
      return Ordinal(ParseSignedSize(text));
    case schema::Rule::TIME_S:
      return Ordinal(ParseTime(text, kSecond).value());
    case schema::Rule::TIME_US:
      return Ordinal(ParseTime(text, kMicrosecond).value());
    default:
      return Ordinal(std::monostate());
  }
}

bool Ordinal::operator<(const Ordinal& other) const {
  const auto less = [](const auto& a, const auto& b) {
    if constexpr (std::is_same_v<decltype(a), decltype(b)>) return a < b;
    return false;
  };
  return std::visit(less, value_, other.value_);
}

bool Ordinal::IsPowerOfTwo() const {
  const uint64_t* number = std::get_if<uint64_t>(&value_);
  return number == nullptr || std::has_single_bit(*number);
}

bool Ordinal::IsFinite() const {
  const double* number = std::get_if<double>(&value_);
  return number == nullptr || std::isfinite(*number);
}

std::string DescribeRange(const FieldDescriptor& field) {
  const schema::Rule& rule = RuleOf(field);
  const bool is_unsigned = field.cpp_type() == FieldDescriptor::CPPTYPE_UINT32 ||
                           field.cpp_type() == FieldDescriptor::CPPTYPE_UINT64;
  const std::string min = !rule.has_min() && is_unsigned ? "0" : rule.min();
  if (!min.empty() && rule.has_max()) return fmt::format("in [{}, {}]", min, rule.max());
  if (rule.has_min()) return fmt::format("at least {}", rule.min());
  if (rule.has_max()) return fmt::format("at most {}", rule.max());
  return "finite";
}

}  // namespace biotope
