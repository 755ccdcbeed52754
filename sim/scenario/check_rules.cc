#include "sim/scenario/check_rules.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <map>
#include <utility>

#include "sim/core/error.h"
#include "sim/scenario/ordinal.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::EnumValueDescriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::OneofDescriptor;
using google::protobuf::Reflection;

constexpr uint32_t kLongestString = 4096;

bool IsWord(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

class RuleChecker {
 public:
  explicit RuleChecker(const std::vector<std::string>& incomplete) : incomplete_(incomplete) {}

  void CheckMessage(const Message& message, const std::string& path) {
    const Descriptor& type = *message.GetDescriptor();
    const bool complete =
        std::find(incomplete_.begin(), incomplete_.end(), path) == incomplete_.end();
    if (!complete) ++incomplete_depth_;
    std::vector<std::string> missing;
    for (int i = 0; i < type.field_count(); ++i) {
      const FieldDescriptor& field = *type.field(i);
      if (IsMissing(message, field)) missing.push_back(field.name());
      CheckField(message, field, path);
    }
    if (incomplete_depth_ == 0) ReportMissing(type, missing, path);
    for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
      CheckOneof(message, *type.oneof_decl(i), path);
    }
    if (!complete) --incomplete_depth_;
  }

  std::vector<Problem> Take() { return std::move(problems_); }

 private:
  void Add(const std::string& field, std::string message, std::vector<std::string> notes = {}) {
    problems_.push_back({field, std::move(message), std::move(notes)});
  }

  static bool IsMissing(const Message& message, const FieldDescriptor& field) {
    if (!RuleOf(field).required()) return false;
    const Reflection& reflection = *message.GetReflection();
    return field.is_repeated() ? reflection.FieldSize(message, &field) == 0
                               : !reflection.HasField(message, &field);
  }

  void ReportMissing(const Descriptor& type, const std::vector<std::string>& missing,
                     const std::string& path) {
    const std::string profiles = ProfilesOf(type);
    if (profiles.empty()) {
      for (const std::string& name : missing) {
        Add(JoinPath(path, name), fmt::format("{} is required", JoinPath(path, name)));
      }
    } else if (!missing.empty()) {
      // Where a profile is usual, it is what is really missing.
      Add(path, fmt::format("{} lacks {}", path, JoinWords(missing)),
          {fmt::format("a profile gives them; `biotope list {}` prints the names", profiles)});
    }
  }

  void CheckOneof(const Message& message, const OneofDescriptor& oneof, const std::string& path) {
    if (!IsRequired(oneof) || incomplete_depth_ > 0) return;
    if (message.GetReflection()->HasOneof(message, &oneof)) return;
    Add(path, fmt::format("{} needs one of: {}", path.empty() ? "the scenario" : path,
                          JoinWords(ArmNames(oneof))));
  }

  void CheckField(const Message& message, const FieldDescriptor& field, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    const std::string field_path = JoinPath(path, field.name());
    if (field.is_repeated()) {
      CheckEntries(message, field, field_path);
    } else if (reflection.HasField(message, &field)) {
      CheckValue(message, field, -1, field_path);
    }
  }

  void CheckEntries(const Message& message, const FieldDescriptor& field, const std::string& path) {
    const int count = message.GetReflection()->FieldSize(message, &field);
    const schema::Rule& rule = RuleOf(field);
    if (rule.has_max_entries() && static_cast<uint32_t>(count) > rule.max_entries()) {
      Add(path,
          fmt::format("{} may have at most {} entries, got {}", path, rule.max_entries(), count));
      return;
    }
    for (int i = 0; i < count; ++i) CheckValue(message, field, i, IndexPath(path, i));
    if (!rule.key().empty()) CheckKeys(message, field, path);
  }

  // No two entries may have the same key.
  void CheckKeys(const Message& message, const FieldDescriptor& field, const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    const FieldDescriptor& key = *field.message_type()->FindFieldByName(RuleOf(field).key());
    std::map<std::string, int> seen;
    for (int i = 0; i < reflection.FieldSize(message, &field); ++i) {
      const std::string value = ScalarText(reflection.GetRepeatedMessage(message, &field, i), key);
      const auto [first, inserted] = seen.emplace(value, i);
      if (inserted || value.empty()) continue;
      const std::string key_path = JoinPath(IndexPath(path, i), key.name());
      Add(key_path, fmt::format("{}: {} is given twice, here and in {}", key_path, Quote(value),
                                IndexPath(path, first->second)));
    }
  }

  void CheckValue(const Message& message, const FieldDescriptor& field, int index,
                  const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    if (IsMessage(field)) {
      CheckMessage(index < 0 ? reflection.GetMessage(message, &field)
                             : reflection.GetRepeatedMessage(message, &field, index),
                   path);
    } else if (field.enum_type() != nullptr) {
      CheckEnum(message, field, index, path);
    } else {
      if (field.cpp_type() == FieldDescriptor::CPPTYPE_STRING &&
          !CheckString(ScalarText(message, field, index), RuleOf(field), path)) {
        return;
      }
      CheckRange(message, field, index, path);
    }
  }

  void CheckEnum(const Message& message, const FieldDescriptor& field, int index,
                 const std::string& path) {
    const Reflection& reflection = *message.GetReflection();
    const int number = index < 0 ? reflection.GetEnumValue(message, &field)
                                 : reflection.GetRepeatedEnumValue(message, &field, index);
    const EnumValueDescriptor* value = field.enum_type()->FindValueByNumber(number);
    if (value != nullptr && number != 0) return;
    Add(path,
        fmt::format("{}: {} is not a value to choose", path,
                    value == nullptr ? std::to_string(number) : value->name()),
        {fmt::format("values of {}: {}", field.name(), JoinWords(ValueNames(*field.enum_type())))});
  }

  // Length and form of a text; returns false if its value cannot be looked at further.
  bool CheckString(const std::string& text, const schema::Rule& rule, const std::string& path) {
    const uint32_t longest = rule.has_max_length() ? rule.max_length() : kLongestString;
    if (text.size() > longest) {
      Add(path, fmt::format("{} may have at most {} bytes, got {}", path, longest, text.size()));
      return false;
    }
    if (text.find('\0') != std::string::npos) {
      Add(path, fmt::format("{} contains a NUL character", path));
      return false;
    }
    if (text.empty() && (rule.required() || rule.text() != schema::Rule::TEXT_UNSPECIFIED)) {
      Add(path, fmt::format("{} is empty", path));
      return false;
    }
    if (rule.text() == schema::Rule::WORD && !IsWord(text)) {
      Add(path, fmt::format("{} may have letters, digits, '.', '_' and '-' only, got {}", path,
                            Quote(text)));
      return false;
    }
    if (rule.text() == schema::Rule::PATH && !text.starts_with('/')) {
      Add(path, fmt::format("{} must be an absolute path, got {}", path, Quote(text)));
      return false;
    }
    return true;
  }

  void CheckRange(const Message& message, const FieldDescriptor& field, int index,
                  const std::string& path) {
    const std::string text = ScalarText(message, field, index);
    const schema::Rule& rule = RuleOf(field);
    try {
      const Ordinal value = Ordinal::Parse(field, text);
      const bool low = rule.has_min() && value < Ordinal::Parse(field, rule.min());
      const bool high = rule.has_max() && Ordinal::Parse(field, rule.max()) < value;
      if (low || high || !value.IsFinite()) {
        Add(path, fmt::format("{} must be {}, got {}", path, DescribeRange(field), text));
      } else if (rule.power_of_two() && !value.IsPowerOfTwo()) {
        Add(path, fmt::format("{} must be a power of two, got {}", path, text));
      }
    } catch (const ScenarioError& error) {
      Add(path, fmt::format("{}: {}", path, error.what()));
    }
  }

  const std::vector<std::string>& incomplete_;
  int incomplete_depth_ = 0;
  std::vector<Problem> problems_;
};

}  // namespace

std::vector<Problem> CheckRules(const Message& message, const std::string& path,
                                const std::vector<std::string>& incomplete) {
  RuleChecker checker(incomplete);
  checker.CheckMessage(message, path);
  return checker.Take();
}

}  // namespace biotope
