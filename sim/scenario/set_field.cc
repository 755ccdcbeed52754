#include "sim/scenario/set_field.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>

#include <memory>
#include <optional>
#include <vector>

#include "sim/scenario/field_path.h"
#include "sim/scenario/quote.h"
#include "sim/scenario/scalar.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/text_parser.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using Select = PathStep::Select;

// Walks along a path from message to message and sets what it ends at.
class Setter {
 public:
  Setter(Message& root, std::string_view path, std::string_view value)
      : message_(&root), path_(path), value_(value) {}

  std::string Run() {
    const std::vector<PathStep> steps = ParsePath(path_);
    for (size_t i = 0; i + 1 < steps.size(); ++i) Descend(steps[i]);
    Assign(steps.back());
    return canonical_;
  }

 private:
  Span ValueSpan() const { return {path_.size() + 1, value_.size()}; }

  // How the message that the walk has reached is called.
  std::string Here() const {
    return canonical_.empty() ? message_->GetDescriptor()->name() : canonical_;
  }

  const FieldDescriptor& Field(const PathStep& step) const {
    const Descriptor& type = *message_->GetDescriptor();
    const FieldDescriptor* field = type.FindFieldByName(step.field);
    if (field != nullptr) return *field;
    const std::vector<std::string> names = FieldNames(type);
    throw PathError(step.span,
                    fmt::format("{} has no field \"{}\"{}", Here(), Printable(step.field),
                                DidYouMean(step.field, names)),
                    {names.empty() ? fmt::format("{} has no fields", Here())
                                   : fmt::format("fields of {}: {}", Here(), JoinWords(names))});
  }

  void Descend(const PathStep& step) {
    const FieldDescriptor& field = Field(step);
    if (!IsMessage(field)) {
      throw PathError(step.span, fmt::format("{} is not a message; it takes {}", step.field,
                                             DescribeType(field)));
    }
    canonical_ = JoinPath(canonical_, step.field);
    if (field.is_repeated()) {
      if (step.select == Select::kNone) throw NeedsSelector(step, field);
      message_ = Entry(step, field);
    } else {
      RejectSelector(step);
      message_ = message_->GetReflection()->MutableMessage(message_, &field);
    }
  }

  void Assign(const PathStep& step) {
    const FieldDescriptor& field = Field(step);
    if (field.is_repeated() && IsMessage(field)) {
      if (step.select == Select::kNone) throw NeedsSelector(step, field);
      canonical_ = JoinPath(canonical_, step.field);
      AssignMessage(*Entry(step, field));
      return;
    }
    canonical_ = JoinPath(canonical_, step.field);
    if (field.is_repeated()) {
      AssignList(step, field);
      return;
    }
    RejectSelector(step);
    if (IsMessage(field)) {
      AssignMessage(*message_->GetReflection()->MutableMessage(message_, &field));
    } else {
      AssignScalar(field, value_, ValueSpan());
    }
  }

  static void RejectSelector(const PathStep& step) {
    if (step.select == Select::kNone) return;
    throw PathError(step.select_span,
                    fmt::format("{} is a single field, without entries", step.field));
  }

  PathError NeedsSelector(const PathStep& step, const FieldDescriptor& field) const {
    const int count = message_->GetReflection()->FieldSize(*message_, &field);
    return PathError(
        step.span, fmt::format("{0} has {1} entries; choose one, as in {0}[0]", step.field, count));
  }

  // Throws unless entry `step.index` exists.
  void CheckIndex(const PathStep& step, int count) const {
    if (step.index < count) return;
    throw PathError(step.select_span,
                    count == 0 ? fmt::format("{} has no entries", canonical_)
                               : fmt::format("{} has entries 0 to {}", canonical_, count - 1));
  }

  // The entry of a repeated message that `step` chooses; extends canonical_ by its index.
  Message* Entry(const PathStep& step, const FieldDescriptor& field) {
    const Reflection& reflection = *message_->GetReflection();
    int index = reflection.FieldSize(*message_, &field);
    Message* entry = nullptr;
    if (step.select == Select::kIndex) {
      CheckIndex(step, index);
      index = step.index;
    } else if (step.select == Select::kKey) {
      index = FindByKey(step, field);
    }
    if (index == reflection.FieldSize(*message_, &field)) {
      entry = reflection.AddMessage(message_, &field);
      if (step.select == Select::kKey) {
        const FieldDescriptor& key = *field.message_type()->FindFieldByName(step.key);
        SetScalar(entry, key, step.value);
      }
    } else {
      entry = reflection.MutableRepeatedMessage(message_, &field, index);
    }
    canonical_ = IndexPath(canonical_, index);
    return entry;
  }

  // The index of the entry with the wanted key; the number of entries if it may be made.
  int FindByKey(const PathStep& step, const FieldDescriptor& field) const {
    const Descriptor& type = *field.message_type();
    const FieldDescriptor* key = type.FindFieldByName(step.key);
    const Span key_span{step.select_span.offset, step.key.size()};
    if (key == nullptr || IsMessage(*key) || key->is_repeated()) {
      throw PathError(key_span,
                      fmt::format("{} has no plain field \"{}\"{}", step.field, Printable(step.key),
                                  DidYouMean(step.key, FieldNames(type))),
                      {fmt::format("fields of {}: {}", step.field, JoinWords(FieldNames(type)))});
    }
    const Reflection& reflection = *message_->GetReflection();
    const int count = reflection.FieldSize(*message_, &field);
    std::vector<std::string> keys;
    std::optional<int> found;
    for (int i = 0; i < count; ++i) {
      const Message& entry = reflection.GetRepeatedMessage(*message_, &field, i);
      keys.push_back(ScalarText(entry, *key));
      if (keys.back() != step.value) continue;
      if (found) {
        throw PathError(step.select_span, fmt::format("both {0}[{1}] and {0}[{2}] have this {3}",
                                                      canonical_, *found, i, step.key));
      }
      found = i;
    }
    if (found) return *found;
    if (RuleOf(field).key() == step.key) return count;
    throw PathError(
        step.select_span,
        fmt::format("{} has no entry with {} {}{}", canonical_, step.key, Quote(step.value),
                    DidYouMean(step.value, keys)),
        keys.empty() ? std::vector<std::string>{}
                     : std::vector<std::string>{fmt::format("{}: {}", step.key, JoinWords(keys))});
  }

  void AssignScalar(const FieldDescriptor& field, std::string_view text, Span span) {
    const std::string error = SetScalar(message_, field, text);
    if (error.empty()) return;
    throw PathError(span, fmt::format("{}: {}", canonical_, error));
  }

  void AssignList(const PathStep& step, const FieldDescriptor& field) {
    const Reflection& reflection = *message_->GetReflection();
    if (step.select == Select::kKey) {
      throw PathError(step.select_span,
                      fmt::format("the entries of {} have no fields; choose by index", step.field));
    }
    if (step.select == Select::kNone) reflection.ClearField(message_, &field);
    const int count = reflection.FieldSize(*message_, &field);
    if (step.select == Select::kIndex) {
      CheckIndex(step, count);
      canonical_ = IndexPath(canonical_, step.index);
      const std::string error = SetScalar(message_, field, value_, step.index);
      if (!error.empty()) throw PathError(ValueSpan(), fmt::format("{}: {}", canonical_, error));
      return;
    }
    if (step.select == Select::kAppend) {
      canonical_ = IndexPath(canonical_, count);
      AssignScalar(field, value_, ValueSpan());
      return;
    }
    size_t begin = 0;
    while (begin <= value_.size()) {
      const size_t end = std::min(value_.find(',', begin), value_.size());
      AssignScalar(field, value_.substr(begin, end - begin),
                   {ValueSpan().offset + begin, end - begin});
      begin = end + 1;
    }
  }

  void AssignMessage(Message& target) const {
    if (value_.starts_with('{') && value_.ends_with('}')) {
      ReplaceByText(target);
      return;
    }
    const Descriptor& type = *target.GetDescriptor();
    const FieldDescriptor* arm = type.FindFieldByName(std::string(value_));
    if (arm != nullptr && IsArm(*arm) && IsMessage(*arm)) {
      target.GetReflection()->MutableMessage(&target, arm);
      return;
    }
    std::vector<std::string> arms;
    for (int i = 0; i < type.field_count(); ++i) {
      if (IsArm(*type.field(i)) && IsMessage(*type.field(i))) arms.push_back(type.field(i)->name());
    }
    std::vector<std::string> notes;
    if (!arms.empty()) notes.push_back(fmt::format("its alternatives: {}", JoinWords(arms)));
    notes.push_back(fmt::format("fields of {}: {}", canonical_, JoinWords(FieldNames(type))));
    throw PathError(ValueSpan(),
                    fmt::format("{} takes {}fields in braces, got {}{}", canonical_,
                                arms.empty() ? "" : "the name of an alternative or ", Quote(value_),
                                DidYouMean(value_, arms)),
                    std::move(notes));
  }

  void ReplaceByText(Message& target) const {
    const std::unique_ptr<Message> parsed(target.New());
    const SourceText text =
        SourceText::Argument("--set", std::string(value_.substr(1, value_.size() - 2)));
    const std::optional<Diagnostic> error = ParseText(text, parsed.get(), nullptr);
    if (error) {
      throw PathError(ValueSpan(), fmt::format("{}: {}", canonical_, error->message), error->notes);
    }
    target.CopyFrom(*parsed);
  }

  Message* message_;  // reached so far
  std::string_view path_;
  std::string_view value_;
  std::string canonical_;
};

}  // namespace

std::string SetField(Message& message, std::string_view path, std::string_view value) {
  const std::unique_ptr<Message> copy(message.New());
  copy->CopyFrom(message);
  std::string canonical = Setter(*copy, path, value).Run();
  message.GetReflection()->Swap(&message, copy.get());
  return canonical;
}

}  // namespace biotope
