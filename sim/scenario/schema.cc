#include "sim/scenario/schema.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <limits>

#include "sim/scenario/quote.h"

namespace biotope {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;

namespace {

// No path is longer; a bound should a message ever contain itself.
constexpr int kDeepestPath = 16;

void CollectPaths(const Descriptor& message, const std::string& prefix, int depth,
                  std::vector<std::string>* paths) {
  if (depth == kDeepestPath) return;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    paths->push_back(JoinPath(prefix, field.name()));
    if (IsMessage(field)) {
      const std::string path = paths->back();
      CollectPaths(*field.message_type(), path, depth + 1, paths);
    }
  }
}

}  // namespace

const schema::Rule& RuleOf(const FieldDescriptor& field) {
  return field.options().GetExtension(schema::rule);
}

bool IsRequired(const OneofDescriptor& oneof) {
  return oneof.options().GetExtension(schema::choice).required();
}

std::string ProfilesOf(const Descriptor& message) {
  return message.options().GetExtension(schema::profiles);
}

std::vector<std::string> FieldNames(const Descriptor& message) {
  std::vector<std::string> names;
  for (int i = 0; i < message.field_count(); ++i) names.push_back(message.field(i)->name());
  return names;
}

std::vector<std::string> ArmNames(const OneofDescriptor& oneof) {
  std::vector<std::string> names;
  for (int i = 0; i < oneof.field_count(); ++i) names.push_back(oneof.field(i)->name());
  return names;
}

std::vector<std::string> ValueNames(const EnumDescriptor& enumeration) {
  std::vector<std::string> names;
  for (int i = 0; i < enumeration.value_count(); ++i) {
    if (enumeration.value(i)->number() != 0) names.push_back(enumeration.value(i)->name());
  }
  return names;
}

std::string DescribeType(const FieldDescriptor& field) {
  const auto range = [](auto type) {
    using Limits = std::numeric_limits<decltype(type)>;
    return fmt::format("a whole number from {} to {}", Limits::min(), Limits::max());
  };
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_INT32:
      return range(int32_t{});
    case FieldDescriptor::CPPTYPE_INT64:
      return range(int64_t{});
    case FieldDescriptor::CPPTYPE_UINT32:
      return range(uint32_t{});
    case FieldDescriptor::CPPTYPE_UINT64:
      return range(uint64_t{});
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "a number";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_ENUM:
      return fmt::format("one of {}", JoinWords(ValueNames(*field.enum_type())));
    case FieldDescriptor::CPPTYPE_STRING:
      return "a text in quotes";
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return "fields in braces";
  }
  return "something else";
}

bool IsMessage(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
}

bool IsArm(const FieldDescriptor& field) { return field.real_containing_oneof() != nullptr; }

const OneofDescriptor* OnlyOneof(const Descriptor& message) {
  if (message.real_oneof_decl_count() != 1) return nullptr;
  const OneofDescriptor* oneof = message.oneof_decl(0);
  return oneof->field_count() == message.field_count() ? oneof : nullptr;
}

std::vector<std::string> AllPaths(const Descriptor& root) {
  std::vector<std::string> paths;
  CollectPaths(root, "", 0, &paths);
  return paths;
}

std::vector<std::string> PathsOfField(const Descriptor& root, std::string_view name) {
  std::vector<std::string> found;
  for (const std::string& path : AllPaths(root)) {
    if (path == name || path.ends_with(fmt::format(".{}", name))) found.push_back(path);
  }
  return found;
}

std::string JoinPath(std::string_view path, std::string_view field) {
  return path.empty() ? std::string(field) : fmt::format("{}.{}", path, field);
}

std::string IndexPath(std::string_view path, int index) {
  return fmt::format("{}[{}]", path, index);
}

std::string ScalarText(const Message& message, const FieldDescriptor& field, int index) {
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
    const auto* reflection = message.GetReflection();
    return index < 0 ? reflection->GetString(message, &field)
                     : reflection->GetRepeatedString(message, &field, index);
  }
  std::string text;
  google::protobuf::TextFormat::PrintFieldValueToString(message, &field, index, &text);
  return text;
}

}  // namespace biotope
