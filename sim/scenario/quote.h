#ifndef BIOTOPE_SIM_SCENARIO_QUOTE_H_
#define BIOTOPE_SIM_SCENARIO_QUOTE_H_

#include <string>
#include <string_view>
#include <vector>

namespace biotope {

// `text` for a message: clipped if it is long, and without characters that would disturb a terminal
// (controls and malformed UTF-8 appear as '?').
std::string Printable(std::string_view text);

// The same in double quotes.
std::string Quote(std::string_view text);

// "a, b, c".
std::string JoinWords(const std::vector<std::string>& words);

}  // namespace biotope

#endif  // BIOTOPE_SIM_SCENARIO_QUOTE_H_
