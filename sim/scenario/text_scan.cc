#include "sim/scenario/text_scan.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/scenario/quote.h"
#include "sim/scenario/utf8.h"

namespace biotope {
namespace {

// No scenario nests deeper; a text that does is not one.
constexpr size_t kDeepest = 32;

bool IsSpace(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsWordStart(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool IsWordPart(char c) { return IsWordStart(c) || IsDigit(c); }

char Closing(char open) {
  if (open == '{') return '}';
  return open == '[' ? ']' : '>';
}

// Whether protobuf reads `text`, a run of letters, digits, dots and exponent signs, as one number.
bool IsNumber(std::string_view text) {
  if (text.starts_with("0x") || text.starts_with("0X")) {
    return text.size() > 2 && std::all_of(text.begin() + 2, text.end(), [](char c) {
             return IsDigit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
  }
  size_t i = 0;
  const auto digits = [&] {
    const size_t begin = i;
    while (i < text.size() && IsDigit(text[i])) ++i;
    return i > begin;
  };
  bool valid = digits();
  if (i < text.size() && text[i] == '.') {
    ++i;
    valid = digits() || valid;
  }
  if (valid && i < text.size() && (text[i] == 'e' || text[i] == 'E')) {
    ++i;
    if (i < text.size() && (text[i] == '+' || text[i] == '-')) ++i;
    valid = digits();
  }
  if (i < text.size() && (text[i] == 'f' || text[i] == 'F')) ++i;
  return valid && i == text.size();
}

// A decimal-looking integer that protobuf reads as octal.
bool IsOctal(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && std::all_of(text.begin(), text.end(), IsDigit);
}

// The ASCII character that `code_point` is easily taken for, or 0.
char AsciiTwin(uint32_t code_point) {
  if (code_point >= 0xff01 && code_point <= 0xff5e) return static_cast<char>(code_point - 0xfee0);
  if (code_point == 0x3000 || code_point == 0xa0) return ' ';
  if (code_point >= 0x2018 && code_point <= 0x201b) return '\'';
  if (code_point >= 0x201c && code_point <= 0x201f) return '"';
  if (code_point == 0x2013 || code_point == 0x2014 || code_point == 0x2212) return '-';
  return '\0';
}

}  // namespace

TextScan::TextScan(const SourceText& source) : source_(source), text_(source.contents()) { Scan(); }

char TextScan::Peek(size_t ahead) const {
  return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
}

void TextScan::Fail(Span span, std::string message, std::vector<std::string> notes) {
  error_ = Diagnostic::At(source_, span, std::move(message), std::move(notes));
}

void TextScan::Push(Token::Kind kind, Span span) {
  tokens_.push_back({kind, span, open_.empty() ? kNone : open_.back()});
}

void TextScan::Scan() {
  if (text_.starts_with("\xef\xbb\xbf")) return Fail({0, 3}, "remove the byte order mark (U+FEFF)");
  while (!error_ && SkipSpaceAndComments()) {
    const char c = Peek();
    if (c == '"' || c == '\'') {
      ScanString();
    } else if (IsDigit(c) || (c == '.' && IsDigit(Peek(1)))) {
      ScanNumber();
    } else if (IsWordStart(c)) {
      ScanWord();
    } else {
      ScanSymbol();
    }
  }
  if (!error_) CheckEnd();
}

// Returns false at the end of the text and at a mistake.
bool TextScan::SkipSpaceAndComments() {
  while (position_ < text_.size()) {
    if (IsSpace(Peek())) {
      ++position_;
    } else if (Peek() != '#') {
      return true;
    } else {
      while (position_ < text_.size() && Peek() != '\n') {
        const CodePoint code_point = DecodeUtf8(text_, position_);
        if (!code_point.valid || code_point.value == 0) {
          RejectCharacter();
          return false;
        }
        position_ += code_point.length;
      }
    }
  }
  return false;
}

void TextScan::ScanString() {
  const size_t begin = position_;
  const char quote = Peek();
  ++position_;
  while (position_ < text_.size() && Peek() != '\n' && Peek() != quote) {
    const CodePoint code_point = DecodeUtf8(text_, position_);
    if (!code_point.valid || code_point.value == 0) return RejectCharacter();
    position_ += code_point.length;
    const bool escaped = code_point.value == '\\' && position_ < text_.size() && Peek() != '\n';
    if (escaped) {
      if (static_cast<unsigned char>(Peek()) >= 0x80) return RejectCharacter();
      ++position_;
    }
  }
  if (Peek() != quote || position_ >= text_.size()) {
    return Fail({begin, position_ - begin}, fmt::format("this text has no closing {}", quote));
  }
  ++position_;
  Push(Token::Kind::kString, {begin, position_ - begin});
}

void TextScan::ScanNumber() {
  const size_t begin = position_;
  while (IsWordPart(Peek()) || Peek() == '.') {
    const bool exponent = Peek() == 'e' || Peek() == 'E';
    ++position_;
    if (exponent && (Peek() == '+' || Peek() == '-')) ++position_;
  }
  const Span span{begin, position_ - begin};
  const std::string_view number = source_.Text(span);
  if (!IsNumber(number)) {
    return Fail(span, fmt::format("{} is not a number", Quote(number)),
                {fmt::format("a quantity stands in quotes: \"{}\"", Printable(number))});
  }
  if (IsOctal(number)) {
    return Fail(
        span,
        fmt::format("a number with a leading zero would be octal; write {}",
                    number.substr(std::min(number.find_first_not_of('0'), number.size() - 1))));
  }
  Push(Token::Kind::kNumber, span);
}

void TextScan::ScanWord() {
  const size_t begin = position_;
  while (IsWordPart(Peek())) ++position_;
  Push(Token::Kind::kWord, {begin, position_ - begin});
}

void TextScan::ScanSymbol() {
  const char c = Peek();
  if (c == '{' || c == '[' || c == '<') return OpenBracket();
  if (c == '}' || c == ']' || c == '>') return CloseBracket(c);
  if (c == '/' && (Peek(1) == '/' || Peek(1) == '*')) {
    return Fail({position_, 2}, "a comment begins with #");
  }
  if (static_cast<unsigned char>(c) >= 0x7f || static_cast<unsigned char>(c) < 0x20) {
    return RejectCharacter();
  }
  Push(Token::Kind::kSymbol, {position_, 1});
  ++position_;
}

void TextScan::OpenBracket() {
  if (open_.size() == kDeepest) {
    return Fail({position_, 1}, fmt::format("nested deeper than {} levels", kDeepest));
  }
  Push(Token::Kind::kSymbol, {position_, 1});
  open_.push_back(tokens_.size() - 1);
  ++position_;
}

void TextScan::CloseBracket(char close) {
  if (open_.empty()) {
    return Fail({position_, 1}, fmt::format("unexpected `{}`; nothing is open here", close));
  }
  const size_t opening = open_.back();
  const char expected = Closing(Text(opening).front());
  if (close != expected) {
    return Fail({position_, 1}, fmt::format("expected `{}`, not `{}`; {} is not closed", expected,
                                            close, DescribeOpening(opening)));
  }
  open_.pop_back();
  Push(Token::Kind::kSymbol, {position_, 1});
  ++position_;
}

void TextScan::CheckEnd() {
  if (open_.empty()) return;
  const Span last = tokens_.back().span;
  Fail({last.offset + last.length, 0},
       fmt::format("unexpected end of file; {} is not closed", DescribeOpening(open_.back())));
}

void TextScan::RejectCharacter() {
  const CodePoint code_point = DecodeUtf8(text_, position_);
  const Span span{position_, code_point.length};
  if (!code_point.valid) return Fail(span, "not a text file: this byte is not UTF-8");
  if (code_point.value < 0x20 || code_point.value == 0x7f) {
    return Fail(span, fmt::format("not a text file: control character {:#04x}", code_point.value));
  }
  std::vector<std::string> notes;
  if (const char twin = AsciiTwin(code_point.value)) {
    notes.push_back(twin == ' ' ? "write an ordinary space"
                                : fmt::format("write the ASCII {}", twin));
  }
  Fail(span, fmt::format("unexpected character {} outside quotes", Quote(source_.Text(span))),
       std::move(notes));
}

// Index of the field name in front of the bracket `opening`, or kNone.
size_t TextScan::FieldOf(size_t opening) const {
  size_t before = opening;
  while (before > 0) {
    --before;
    if (tokens_[before].kind == Token::Kind::kWord) return before;
    if (Text(before) != ":") break;
  }
  return kNone;
}

std::string TextScan::DescribeOpening(size_t index) const {
  const size_t field = FieldOf(index);
  if (field == kNone) {
    return fmt::format("`{}` opened at {}", Text(index),
                       source_.LineAndColumn(tokens_[index].span.offset));
  }
  return fmt::format("`{} {}` opened at {}", Printable(Text(field)), Text(index),
                     source_.LineAndColumn(tokens_[field].span.offset));
}

size_t TextScan::TokenAt(size_t offset) const {
  const auto after =
      std::upper_bound(tokens_.begin(), tokens_.end(), offset,
                       [](size_t value, const Token& token) { return value < token.span.offset; });
  return after == tokens_.begin() ? kNone : static_cast<size_t>(after - tokens_.begin()) - 1;
}

std::vector<std::string> TextScan::EnclosingFields(size_t index) const {
  std::vector<std::string> fields;
  for (size_t opening = tokens_[index].enclosing; opening != kNone;
       opening = tokens_[opening].enclosing) {
    // The brackets of a list `call: [{...}, {...}]` have no name in front; the list has.
    const size_t field = FieldOf(opening);
    if (field != kNone) fields.emplace_back(Text(field));
  }
  std::reverse(fields.begin(), fields.end());
  return fields;
}

}  // namespace biotope
