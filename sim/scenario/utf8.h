#ifndef BIOTOPE_SIM_SCENARIO_UTF8_H_
#define BIOTOPE_SIM_SCENARIO_UTF8_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace biotope {

struct CodePoint {
  uint32_t value = 0;
  size_t length = 1;   // bytes; 1 for a byte that does not begin a valid sequence
  bool valid = false;  // RFC 3629: no overlong form, no surrogate, at most U+10FFFF
};

// The code point that begins at `position`, which must lie in `text`.
CodePoint DecodeUtf8(std::string_view text, size_t position);

// Columns that a terminal gives to `code_point`: 0 (combining), 1, or 2 (East Asian wide).
size_t DisplayWidth(const CodePoint& code_point);

// Appends `bytes`, which are one code point, or '?' in place of a control or an invalid byte. Tab
// is a control too.
void AppendPrintable(std::string_view bytes, const CodePoint& code_point, std::string* out);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_UTF8_H_
