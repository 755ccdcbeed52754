#include "sim/scenario/source_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "sim/scenario/quote.h"
#include "sim/scenario/utf8.h"

namespace biotope {
namespace {

// Tab stops of google::protobuf::io::Tokenizer.
constexpr size_t kTabWidth = 8;

// Longest line that an excerpt shows in full, and how much of a longer one surrounds the place.
constexpr size_t kLongestLine = 160;  // bytes
constexpr size_t kContextBefore = 60;
constexpr size_t kContextAfter = 100;

bool IsContinuationByte(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// Part of a line, not cutting a code point in two.
struct Window {
  size_t begin;
  size_t end;
};

Window WindowAround(std::string_view line, size_t column) {
  if (line.size() <= kLongestLine) return {0, line.size()};
  Window window{column > kContextBefore ? column - kContextBefore : 0,
                std::min(column + kContextAfter, line.size())};
  while (window.begin > 0 && IsContinuationByte(line[window.begin])) --window.begin;
  while (window.end < line.size() && IsContinuationByte(line[window.end])) ++window.end;
  return window;
}

// Two lines that are written side by side: the text, and the marks below it.
class Picture {
 public:
  void Add(std::string_view bytes, const CodePoint& code_point, bool marked) {
    const bool tab = code_point.value == '\t';
    if (tab) {
      text_.push_back('\t');
    } else {
      AppendPrintable(bytes, code_point, &text_);
    }
    if (marked) {
      Mark(tab ? 1 : DisplayWidth(code_point));
    } else if (marked_columns_ == 0) {
      marks_.append(tab ? "\t" : std::string(DisplayWidth(code_point), ' '));
    }
  }

  void AddEllipsis() {
    text_ += "...";
    if (marked_columns_ == 0) marks_ += "   ";
  }

  // A caret under what comes next, also if nothing does.
  void MarkHere() { Mark(1); }

  bool marked() const { return marked_columns_ > 0; }
  std::string Finish() const { return text_ + "\n" + marks_ + "\n"; }

 private:
  void Mark(size_t width) {
    for (size_t i = 0; i < width; ++i) marks_.push_back(marked_columns_++ == 0 ? '^' : '~');
  }

  std::string text_;
  std::string marks_;
  size_t marked_columns_ = 0;
};

}  // namespace

SourceText::SourceText(std::string name, std::string contents, bool is_argument)
    : name_(std::move(name)), contents_(std::move(contents)), is_argument_(is_argument) {
  line_starts_.push_back(0);
  size_t column = 0;
  for (size_t i = 0; i < contents_.size(); ++i) {
    column += contents_[i] == '\t' ? kTabWidth - column % kTabWidth : 1;
    if (contents_[i] == '\t') tabs_.push_back({i, column});
    if (contents_[i] != '\n') continue;
    line_starts_.push_back(i + 1);
    column = 0;
  }
}

SourceText SourceText::File(std::string name, std::string contents) {
  return SourceText(std::move(name), std::move(contents), /*is_argument=*/false);
}

SourceText SourceText::Argument(std::string option, std::string contents) {
  return SourceText(std::move(option), std::move(contents), /*is_argument=*/true);
}

std::string_view SourceText::Text(Span span) const {
  return std::string_view(contents_).substr(span.offset, span.length);
}

size_t SourceText::LineOf(size_t offset) const {
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  return static_cast<size_t>(after - line_starts_.begin()) - 1;
}

std::string_view SourceText::Line(size_t line) const {
  const size_t begin = line_starts_[line];
  const bool last = line + 1 == line_starts_.size();
  const size_t end = last ? contents_.size() : line_starts_[line + 1] - 1;
  std::string_view text = std::string_view(contents_).substr(begin, end - begin);
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::string SourceText::LineAndColumn(size_t offset) const {
  const size_t line = LineOf(offset);
  return fmt::format("{}:{}", line + 1, offset - line_starts_[line] + 1);
}

std::string SourceText::Where(size_t offset) const {
  if (is_argument_) return fmt::format("{} {}", name_, Printable(contents_));
  return fmt::format("{}:{}", name_, LineAndColumn(offset));
}

size_t SourceText::Offset(int line, int column) const {
  const size_t index = std::min(static_cast<size_t>(std::max(line, 0)), line_starts_.size() - 1);
  const size_t begin = line_starts_[index];
  const size_t end = begin + Line(index).size();
  const auto wanted = static_cast<size_t>(std::max(column, 0));
  // From the last tab of the line that ends at or before the wanted column, each byte is one
  // column.
  const auto first_tab = std::partition_point(tabs_.begin(), tabs_.end(),
                                              [&](const Tab& tab) { return tab.offset < begin; });
  const auto next_tab = std::partition_point(first_tab, tabs_.end(), [&](const Tab& tab) {
    return tab.offset < end && tab.next_column <= wanted;
  });
  size_t offset = begin + wanted;
  if (next_tab != first_tab) {
    const Tab& tab = *std::prev(next_tab);
    offset = tab.offset + 1 + (wanted - tab.next_column);
  }
  return std::min(offset, end);
}

std::string SourceText::Excerpt(Span span) const {
  const size_t line = LineOf(span.offset);
  const std::string_view text = Line(line);
  const size_t begin = std::min(span.offset - line_starts_[line], text.size());
  const size_t end = std::min(begin + span.length, text.size());
  const Window window = WindowAround(text, begin);

  Picture picture;
  if (window.begin > 0) picture.AddEllipsis();
  for (size_t i = window.begin; i < window.end;) {
    const CodePoint code_point = DecodeUtf8(text, i);
    if (i == begin && begin == end) picture.MarkHere();
    picture.Add(text.substr(i, code_point.length), code_point, begin <= i && i < end);
    i += code_point.length;
  }
  if (!picture.marked()) picture.MarkHere();
  if (window.end < text.size()) picture.AddEllipsis();
  return picture.Finish();
}

}  // namespace biotope
