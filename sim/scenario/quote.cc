#include "sim/scenario/quote.h"

#include "sim/scenario/utf8.h"

namespace biotope {
namespace {

constexpr size_t kLongest = 100;  // bytes

}  // namespace

std::string Printable(std::string_view text) {
  std::string result;
  size_t position = 0;
  while (position < text.size() && position < kLongest) {
    const CodePoint code_point = DecodeUtf8(text, position);
    AppendPrintable(text.substr(position, code_point.length), code_point, &result);
    position += code_point.length;
  }
  if (position < text.size()) result += "...";
  return result;
}

std::string Quote(std::string_view text) { return '"' + Printable(text) + '"'; }

std::string JoinWords(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) {
    if (!result.empty()) result += ", ";
    result += word;
  }
  return result;
}

}  // namespace biotope
