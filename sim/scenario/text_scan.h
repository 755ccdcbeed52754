#ifndef BIOTOPE_SIM_SCENARIO_TEXT_SCAN_H_
#define BIOTOPE_SIM_SCENARIO_TEXT_SCAN_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario/diagnostic.h"
#include "sim/scenario/source_text.h"

namespace biotope {

// The words of a protobuf text, found before protobuf reads it. It catches the mistakes that
// protobuf's tokenizer reports badly or not at all (a bracket that is not closed, a string that
// runs over its line, an unquoted "4k", characters that only look like ASCII, binary data,
// unreasonable depth), and knows what surrounds a place, so that the reader's other errors can be
// placed.
class TextScan {
 public:
  struct Token {
    enum class Kind { kWord, kNumber, kString, kSymbol };
    Kind kind;
    Span span;
    size_t enclosing;  // index of the opening bracket that surrounds it, or kNone
  };
  static constexpr size_t kNone = static_cast<size_t>(-1);

  // `source` must outlive the scan.
  explicit TextScan(const SourceText& source);

  // The first mistake, if there is one. The tokens end there.
  const std::optional<Diagnostic>& error() const { return error_; }

  const std::vector<Token>& tokens() const { return tokens_; }

  // Index of the last token that begins at or before `offset`, or kNone.
  size_t TokenAt(size_t offset) const;

  // The names in front of the brackets around token `index`, outermost first: {"process", "fio"}.
  std::vector<std::string> EnclosingFields(size_t index) const;

  std::string_view Text(size_t index) const { return source_.Text(tokens_[index].span); }

 private:
  void Scan();
  bool SkipSpaceAndComments();
  void ScanString();
  void ScanNumber();
  void ScanWord();
  void ScanSymbol();
  void OpenBracket();
  void CloseBracket(char close);
  void CheckEnd();
  void RejectCharacter();
  void Fail(Span span, std::string message, std::vector<std::string> notes = {});
  void Push(Token::Kind kind, Span span);
  std::string DescribeOpening(size_t index) const;
  size_t FieldOf(size_t opening) const;
  char Peek(size_t ahead = 0) const;

  const SourceText& source_;
  std::string_view text_;
  size_t position_ = 0;
  std::vector<Token> tokens_;
  std::vector<size_t> open_;  // indices of the brackets that are open
  std::optional<Diagnostic> error_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_TEXT_SCAN_H_
