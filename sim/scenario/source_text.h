#ifndef BIOTOPE_SIM_SCENARIO_SOURCE_TEXT_H_
#define BIOTOPE_SIM_SCENARIO_SOURCE_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// Bytes of a source text.
struct Span {
  size_t offset = 0;
  size_t length = 0;
};

// A text that a user wrote, with its name, and how to point at a place in it.
class SourceText {
 public:
  // A file; places in it are named `name:line:column`, both from 1, the column in bytes.
  static SourceText File(std::string name, std::string contents);
  // An argument of the command line, `option contents`; it has no lines.
  static SourceText Argument(std::string option, std::string contents);

  const std::string& name() const { return name_; }
  const std::string& contents() const { return contents_; }

  // The text of `span`.
  std::string_view Text(Span span) const;

  // "12:5", line and column of `offset`; for messages about other places of the same text.
  std::string LineAndColumn(size_t offset) const;

  // "file:12:5", or "--set a.b=c".
  std::string Where(size_t offset) const;

  // The offset of a line and column as protobuf's tokenizer counts them: from 0, with tab stops
  // every 8 columns. A position beyond a line is its end.
  size_t Offset(int line, int column) const;

  // The line of `span` and a second one with a caret and tildes under it; both end with a newline.
  // Of a very long line only the surroundings are shown.
  std::string Excerpt(Span span) const;

 private:
  SourceText(std::string name, std::string contents, bool is_argument);

  size_t LineOf(size_t offset) const;  // from 0
  std::string_view Line(size_t line) const;

  std::string name_;
  std::string contents_;
  bool is_argument_;
  std::vector<size_t> line_starts_;
  // The tabs of the text, and the tokenizer's column after each: a line may be long.
  struct Tab {
    size_t offset;
    size_t next_column;
  };
  std::vector<Tab> tabs_;
};

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_SOURCE_TEXT_H_
