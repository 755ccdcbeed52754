#include "sim/scenario/scalar.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/utf8.h"

namespace biotope {
namespace {

using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

template <class T>
std::optional<T> ParseNumber(std::string_view text) {
  T number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc() || stop != end || text.empty()) return std::nullopt;
  return number;
}

std::optional<bool> ParseBool(std::string_view text) {
  if (text == "true" || text == "1") return true;
  if (text == "false" || text == "0") return false;
  return std::nullopt;
}

bool IsUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    const CodePoint code_point = DecodeUtf8(text, i);
    if (!code_point.valid) return false;
    i += code_point.length;
  }
  return true;
}

// Quotes around a text are allowed; nobody means them.
std::optional<std::string> ParseString(std::string_view text) {
  if (!IsUtf8(text)) return std::nullopt;
  const bool quoted = text.size() >= 2 && text.starts_with('"') && text.ends_with('"');
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

// Stores one value in the three forms that reflection has for it.
class Store {
 public:
  Store(Message* message, const FieldDescriptor& field, int index)
      : message_(message), reflection_(*message->GetReflection()), field_(field), index_(index) {}

  template <class T, class Set, class Add, class SetAt>
  bool operator()(const std::optional<T>& value, Set set, Add add, SetAt set_at) const {
    if (!value) return false;
    if (!field_.is_repeated()) {
      (reflection_.*set)(message_, &field_, *value);
    } else if (index_ < 0) {
      (reflection_.*add)(message_, &field_, *value);
    } else {
      (reflection_.*set_at)(message_, &field_, index_, *value);
    }
    return true;
  }

 private:
  Message* message_;
  const Reflection& reflection_;
  const FieldDescriptor& field_;
  int index_;
};

std::optional<const EnumValueDescriptor*> FindValue(const FieldDescriptor& field,
                                                    std::string_view name) {
  const EnumValueDescriptor* value = field.enum_type()->FindValueByName(std::string(name));
  if (value == nullptr || value->number() == 0) return std::nullopt;
  return value;
}

bool SetByType(const Store& store, const FieldDescriptor& field, std::string_view text) {
  using R = Reflection;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return store(ParseNumber<int32_t>(text), &R::SetInt32, &R::AddInt32, &R::SetRepeatedInt32);
    case FieldDescriptor::CPPTYPE_INT64:
      return store(ParseNumber<int64_t>(text), &R::SetInt64, &R::AddInt64, &R::SetRepeatedInt64);
    case FieldDescriptor::CPPTYPE_UINT32:
      return store(ParseNumber<uint32_t>(text), &R::SetUInt32, &R::AddUInt32,
                   &R::SetRepeatedUInt32);
    case FieldDescriptor::CPPTYPE_UINT64:
      return store(ParseNumber<uint64_t>(text), &R::SetUInt64, &R::AddUInt64,
                   &R::SetRepeatedUInt64);
    case FieldDescriptor::CPPTYPE_DOUBLE:
      return store(ParseNumber<double>(text), &R::SetDouble, &R::AddDouble, &R::SetRepeatedDouble);
    case FieldDescriptor::CPPTYPE_FLOAT:
      return store(ParseNumber<float>(text), &R::SetFloat, &R::AddFloat, &R::SetRepeatedFloat);
    case FieldDescriptor::CPPTYPE_BOOL:
      return store(ParseBool(text), &R::SetBool, &R::AddBool, &R::SetRepeatedBool);
    case FieldDescriptor::CPPTYPE_ENUM:
      return store(FindValue(field, text), &R::SetEnum, &R::AddEnum, &R::SetRepeatedEnum);
    case FieldDescriptor::CPPTYPE_STRING:
      return store(ParseString(text), &R::SetString, &R::AddString, &R::SetRepeatedString);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return false;
  }
  return false;
}

}  // namespace

std::string SetScalar(Message* message, const FieldDescriptor& field, std::string_view text,
                      int index) {
  if (SetByType(Store(message, field, index), field, text)) return "";
  std::string suggestion;
  if (field.enum_type() != nullptr) suggestion = DidYouMean(text, ValueNames(*field.enum_type()));
  return fmt::format("takes {}, got {}{}", DescribeType(field), Quote(text), suggestion);
}

}  // namespace biotope
