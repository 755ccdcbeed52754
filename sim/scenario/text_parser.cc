#include "sim/scenario/text_parser.h"

#include <fmt/format.h>
#include <google/protobuf/descriptor.h>
#include <google/protobuf/io/tokenizer.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/quote.h"
#include "sim/scenario/schema.h"
#include "sim/scenario/suggest.h"
#include "sim/scenario/text_scan.h"

namespace biotope {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::TextFormat;

// Keeps the first error of protobuf's reader.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, int column, const std::string& message) override {
    if (found_) return;
    found_ = true;
    line_ = line;
    column_ = column;
    message_ = message;
  }

  int line() const { return line_; }
  int column() const { return column_; }
  const std::string& message() const { return message_; }

 private:
  bool found_ = false;
  int line_ = 0;
  int column_ = 0;
  std::string message_ = "unreadable text";
};

// Turns what protobuf says about a text into what its writer needs to know. Protobuf reports a
// wrong name at the token after it, so the word that a message quotes is looked for from there
// backwards.
class Translator {
 public:
  Translator(const SourceText& source, const TextScan& scan, const Descriptor& root)
      : source_(source), scan_(scan), root_(root) {}

  Diagnostic Translate(const FirstError& error) const {
    const std::string& message = error.message();
    const size_t offset = source_.Offset(error.line(), error.column());
    const std::vector<std::string> quoted = QuotedWords(message);
    const auto says = [&](std::string_view text) {
      return message.find(text) != std::string::npos;
    };
    if (says("has no field named") && quoted.size() == 2) {
      return UnknownField(WordBefore(offset, quoted[1]), quoted[1]);
    }
    if (says("Unknown enumeration value of") && quoted.size() == 2) {
      return UnknownValue(WordBefore(offset, quoted[0]), quoted[0], quoted[1]);
    }
    if (says("is specified multiple times") && !quoted.empty()) {
      return At(WordBefore(offset, quoted[0]), fmt::format("\"{}\" is given twice", quoted[0]));
    }
    if (says("is specified along with field") && quoted.size() == 3) {
      return TwoArms(WordBefore(offset, quoted[0]), quoted[0], quoted[1]);
    }
    const size_t token = scan_.TokenAt(offset);
    if (says("escape sequence")) {
      return Diagnostic::At(source_, {offset, 0}, "invalid escape sequence in a text");
    }
    if (token == TextScan::kNone) return Diagnostic::At(source_, {offset, 0}, message);
    const Span span = scan_.tokens()[token].span;
    if (offset >= span.offset + span.length) return MissingValue(token);
    if (says("Extension") || says("\"]\"")) return At(token, "a scenario has no extensions");
    if (says("Expected \":\"")) return MissingColon(token);
    if (says("Expected identifier")) return NotAName(token);
    if (says("Expected ") || says("out of range")) return WrongValue(token);
    return At(token, message);
  }

 private:
  static std::vector<std::string> QuotedWords(const std::string& message) {
    std::vector<std::string> words;
    size_t begin = message.find('"');
    while (begin != std::string::npos) {
      const size_t end = message.find('"', begin + 1);
      if (end == std::string::npos) break;
      words.push_back(message.substr(begin + 1, end - begin - 1));
      begin = message.find('"', end + 1);
    }
    return words;
  }

  // The nearest token at or before `offset` that reads `word`; the token at `offset` if there is
  // none.
  size_t WordBefore(size_t offset, std::string_view word) const {
    constexpr size_t kFarthest = 3;
    const size_t at = scan_.TokenAt(offset);
    if (at == TextScan::kNone) return at;
    for (size_t back = 0; back <= std::min(at, kFarthest); ++back) {
      if (scan_.Text(at - back) == word) return at - back;
    }
    return at;
  }

  Diagnostic At(size_t token, std::string message, std::vector<std::string> notes = {}) const {
    const Span span = token == TextScan::kNone ? Span{} : scan_.tokens()[token].span;
    return Diagnostic::At(source_, span, std::move(message), std::move(notes));
  }

  // The message type around `token`, or null if the names around it lead nowhere.
  const Descriptor* TypeAround(size_t token) const {
    const Descriptor* type = &root_;
    for (const std::string& name : scan_.EnclosingFields(token)) {
      const FieldDescriptor* field = type->FindFieldByName(name);
      if (field == nullptr || !IsMessage(*field)) return nullptr;
      type = field->message_type();
    }
    return type;
  }

  // How the message around `token` is called: by the field's name, the outermost by its type's.
  std::string NameAround(size_t token) const {
    const std::vector<std::string> fields = scan_.EnclosingFields(token);
    return fields.empty() ? root_.name() : fields.back();
  }

  // The field whose value `token` is or belongs to, or null.
  const FieldDescriptor* FieldBefore(size_t token) const {
    const Descriptor* type = TypeAround(token);
    if (type == nullptr) return nullptr;
    for (size_t i = token; i > 0; --i) {
      if (scan_.tokens()[i - 1].kind != TextScan::Token::Kind::kWord) continue;
      return type->FindFieldByName(std::string(scan_.Text(i - 1)));
    }
    return nullptr;
  }

  Diagnostic UnknownField(size_t token, const std::string& name) const {
    const std::string container = NameAround(token);
    const std::string what = fmt::format("{} has no field \"{}\"", container, Printable(name));
    const Descriptor* type = TypeAround(token);
    if (type == nullptr) return At(token, what);
    const std::vector<std::string> fields = FieldNames(*type);
    std::vector<std::string> notes;
    if (fields.empty()) {
      notes.push_back(fmt::format("{} has no fields", container));
    } else {
      notes.push_back(fmt::format("fields of {}: {}", container, JoinWords(fields)));
    }
    const std::vector<std::string> elsewhere = PathsOfField(root_, name);
    if (!elsewhere.empty()) {
      notes.push_back(fmt::format("a field of this name: {}", JoinWords(elsewhere)));
      return At(token, what, std::move(notes));
    }
    return At(token, what + DidYouMean(name, fields), std::move(notes));
  }

  Diagnostic UnknownValue(size_t token, const std::string& value, const std::string& name) const {
    const std::string what = fmt::format("\"{}\" is not a value of {}", Printable(value), name);
    const Descriptor* type = TypeAround(token);
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(name);
    if (field == nullptr || field->enum_type() == nullptr) return At(token, what);
    const std::vector<std::string> values = ValueNames(*field->enum_type());
    return At(token, what + DidYouMean(value, values),
              {fmt::format("values of {}: {}", name, JoinWords(values))});
  }

  Diagnostic TwoArms(size_t token, const std::string& second, const std::string& first) const {
    const std::string what = fmt::format("\"{}\" is given along with \"{}\"", second, first);
    const Descriptor* type = TypeAround(token);
    const FieldDescriptor* field = type == nullptr ? nullptr : type->FindFieldByName(second);
    if (field == nullptr || !IsArm(*field)) return At(token, what);
    return At(token, what,
              {fmt::format("only one may be given of: {}",
                           JoinWords(ArmNames(*field->containing_oneof())))});
  }

  // The text ends after `token`, where a value should follow.
  Diagnostic MissingValue(size_t token) const {
    const Span span = scan_.tokens()[token].span;
    return Diagnostic::At(
        source_, {span.offset + span.length, 0},
        fmt::format("a value is missing after `{}`", Printable(scan_.Text(token))));
  }

  Diagnostic MissingColon(size_t token) const {
    if (token == 0) return At(token, "expected `:`");
    return At(token, fmt::format("expected `:` and a value after \"{}\"",
                                 Printable(scan_.Text(token - 1))));
  }

  Diagnostic NotAName(size_t token) const {
    return At(token, fmt::format("expected the name of a field of {}, got `{}`", NameAround(token),
                                 Printable(scan_.Text(token))));
  }

  // A value of the wrong kind.
  Diagnostic WrongValue(size_t token) const {
    const std::string_view text = scan_.Text(token);
    if (text == "}" || text == ">" || text == "]") return MissingValue(token - 1);
    const FieldDescriptor* field = FieldBefore(token);
    Span span = scan_.tokens()[token].span;
    if (text == "-" && token + 1 < scan_.tokens().size()) {
      const Span number = scan_.tokens()[token + 1].span;
      span.length = number.offset + number.length - span.offset;
    }
    const std::string found = Printable(source_.Text(span));
    if (field == nullptr) {
      return Diagnostic::At(source_, span, fmt::format("unexpected `{}`", found));
    }
    return Diagnostic::At(
        source_, span,
        fmt::format("{} takes {}, got `{}`", field->name(), DescribeType(*field), found),
        Hints(*field, token));
  }

  std::vector<std::string> Hints(const FieldDescriptor& field, size_t token) const {
    using Kind = TextScan::Token::Kind;
    const Kind kind = scan_.tokens()[token].kind;
    const std::string found = Printable(scan_.Text(token));
    const bool text = field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
    if (text && (kind == Kind::kWord || kind == Kind::kNumber)) {
      return {fmt::format("write {}: \"{}\"", field.name(), found)};
    }
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_ENUM && kind == Kind::kString) {
      return {"write it without quotes"};
    }
    return {};
  }

  const SourceText& source_;
  const TextScan& scan_;
  const Descriptor& root_;
};

}  // namespace

std::optional<Diagnostic> ParseText(const SourceText& source, Message* message,
                                    TextFormat::ParseInfoTree* locations) {
  if (source.contents().size() > kLargestText) {
    return Diagnostic{
        source.Where(0),
        fmt::format("the file has more than {} bytes; that is not a scenario", kLargestText),
        "",
        {}};
  }
  const TextScan scan(source);
  if (scan.error()) return scan.error();

  FirstError error;
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  if (locations != nullptr) parser.WriteLocationsTo(locations);
  if (parser.ParseFromString(source.contents(), message)) return std::nullopt;
  return Translator(source, scan, *message->GetDescriptor()).Translate(error);
}

}  // namespace biotope
