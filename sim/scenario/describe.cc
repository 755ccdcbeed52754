#include "sim/scenario/describe.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.pb.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include "sim/core/check.h"
#include "sim/core/error.h"
#include "sim/scenario/ordinal.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::OneofDescriptor;
using google::protobuf::SourceLocation;
using schema::Rule;

// The comment above a declaration, its lines without their margin.
template <class D>
std::string Comment(const D& declaration) {
  SourceLocation location;
  if (!declaration.GetSourceLocation(&location)) return "";
  std::istringstream lines(location.leading_comments);
  std::string comment;
  for (std::string line; std::getline(lines, line);) {
    const size_t begin = line.find_first_not_of(' ');
    if (begin != std::string::npos) comment += line.substr(begin) + "\n";
  }
  return comment;
}

// Its first sentence, for lists.
std::string Brief(const std::string& comment) {
  std::string line = comment;
  std::replace(line.begin(), line.end(), '\n', ' ');
  const size_t end = line.find(". ");
  return end == std::string::npos ? line : line.substr(0, end + 1);
}

std::string Indent(const std::string& text, const std::string& margin) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += margin + line + "\n";
  return result;
}

std::string TypeName(const FieldDescriptor& field) {
  if (IsMessage(field)) return field.message_type()->name();
  if (field.enum_type() != nullptr) return "word";
  switch (RuleOf(field).text()) {
    case Rule::SIZE:
      return "size";
    case Rule::SIGNED_SIZE:
      return "signed size";
    case Rule::TIME_S:
    case Rule::TIME_US:
      return "time";
    case Rule::PATH:
      return "path";
    default:
      break;
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return "text";
    case FieldDescriptor::CPPTYPE_BOOL:
      return "true or false";
    case FieldDescriptor::CPPTYPE_DOUBLE:
    case FieldDescriptor::CPPTYPE_FLOAT:
      return "number";
    default:
      return "whole number";
  }
}

std::string Notation(const Rule& rule) {
  switch (rule.text()) {
    case Rule::SIZE:
      return "in quotes: \"512\", \"4k\", \"1m\", \"1GiB\" (powers of 1024)";
    case Rule::SIGNED_SIZE:
      return "in quotes: \"512\", \"-4k\", \"1m\" (powers of 1024)";
    case Rule::TIME_S:
      return "in quotes: \"10s\", \"1ms\", \"50us\"; without a unit: seconds";
    case Rule::TIME_US:
      return "in quotes: \"10s\", \"1ms\", \"50us\"; without a unit: microseconds";
    case Rule::WORD:
      return "letters, digits, '.', '_' and '-', in quotes";
    case Rule::PATH:
      return "an absolute path, in quotes";
    default:
      return "";
  }
}

// The facts about a field in short: "default 128, in [4, 65536]".
std::string Facts(const FieldDescriptor& field) {
  const Rule& rule = RuleOf(field);
  std::vector<std::string> facts;
  if (rule.required()) facts.emplace_back(field.is_repeated() ? "at least one" : "required");
  if (rule.has_default_value()) facts.push_back(fmt::format("default {}", rule.default_value()));
  if (rule.has_min() || rule.has_max()) facts.push_back(DescribeRange(field));
  if (rule.power_of_two()) facts.emplace_back("a power of two");
  if (rule.has_max_length()) facts.push_back(fmt::format("at most {} bytes", rule.max_length()));
  if (rule.has_max_entries())
    facts.push_back(fmt::format("at most {} entries", rule.max_entries()));
  if (IsArm(field)) {
    facts.push_back(fmt::format("one of {}", JoinWords(ArmNames(*field.containing_oneof()))));
  }
  return JoinWords(facts);
}

std::string ListFields(const Descriptor& message) {
  size_t width = 0;
  for (const std::string& name : FieldNames(message)) width = std::max(width, name.size());
  std::string text;
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const std::string facts = Facts(field);
    std::string comment = Comment(field);
    if (comment.empty() && IsMessage(field)) comment = Comment(*field.message_type());
    const std::string brief = Brief(comment);
    text += fmt::format("    {:{}}  {}{}{}\n", field.name(), width, TypeName(field),
                        field.is_repeated() ? ", any number" : "",
                        facts.empty() ? "" : fmt::format(" ({})", facts));
    if (!brief.empty()) text += fmt::format("    {:{}}    {}\n", "", width, brief);
  }
  return text;
}

std::string ListValues(const EnumDescriptor& enumeration) {
  size_t width = 0;
  for (const std::string& name : ValueNames(enumeration)) width = std::max(width, name.size());
  std::string text;
  for (int i = 0; i < enumeration.value_count(); ++i) {
    if (enumeration.value(i)->number() == 0) continue;
    text += fmt::format("    {:{}}  {}\n", enumeration.value(i)->name(), width,
                        Brief(Comment(*enumeration.value(i))));
  }
  return text;
}

std::string WithoutIndices(std::string_view path) {
  std::string result;
  bool inside = false;
  for (const char c : path) {
    if (c == '[') inside = true;
    if (!inside) result.push_back(c);
    if (c == ']') inside = false;
  }
  return result;
}

std::string WithoutTrailingSpace(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    line.erase(line.find_last_not_of(' ') + 1);
    result += line + "\n";
  }
  return result;
}

}  // namespace

SchemaDocs::SchemaDocs(std::string_view descriptor_set, const std::string& root) {
  google::protobuf::FileDescriptorSet files;
  const bool parsed =
      files.ParseFromArray(descriptor_set.data(), static_cast<int>(descriptor_set.size()));
  BIOTOPE_CHECK(parsed, "the descriptor set of the scenario language is damaged");
  for (const google::protobuf::FileDescriptorProto& file : files.file()) pool_.BuildFile(file);
  root_ = pool_.FindMessageTypeByName(root);
  BIOTOPE_CHECK(root_ != nullptr, "the descriptor set has no {}", root);
}

const FieldDescriptor* SchemaDocs::Find(const std::string& path) const {
  const Descriptor* message = root_;
  const FieldDescriptor* field = nullptr;
  size_t begin = 0;
  while (begin <= path.size()) {
    const size_t end = std::min(path.find('.', begin), path.size());
    if (message == nullptr) return nullptr;
    field = message->FindFieldByName(path.substr(begin, end - begin));
    if (field == nullptr) return nullptr;
    message = field->message_type();
    begin = end + 1;
  }
  return field;
}

std::string SchemaDocs::Describe(std::string_view path) const {
  if (path.empty()) {
    return fmt::format("{}\n{}  fields:\n{}", root_->name(), Indent(Comment(*root_), "  "),
                       ListFields(*root_));
  }
  const std::string wanted = WithoutIndices(path);
  if (const FieldDescriptor* field = Find(wanted)) return DescribeField(wanted, *field);
  const std::vector<std::string> found = PathsOfField(*root_, wanted);
  if (found.empty()) {
    // A slip in the last component is the likeliest; failing that, in any.
    std::vector<std::string> names;
    for (const std::string& known : AllPaths(*root_)) {
      names.push_back(known);
      names.push_back(known.substr(known.rfind('.') + 1));
    }
    throw Error(ExitCode::kUsage, fmt::format("a scenario has no field {}{}", Quote(path),
                                              DidYouMean(wanted, names)));
  }
  std::string text;
  for (const std::string& known : found) {
    if (!text.empty()) text += "\n";
    text += DescribeField(known, *Find(known));
  }
  return text;
}

std::string SchemaDocs::DescribeField(const std::string& path, const FieldDescriptor& field) const {
  std::string text =
      fmt::format("{}: {}{}\n", path, TypeName(field), field.is_repeated() ? ", any number" : "");
  text += Indent(Comment(field), "  ");
  if (IsMessage(field)) text += Indent(Comment(*field.message_type()), "  ");
  if (const std::string facts = Facts(field); !facts.empty()) text += "  " + facts + "\n";
  if (const std::string notation = Notation(RuleOf(field)); !notation.empty()) {
    text += "  " + notation + "\n";
  }
  if (field.enum_type() != nullptr) text += "  values:\n" + ListValues(*field.enum_type());
  if (IsMessage(field) && field.message_type()->field_count() > 0) {
    text += "  fields:\n" + ListFields(*field.message_type());
  }
  return WithoutTrailingSpace(text);
}

}  // namespace biotope
