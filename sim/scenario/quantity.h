#ifndef BIOTOPE_SIM_SCENARIO_QUANTITY_H_
#define BIOTOPE_SIM_SCENARIO_QUANTITY_H_

#include <cstdint>
#include <string_view>

#include "sim/core/units.h"

namespace biotope {

// Sizes and times as fio users write them: a whole number and a unit, without space between them.
// Case does not matter in sizes. Everything else (a sign, a fraction, a space, an unknown unit, a
// value that does not fit) throws ScenarioError with a message that says what is allowed.

// "512", "4k", "1m", "1GiB": k, m, g, t, p, e are powers of 1024, alone or followed by "b" or "ib".
// This is fio's default (kb_base=1024), except that fio then takes "KiB" for 1000 bytes.
Bytes ParseSize(std::string_view text);

// The same, with an optional sign: "-4k". For lseek.
int64_t ParseSignedSize(std::string_view text);

// "10s", "50us", "1ms", "2m", "1h", "1d", "20ns"; "usec", "msec", "sec" and "min" are also taken. A
// number without unit counts `bare_unit`s: seconds as fio's runtime, or microseconds as its
// thinktime. The result is smaller than kNever.
Tick ParseTime(std::string_view text, Tick bare_unit = kSecond);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_QUANTITY_H_
