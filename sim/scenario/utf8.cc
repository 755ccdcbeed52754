#include "sim/scenario/utf8.h"

#include <algorithm>

namespace biotope {
namespace {

struct Range {
  uint32_t first;
  uint32_t last;
};

template <size_t n>
bool Contains(const Range (&ranges)[n], uint32_t value) {
  return std::any_of(ranges, ranges + n, [value](const Range& range) {
    return range.first <= value && value <= range.last;
  });
}

// The blocks of Unicode whose characters are wide (East Asian Width W and F), without exceptions
// inside a block.
constexpr Range kWide[] = {
    {0x1100, 0x115f}, {0x2e80, 0xa4cf}, {0xac00, 0xd7a3},   {0xf900, 0xfaff},   {0xfe30, 0xfe6f},
    {0xff00, 0xff60}, {0xffe0, 0xffe6}, {0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

constexpr Range kCombining[] = {{0x0300, 0x036f}, {0xfe00, 0xfe0f}};

// C0, DEL and C1 controls, characters without any picture, and the marks that turn the direction of
// writing.
constexpr Range kControl[] = {{0, 0x1f},        {0x7f, 0x9f},     {0x200b, 0x200f},
                              {0x2028, 0x202e}, {0x2066, 0x2069}, {0xfeff, 0xfeff}};

// Bytes of the sequence that `lead` begins, and the smallest value that needs that many.
struct Form {
  size_t length;
  uint32_t smallest;
};

Form FormOf(uint8_t lead) {
  if (lead < 0x80) return {1, 0};
  if ((lead & 0xe0) == 0xc0) return {2, 0x80};
  if ((lead & 0xf0) == 0xe0) return {3, 0x800};
  if ((lead & 0xf8) == 0xf0) return {4, 0x10000};
  return {0, 0};
}

}  // namespace

CodePoint DecodeUtf8(std::string_view text, size_t position) {
  const auto lead = static_cast<uint8_t>(text[position]);
  const CodePoint invalid{lead, 1, false};
  const Form form = FormOf(lead);
  if (form.length == 0 || text.size() - position < form.length) return invalid;
  if (form.length == 1) return {lead, 1, true};
  uint32_t value = lead & (0x7fu >> form.length);
  for (size_t i = 1; i < form.length; ++i) {
    const auto byte = static_cast<uint8_t>(text[position + i]);
    if ((byte & 0xc0) != 0x80) return invalid;
    value = value << 6 | (byte & 0x3fu);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < form.smallest || surrogate || value > 0x10ffff) return invalid;
  return {value, form.length, true};
}

size_t DisplayWidth(const CodePoint& code_point) {
  if (!code_point.valid) return 1;
  if (Contains(kCombining, code_point.value)) return 0;
  return Contains(kWide, code_point.value) ? 2 : 1;
}

void AppendPrintable(std::string_view bytes, const CodePoint& code_point, std::string* out) {
  if (code_point.valid && !Contains(kControl, code_point.value)) {
    out->append(bytes);
  } else {
    out->push_back('?');
  }
}

}  // namespace biotope
